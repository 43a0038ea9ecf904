"""Sending what waits: claimed in a committed transaction before the first byte, so that nothing goes out twice.

A crash between claim and answer leaves `sending`; the sweeper makes it `unknown`; a person decides.
"""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update

from campaign.db import db
from campaign.mail.connection import Answer, Post, ServerAway
from campaign.mail.models import OutgoingMail

log = structlog.get_logger()
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=6)
MOST_ATTEMPTS = 12
RIDDLE_REST = timedelta(minutes=1)
"""A server that took a message and did not answer gets no other one for so long: else all that waits would become unknown."""


def later(attempts: int) -> timedelta:
    """How long to wait after so many attempts: doubling, with chance in it, six hours at most."""
    wait: timedelta = min(FIRST_WAIT * 2 ** min(attempts, 20), LONGEST_WAIT)
    return timedelta(seconds=wait.total_seconds() * random.uniform(0.75, 1.25))  # noqa: S311  jitter, not a secret


def send_ready(post: Post, build: Callable[[OutgoingMail], bytes], *, sender: str, now: Callable[[], datetime], limit: int = 200) -> int:
    """Send what is due, one at a time, oldest first. Commits around each one. Returns how many the server took."""
    sent = 0
    if _is_riddle(now()):
        return sent
    for _number in range(limit):
        mail = _claim(now())
        if mail is None:
            break
        try:
            message, recipient = build(mail), mail.recipient
        except Exception as fault:  # noqa: BLE001  whatever it is, nothing was handed over: it holds up no other mail, and its fate is known
            log.warning("mail cannot be made", mail=str(mail.id), kind=type(fault).__name__)
            _settle(mail, Answer("later", f"cannot be made: {type(fault).__name__}"), now=now())
            continue
        try:
            answer = post.send(message, sender=sender, recipients=[recipient])
        except ServerAway as fault:
            _settle(mail, Answer("later", str(fault)), now=now())
            break
        _settle(mail, answer, now=now())
        if answer.outcome == "unknown":
            break
        sent += answer.outcome == "sent"
    return sent


def _is_riddle(now: datetime) -> bool:
    lately = select(OutgoingMail.id).where(OutgoingMail.state == "unknown", OutgoingMail.claimed_at > now - RIDDLE_REST).limit(1)
    found = db.session.scalar(lately) is not None
    db.session.commit()
    return found


def _claim(now: datetime) -> OutgoingMail | None:
    due = select(OutgoingMail.id).where(OutgoingMail.state == "ready", OutgoingMail.not_before <= now).order_by(OutgoingMail.not_before).limit(1)
    claim = (
        update(OutgoingMail)
        .where(OutgoingMail.id == due.with_for_update(skip_locked=True).scalar_subquery(), OutgoingMail.state == "ready")
        .values(state="sending", claimed_at=now, attempts=OutgoingMail.attempts + 1)
        .returning(OutgoingMail)
    )
    mail = db.session.scalar(claim, execution_options={"populate_existing": True})
    db.session.commit()
    return mail


def _settle(mail: OutgoingMail, answer: Answer, *, now: datetime) -> None:
    values: dict[str, object] = {"answer": answer.words}
    match answer.outcome:
        case "sent":
            values |= {"state": "sent", "sent_at": now}
        case "later" if mail.attempts < MOST_ATTEMPTS:
            values |= {"state": "ready", "not_before": now + later(mail.attempts)}
        case "unknown":
            values |= {"state": "unknown"}
        case _:
            values |= {"state": "failed"}
    # Only a row that is still being sent is settled: a sweeper that came first has the last word.
    db.session.execute(update(OutgoingMail).where(OutgoingMail.id == mail.id, OutgoingMail.state == "sending").values(**values))
    db.session.commit()
