"""Sending letters by e-mail, singly, over a connection that is kept open. Its safety is its commits, so it makes them itself.

For each letter: claim and commit; build; ask once more whether it may leave; hand it to the mail server; write down the
answer, in the same transaction as the next claim.
"""

import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any, Literal, Self

import structlog
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from campaign.db import db, reading
from campaign.dispatch.ahead import Frames, ReadAhead
from campaign.dispatch.alias import REPLY, RETURN, alias
from campaign.dispatch.claim import Claim, DueBatch, Room, begin_batch, due_batches, finish_and_claim, may_still_leave
from campaign.dispatch.message import Sender, Words, from_header, letter_message
from campaign.dispatch.settle import put_back, settle
from campaign.dispatch.steps import close_begun
from campaign.mail.connection import Answer, Post, ServerAway

log = structlog.get_logger()
Then = Literal["go on", "next batch", "stop"]


def send_batches(post: Post, *, sender: Sender, now: Callable[[], datetime], limit: int = 5000, within: timedelta = timedelta(seconds=90)) -> int:
    """Send what is due, one letter at a time, the oldest batch first. Returns how many the server took.

    Ends when nothing is due, after `limit` letters, or after `within`: a task has its time, and what waits is taken up by the next one.
    """
    start = now()
    db.session.commit()  # what this session read before would be older than what it has to settle
    with reading(), db.engine.connect() as connection:
        batches = due_batches(connection, now=start)
    if not batches:
        return 0
    try:
        post.open()
    except ServerAway as fault:
        log.warning("mail server away", kind=str(fault))
        return 0
    with Round(post, sender, now, limit, start + within) as tour:
        for batch in batches:
            if tour.send(batch) == "stop":
                break
        return tour.sent


class Round:
    """One run of the loop. `left` is the letter that has gone out and is written down with the next claim."""

    def __init__(self, post: Post, sender: Sender, now: Callable[[], datetime], limit: int, until: datetime) -> None:
        self.post, self.sender, self.now, self.limit, self.until = post, sender, now, limit, until
        self.sender_line = from_header(sender)
        self.frames = Frames()
        self.sent = 0
        self.left: Claim | None = None
        self.said = ""
        self.rooms: dict[uuid.UUID, Room] = {}
        self.room: Room

    def __enter__(self) -> Self:
        # On PostgreSQL a claim is one statement, and so is a question: in autocommit each is one round trip to the server.
        # SQLite has no server to wait for; there a claim is several statements in one transaction.
        options: dict[str, Any] = {"isolation_level": "AUTOCOMMIT"} if db.engine.dialect.name == "postgresql" else {}
        self.writing: Connection = db.engine.connect().execution_options(**options)
        self.asking: Connection = db.engine.connect().execution_options(**options)
        self._plan_once("SET plan_cache_mode = force_generic_plan")
        return self

    def __exit__(self, *fault: object) -> None:
        with suppress(DBAPIError):  # a connection that is lost takes its settings along, and a place that is lost is only a place
            for room in self.rooms.values():
                room.give_back(self.writing)
            self.writing.commit()
            self._plan_once("RESET plan_cache_mode")
        self.writing.close()
        self.asking.close()

    def _plan_once(self, setting: str) -> None:
        # Of itself PostgreSQL plans a claim anew for each letter, which takes longer than the claim.
        if db.engine.dialect.name == "postgresql":
            for connection in (self.writing, self.asking):
                connection.exec_driver_sql(setting)

    def send(self, batch: DueBatch) -> Then:
        """Send what is due of one batch."""
        begin_batch(self.writing, batch)
        self.writing.commit()
        ahead, self.room = ReadAhead(batch, self.frames), self.rooms.setdefault(batch.mailbox_id, Room(batch.mailbox_id))
        then: Then = "go on"
        try:
            while then == "go on":
                if self.sent >= self.limit or self.now() >= self.until:
                    return "stop"
                claim = self._claim(batch)
                then = self._send_one(batch, claim, self._words(ahead, claim)) if claim else "next batch"
            return then
        finally:
            self._finish(batch)
            close_begun(self.writing, batch_id=batch.id, now=self.now())
            self.writing.commit()

    def _claim(self, batch: DueBatch) -> Claim | None:
        now = self.now()
        if not self.room.take(self.writing, now=now):
            return None  # what is left in the batch waits for the next hour
        claim = finish_and_claim(self.writing, batch, left=self.left, words=self.said, now=now)
        self.writing.commit()
        self.left = None
        if claim is None:
            self.room.left += 1
        return claim

    def _finish(self, batch: DueBatch) -> None:
        if self.left is None:
            return
        self.writing.rollback()
        finish_and_claim(self.writing, batch, left=self.left, words=self.said, now=self.now(), more=False)
        self.writing.commit()
        self.left = None

    def _send_one(self, batch: DueBatch, claim: Claim, words: Words | None) -> Then:
        if words is None:
            return self._settle(batch, claim, Answer("refused", "the letter does not open"))
        try:
            message = self._message(batch, claim, words)
        except ValueError as fault:  # an address or a subject that no header takes: it holds up no other letter, and a person is told
            return self._settle(batch, claim, Answer("refused", f"cannot be made: {type(fault).__name__}"))
        if not self._may_still_leave(batch, claim):
            return self._put_back(claim, None)
        try:
            answer = self.post.send(message, sender=alias(RETURN, claim.letter_id, domain=self.sender.domain), recipients=[batch.address])
        except ServerAway as fault:
            return self._put_back(claim, f"away: {fault}")
        if answer.outcome != "sent":
            return self._settle(batch, claim, answer)
        self.left, self.said = claim, answer.words
        self.sent += 1
        return "go on"

    def _words(self, ahead: ReadAhead, claim: Claim) -> Words | None:
        try:
            return ahead.words(claim)
        except Exception:
            # A fault of ours or of the database: nothing was sent, and the letter must not be left as if it might have been.
            self._put_back(claim, "could not be made")
            raise

    def _put_back(self, claim: Claim, away: str | None) -> Then:
        self.room.left += 1
        put_back(claim, now=self.now(), words=away)
        db.session.commit()
        log.info("letter put back", item=str(claim.item_id), away=away is not None)
        return "next batch" if away is None else "stop"

    def _settle(self, batch: DueBatch, claim: Claim, answer: Answer) -> Then:
        settle(batch, claim, answer, now=self.now())
        db.session.commit()
        log.warning("letter not sent", item=str(claim.item_id), outcome=answer.outcome)
        # A server that took a letter and did not answer gets no other one now: else all that waits would become unknown.
        after: dict[str, Then] = {"later": "next batch", "unknown": "stop"}
        return after.get(answer.outcome, "go on")

    def _may_still_leave(self, batch: DueBatch, claim: Claim) -> bool:
        return may_still_leave(self.asking, batch, claim, now=self.now())

    def _message(self, batch: DueBatch, claim: Claim, words: Words) -> bytes:
        reply_to = alias(REPLY, claim.letter_id, domain=self.sender.domain)
        return letter_message(words, sender=self.sender, sender_line=self.sender_line, recipient=batch.address, reply_to=reply_to, at=self.now())
