"""What becomes of a claimed letter that did not simply leave: put back, refused, or of unknown fate."""

import random
import uuid
from datetime import datetime, timedelta

from sqlalchemy import update

from campaign.authorities.models import Mailbox
from campaign.db import db
from campaign.dispatch.claim import Claim, DueBatch
from campaign.dispatch.models import BatchItem
from campaign.dispatch.steps import items_before
from campaign.letters.steps import step_many
from campaign.mail.connection import Answer

FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
REST = timedelta(minutes=5)
"""How long a mailbox rests."""


def later(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubling, with chance in it, four hours at most. It is never dropped."""
    wait: timedelta = min(FIRST_WAIT * 2 ** min(max(attempts - 1, 0), 20), LONGEST_WAIT)
    return timedelta(seconds=wait.total_seconds() * random.uniform(0.75, 1.25))  # noqa: S311  jitter, not a secret


def settle(batch: DueBatch, claim: Claim, answer: Answer, *, now: datetime) -> None:
    """Write down an answer that is not “sent”. The caller commits."""
    match answer.outcome:
        case "later":
            _back(claim, now=now, wait=True, words=answer.words)
            rest(batch.mailbox_id, now=now)
        case "refused":
            _end(claim, "failed", batch=batch.number, words=answer.words, now=now)
        case _:
            _end(claim, "unknown", batch=batch.number, words=answer.words, now=now)
            rest(batch.mailbox_id, now=now)


def rest(mailbox_id: uuid.UUID, *, now: datetime) -> None:
    """Send nothing to a mailbox for a while: its server asked for patience, or swallowed a message without an answer. The caller commits."""
    resting = update(Mailbox).where(Mailbox.id == mailbox_id).values(paused_until=now + REST)
    db.session.execute(resting, execution_options={"synchronize_session": False})


def put_back(claim: Claim, *, now: datetime, words: str | None = None) -> None:
    """Nothing of it was sent: it waits again. The caller commits.

    With `words` the mail server was away, and the letter waits a while; without, its appeal, case or mailbox holds it back.
    """
    _back(claim, now=now, wait=words is not None, words=words)


def _back(claim: Claim, *, now: datetime, wait: bool, words: str | None) -> None:
    if not _move(claim.item_id, "ready", answer=words, claimed_at=None):
        return
    if wait:
        attempts = db.session.scalar(BatchItem.__table__.select().with_only_columns(BatchItem.attempts).where(BatchItem.id == claim.item_id)) or 1
        when = update(BatchItem).where(BatchItem.id == claim.item_id).values(next_attempt_at=now + later(attempts))
        db.session.execute(when, execution_options={"synchronize_session": False})
    if not step_many([claim.letter_id], "sending", "sealed", now=now):
        # Its letter was taken away while it was in the batch: it must not come round again.
        _move_from_ready_to_stopped(claim.item_id)


def _end(claim: Claim, state: str, *, batch: int, words: str, now: datetime) -> None:
    if _move(claim.item_id, state, answer=words):
        step_many([claim.letter_id], "sending", state, now=now, batch=batch)


def _move(item_id: uuid.UUID, state: str, **values: object) -> bool:
    # Only an item that is still being sent is settled: a sweeper that came first has the last word.
    moved = update(BatchItem).where(BatchItem.id == item_id, items_before(state, "sending")).values(state=state, **values).returning(BatchItem.id)
    return db.session.execute(moved, execution_options={"synchronize_session": False}).first() is not None


def _move_from_ready_to_stopped(item_id: uuid.UUID) -> None:
    stopped = update(BatchItem).where(BatchItem.id == item_id, items_before("stopped", "ready")).values(state="stopped")
    db.session.execute(stopped, execution_options={"synchronize_session": False})
