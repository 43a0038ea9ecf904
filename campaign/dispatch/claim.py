"""Claims of letters that are sent by e-mail: one statement, atomic, committed before the message goes.

Per letter there is one transaction: the last one has left, this one is being sent. At most one item per process is in
`sending` at any moment, so that a crash leaves at most one whose fate only a person can tell.
"""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Integer, Table, and_, bindparam, case, exists, literal_column, or_, select, update
from sqlalchemy.engine import Connection

from campaign.appeals.models import Appeal
from campaign.appeals.service import leaving
from campaign.authorities.models import Mailbox
from campaign.authorities.service import mailbox_open
from campaign.cases.models import Case
from campaign.db import Instant, new_id
from campaign.dispatch.models import Batch, BatchItem
from campaign.dispatch.steps import batches_before, items_before
from campaign.letters.models import Letter
from campaign.letters.sending import follow, hand_over
from campaign.prepared import Prepared, as_id

# The statements are prepared once and the moment is filled in at each use.
_NOW = cast(datetime, bindparam("now", type_=Instant()))
_HOUR = bindparam("this_hour", type_=Instant())
_NEXT_HOUR = bindparam("next_hour", type_=Instant())
_HOW_MANY = bindparam("how_many", type_=Integer())
_DUE = or_(BatchItem.next_attempt_at.is_(None), BatchItem.next_attempt_at <= _NOW)
# Clocks differ, and are put back: the hour that somebody else has begun already is the one that counts.
_IS_BEGUN = Mailbox.hour.between(_HOUR, _NEXT_HOUR)
_USED = case((_IS_BEGUN, Mailbox.sent_that_hour), else_=0)
ROOM_AT_ONCE = 20
"""Places that are taken in a mailbox's hour with one statement. A sender that dies loses those it had left: too few is safe."""


@dataclass(frozen=True)
class DueBatch:
    """A batch with something to send, and the mailbox it goes to."""

    id: uuid.UUID
    number: int
    mailbox_id: uuid.UUID
    address: str
    appeal_id: uuid.UUID
    authority_id: uuid.UUID


@dataclass(frozen=True)
class Claim:
    """One letter that this process alone may send."""

    item_id: uuid.UUID
    letter_id: uuid.UUID


def hour_of(now: datetime) -> datetime:
    """The hour whose letters a mailbox's cap counts."""
    return now.replace(minute=0, second=0, microsecond=0)


def _hours(now: datetime) -> dict[str, datetime]:
    return {"this_hour": hour_of(now), "next_hour": hour_of(now) + timedelta(hours=1)}


# Said in the words of the index: a plan that is made once does not know what a place will hold.
_next = select(BatchItem.id).where(BatchItem.batch_id == bindparam("batch"), BatchItem.state == literal_column("'ready'"), _DUE)
_next_id = _next.order_by(BatchItem.position).limit(1).with_for_update(skip_locked=True).scalar_subquery()
_is_left = BatchItem.id == bindparam("left")
_items = cast(Table, BatchItem.__table__)
_finish_and_claim = (
    update(_items)
    # A sweeper that took a slow server for a dead one said “unknown”; now it is known.
    .where(or_(and_(_is_left, items_before("sent", "sending", "unknown")), and_(BatchItem.id == _next_id, items_before("sending", "ready"))))
    .values(
        state=case((_is_left, "sent"), else_="sending"),
        claimed_at=case((_is_left, BatchItem.claimed_at), else_=_NOW),
        answer=case((_is_left, bindparam("words")), else_=None),
        attempts=case((_is_left, BatchItem.attempts), else_=BatchItem.attempts + 1),
    )
    .returning(BatchItem.id, BatchItem.letter_id, BatchItem.state)
)
_FINISH_AND_CLAIM = Prepared(_finish_and_claim)
# PostgreSQL takes the items, their letters and the step of the one that left in one statement: one round trip, commit and all.
_touched = _finish_and_claim.cte("items")
_ALL_IN_ONE = Prepared(select(_touched.c.id, _touched.c.letter_id).add_cte(*follow(_touched)))
_TAKE_ROOM = Prepared(
    update(cast(Table, Mailbox.__table__))
    .where(Mailbox.id == bindparam("mailbox"), mailbox_open(_NOW), Mailbox.hourly_cap >= _USED + _HOW_MANY)
    .values(hour=case((_IS_BEGUN, Mailbox.hour), else_=_HOUR), sent_that_hour=_USED + _HOW_MANY)
)
_GIVE_ROOM = (
    update(cast(Table, Mailbox.__table__))
    .where(Mailbox.id == bindparam("mailbox"), Mailbox.hour == _HOUR, Mailbox.sent_that_hour >= _HOW_MANY)
    .values(sent_that_hour=Mailbox.sent_that_hour - _HOW_MANY)
)
_MAY_LEAVE = Prepared(
    select(BatchItem.id)
    .join(Letter, Letter.id == BatchItem.letter_id)
    .join(Appeal, Appeal.id == Letter.appeal_id)
    .join(Case, Case.id == Appeal.case_id)
    .join(Mailbox, Mailbox.authority_id == Letter.authority_id)
    .where(BatchItem.id == bindparam("item"), BatchItem.state == "sending", Letter.state == "sending")
    .where(Mailbox.id == bindparam("mailbox"), leaving(), mailbox_open(_NOW))
)
_DUE_BATCHES = (
    select(Batch.id, Batch.number, Mailbox.id, Mailbox.address, Appeal.id, Mailbox.authority_id)
    .join(Appeal, Appeal.id == Batch.appeal_id)
    .join(Case, Case.id == Appeal.case_id)
    .join(Mailbox, Mailbox.authority_id == Batch.authority_id)
    .where(Batch.channel == "email", Batch.state.in_(("ready", "sending")), leaving(), mailbox_open(_NOW), Mailbox.hourly_cap > _USED)
    .where(exists().where(BatchItem.batch_id == Batch.id, BatchItem.state == "ready", _DUE))
    .order_by(Batch.sealed_at, Batch.number, Mailbox.id)
)
_BEGIN_BATCH = Prepared(update(cast(Table, Batch.__table__)).where(Batch.id == bindparam("batch"), batches_before("sending", "ready")).values(state="sending"))


