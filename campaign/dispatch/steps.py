"""Every transition of a batch, an item or a delivery goes through here: rows in the session, or rows in the database."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, bindparam, exists, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import InstrumentedAttribute

from campaign.db import Instant, table
from campaign.dispatch.models import BATCH_STATES, ITEM_STATES, Batch, BatchItem, PetitionDelivery
from campaign.mail.states import SENDING_STATES, check_step
from campaign.prepared import Prepared

# What still has a way to go; a batch with none of it has left.
OPEN_ITEMS = ("ready", "sending", "unknown")


def step_item(item: BatchItem, state: str) -> None:
    """Move one item. Raises NoSuchStep."""
    check_step(ITEM_STATES, item.state, state)
    item.state = state


def step_batch(batch: Batch, state: str, *, now: datetime) -> None:
    """Move a batch; the moment at which it left is kept. Raises NoSuchStep."""
    check_step(BATCH_STATES, batch.state, state)
    batch.state = state
    if state in ("sent", "posted"):
        batch.left_at = now


def step_delivery(delivery: PetitionDelivery, state: str) -> None:
    """Move a petition delivery. Raises NoSuchStep."""
    check_step(SENDING_STATES, delivery.state, state)
    delivery.state = state


def items_before(state: str, *before: str) -> ColumnElement[bool]:
    """A condition for an UPDATE that moves items to `state` from one of `before`. Raises NoSuchStep when it is made."""
    return _before(ITEM_STATES, BatchItem.state, state, before)


def batches_before(state: str, *before: str) -> ColumnElement[bool]:
    """The same for batches."""
    return _before(BATCH_STATES, Batch.state, state, before)


def deliveries_before(state: str, *before: str) -> ColumnElement[bool]:
    """The same for petition deliveries."""
    return _before(SENDING_STATES, PetitionDelivery.state, state, before)


def _before(steps: dict[str, frozenset[str]], column: InstrumentedAttribute[str], state: str, before: Iterable[str]) -> ColumnElement[bool]:
    for one in before:
        check_step(steps, one, state)
    return column.in_(list(before))


_NOTHING_WAITS = ~exists().where(BatchItem.batch_id == Batch.id, BatchItem.state.in_(OPEN_ITEMS))


def close_batches(connection: Connection, *, now: datetime, batch_id: uuid.UUID | None = None) -> None:
    """Batches by e-mail of which nothing waits any more have left; those of which nothing was ever sent are over. The caller commits.

    An item of unknown fate keeps its batch open: it may have to go again.
    """
    which = [Batch.channel == "email", _NOTHING_WAITS, *([Batch.id == batch_id] if batch_id else [])]
    connection.execute(update(table(Batch)).where(*which, batches_before("sent", "sending")).values(state="sent", left_at=now))
    connection.execute(update(table(Batch)).where(*which, batches_before("returned", "ready")).values(state="returned"))


_CLOSE_BEGUN = Prepared(
    update(table(Batch))
    .where(Batch.id == bindparam("batch"), _NOTHING_WAITS, batches_before("sent", "sending"))
    .values(state="sent", left_at=bindparam("now", type_=Instant()))
)


def close_begun(connection: Connection, *, batch_id: uuid.UUID, now: datetime) -> None:
    """The same for one batch that was begun, in the loop that sends. The caller commits."""
    _CLOSE_BEGUN.run(connection, {"batch": batch_id, "now": now})
