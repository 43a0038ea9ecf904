"""Outgoing mail to supporters and organisers: a row that waits, in the transaction of what it is about."""

import json
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update

from campaign.db import db, new_id
from campaign.mail.models import OutgoingMail
from campaign.mail.states import SENDING_STATES, check_step

KEPT = timedelta(days=7)


def queue(*, kind: str, recipient: str, values: dict[str, str], language: str, not_before: datetime, now: datetime) -> OutgoingMail:
    """Write down a mail that is to be sent, no earlier than `not_before`. `kind` is `feature/name` of its template.

    The Message-ID is fixed here (the part before the @; the platform's domain follows it), so that a second sending could be told.
    """
    mail_id = new_id()
    mail = OutgoingMail(
        id=mail_id,
        kind=kind,
        language=language,
        recipient=recipient,
        values=json.dumps(values, ensure_ascii=False),
        message_id=mail_id.hex,
        not_before=not_before,
        created_at=now,
    )
    db.session.add(mail)
    return mail


NEW_MAIL = ("id", "kind", "language", "recipient_sealed", "values_sealed", "message_id", "state", "not_before", "attempts", "created_at")


def new_mail(*, kind: str, recipient: str, values: dict[str, str], language: str, not_before: datetime, now: datetime) -> dict[str, Any]:
    """The row that `queue` would make, for a statement that goes past the session: for the page that thousands use at once."""
    mail_id = new_id()
    return {
        "id": mail_id,
        "kind": kind,
        "language": language,
        "recipient_sealed": OutgoingMail.recipient.seal(recipient, id=mail_id),
        "values_sealed": OutgoingMail.values.seal(json.dumps(values, ensure_ascii=False), id=mail_id),
        "message_id": mail_id.hex,
        "state": "ready",
        "not_before": not_before,
        "attempts": 0,
        "created_at": now,
    }


def step(mail: OutgoingMail, state: str) -> None:
    """Move a mail to another state. Raises NoSuchStep."""
    check_step(SENDING_STATES, mail.state, state)
    mail.state = state


def sweep_stuck(*, now: datetime, lease: timedelta) -> int:
    """Mails that were being sent for longer than `lease` have an unknown fate: a person decides. Returns how many."""
    stuck = update(OutgoingMail).where(OutgoingMail.state == "sending", OutgoingMail.claimed_at < now - lease).values(state="unknown").returning(OutgoingMail.id)
    return len(db.session.execute(stuck, execution_options={"synchronize_session": False}).all())


def purge(*, now: datetime) -> None:
    """Forget mails a week after they were sent or refused."""
    db.session.execute(delete(OutgoingMail).where(OutgoingMail.state.in_(("sent", "failed", "stopped")), OutgoingMail.created_at < now - KEPT))


def needing_a_person(limit: int = 21) -> list[OutgoingMail]:
    """Mails whose fate is unknown, or which the server refused, the oldest first."""
    query = select(OutgoingMail).where(OutgoingMail.state.in_(("unknown", "failed"))).order_by(OutgoingMail.created_at).limit(limit)
    return list(db.session.scalars(query))