def due_batches(connection: Connection, *, now: datetime) -> list[DueBatch]:
    """Batches with a letter that may leave now, the oldest first, each with the first mailbox that has room."""
    rows = connection.execute(_DUE_BATCHES, {"now": now, **_hours(now)}).all()
    first: dict[uuid.UUID, DueBatch] = {}
    for row in rows:
        first.setdefault(row[0], DueBatch(*row))
    return list(first.values())


def begin_batch(connection: Connection, batch: DueBatch) -> None:
    """The first of its letters is about to leave. The caller commits."""
    _BEGIN_BATCH.run(connection, {"batch": batch.id})


def finish_and_claim(connection: Connection, batch: DueBatch, *, left: Claim | None, words: str, now: datetime, more: bool = True) -> Claim | None:
    """Write down that `left` has left, and, where there is to be one more, claim the next letter of the batch. The caller commits.

    None where the batch has no more letter that is due.
    """
    left_id = left.item_id if left else None
    values = {"left": left_id, "batch": batch.id if more else None, "words": words, "now": now}
    in_one = connection.dialect.name == "postgresql"
    rows: Iterable[Sequence[Any]] = (
        _ALL_IN_ONE.rows(connection, values | {"new_id": new_id(), "number": batch.number}) if in_one else _FINISH_AND_CLAIM.run(connection, values)
    )
    touched = {as_id(row[0]): as_id(row[1]) for row in rows}
    claim = next((Claim(item_id, letter_id) for item_id, letter_id in touched.items() if item_id != left_id), None)
    if left_id not in touched:
        left = None  # a person has decided otherwise meanwhile
    if not in_one and (left is not None or claim is not None):
        hand_over(connection, left=left.letter_id if left else None, following=claim.letter_id if claim else None, batch=batch.number, now=now)
    return claim


def may_still_leave(connection: Connection, batch: DueBatch, claim: Claim, *, now: datetime) -> bool:
    """Ask the database once more, after the claim was committed and before the first byte."""
    return bool(_MAY_LEAVE.rows(connection, {"item": claim.item_id, "mailbox": batch.mailbox_id, "now": now}))


@dataclass
class Room:
    """Places in a mailbox's hour, taken a few at a time, over all appeals and all senders."""

    mailbox_id: uuid.UUID
    hour: datetime | None = None
    left: int = 0
    at_once: int = ROOM_AT_ONCE

    def take(self, connection: Connection, *, now: datetime) -> bool:
        """Use one place. False where the hour is full, or the mailbox closed. The caller commits."""
        if self.hour != hour_of(now) or not self.left:
            self.hour, self.left = hour_of(now), 0
            for how_many in (self.at_once, 1):
                values = {"mailbox": self.mailbox_id, "now": now, "how_many": how_many, **_hours(now)}
                if _TAKE_ROOM.run(connection, values).rowcount:
                    self.left = how_many
                    break
        self.left -= 1
        return self.left >= 0

    def give_back(self, connection: Connection) -> None:
        """Return what was not used. The caller commits."""
        if self.left > 0:
            connection.execute(_GIVE_ROOM, {"mailbox": self.mailbox_id, "this_hour": self.hour, "how_many": self.left})
        self.left = 0
