"""Letters for tests of dispatch, plainly fictional."""

import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from campaign.appeals.models import Appeal
from campaign.authorities.models import Authority, Mailbox
from campaign.cases.models import Case
from campaign.db import db, new_id
from campaign.dispatch.models import BatchItem
from campaign.letters.models import Letter
from tests import made

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
TEXT = "I am writing about the test person.\n\nPlease release them."


def letter_appeal(*, size: int = 50, minutes: int = 60, **values: Any) -> Appeal:
    """A live appeal for letters to one verified office."""
    return made.appeal("letter", batch_size=size, batch_age_minutes=minutes, **values)


def letters(appeal: Appeal, count: int = 1, *, channel: str = "email", authority: Authority | None = None, confirmed: datetime = NOON, **values: Any) -> list[Letter]:
    """Confirmed letters that wait in the pool, oldest first; committed."""
    supporter = made.supporter(now=NOON)
    to = authority or (appeal.targets[0].authority if appeal.targets else None)
    rows = []
    for number in range(count):
        code = uuid.uuid4().hex[:12]
        fields: dict[str, Any] = {
            "id": new_id(),
            "appeal_id": appeal.id,
            "version_id": appeal.versions[0].id,
            "authority_id": None if appeal.kind == "solidarity" else to.id if to else None,
            "supporter_id": supporter.id,
            "channel": channel,
            "language": "en",
            "state": "queued",
            "code": code,
            "subject": "The test person",
            "body": TEXT,
            "name": "Test Supporter",
            "country": "NO",
            "to_authority": "first_name",
            "message_id": f"{code}@reply.writethemfree.example",
            "created_at": NOON,
            "confirmed_at": confirmed + timedelta(seconds=number),
            "countable": True,
        }
        rows.append(Letter(**(fields | values)))
    db.session.add_all(rows)
    db.session.commit()
    return rows


def states() -> list[tuple[str, str]]:
    """State of each item and of its letter, by place in the batch, as the database has them now."""
    db.session.rollback()
    rows = db.session.execute(select(BatchItem.state, Letter.state).join(Letter, Letter.id == BatchItem.letter_id).order_by(BatchItem.batch_id, BatchItem.position))
    return [(item, letter) for item, letter in rows]


def pause(engine: Engine, what: str) -> None:
    """Hold back what has not left, in a transaction of somebody else."""
    changes = {
        "paused": update(Appeal).values(state="paused"),
        "withdrawn": update(Appeal).values(state="withdrawn"),
        "stopped": update(Case).values(stopped_at=NOON),
        "unverified": update(Mailbox).values(verified_at=None),
        "pushed back": update(Mailbox).values(paused_until=NOON + timedelta(hours=1)),
    }
    with Session(engine) as other:
        other.execute(changes[what])
        other.commit()
