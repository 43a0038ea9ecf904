"""Batches on paper: printed, posted, given back. Whether a letter may leave is asked again at each step."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from campaign.db import db
from campaign.dispatch.may_leave import leaving_on_paper
from campaign.dispatch.models import Batch, BatchItem
from campaign.dispatch.steps import step_batch, step_item
from campaign.letters.models import Letter
from campaign.letters.steps import step


class NotPrinted(Exception):
    """Nothing of the batch was printed: it cannot have been posted."""


@dataclass(frozen=True)
class Marked:
    """What a step on paper did: the letters that took it, and those that may not leave and were stopped instead."""

    done: list[BatchItem]
    stopped: list[BatchItem]


def mark_printed(batch: Batch, *, now: datetime) -> Marked:
    """Its sheets are with the volunteer. Said again it changes nothing but what was given back meanwhile."""
    may, stopped = _sorted(batch, now=now)
    done = [item for item in may if item.letter.state == "sealed"]
    for item in done:
        step(item.letter, "printed", now=now, batch=batch.number, country=batch.country)
    if batch.state == "taken" and may:
        step_batch(batch, "printed", now=now)
    db.session.flush()
    return Marked(done, stopped)


def mark_posted(batch: Batch, *, now: datetime) -> Marked:
    """Its printed letters are in the post of the batch's country. Said twice it changes nothing. Raises NotPrinted.

    A letter that may not leave is stopped and not counted as posted: who posts must be told to keep it back.
    """
    if batch.state == "taken":
        raise NotPrinted(batch.number)
    may, stopped = _sorted(batch, now=now)
    done = [item for item in may if item.letter.state == "printed"]
    for item in done:
        step_item(item, "posted")
        step(item.letter, "posted", now=now, batch=batch.number, country=batch.country)
    _close(batch, now=now)
    return Marked(done, stopped)


def stop_item(item: BatchItem, *, now: datetime) -> None:
    """Hold one letter back where it is: it is not printed and not posted until a person decides."""
    if item.state != "ready":
        return
    step_item(item, "stopped")
    if item.letter.state != "stopped":
        step(item.letter, "stopped", now=now)
    db.session.flush()


def return_item(item: BatchItem, *, now: datetime) -> None:
    """Give one letter back to the pool: it was not posted. Said twice it changes nothing."""
    if item.state == "returned":
        return
    step_item(item, "returned")
    if item.letter.state in ("sealed", "printed", "stopped"):
        step(item.letter, "queued", now=now)
    _close(db.session.get_one(Batch, item.batch_id), now=now)


def return_batch(batch: Batch, *, now: datetime) -> None:
    """Give all that is left of a batch back to the pool."""
    for item in _items(batch, "ready", "stopped"):
        return_item(item, now=now)


def _sorted(batch: Batch, *, now: datetime) -> tuple[list[BatchItem], list[BatchItem]]:
    # Those that may leave at this moment, and those that may not, which are stopped.
    may, may_not = leaving_on_paper(_items(batch, "ready"))
    for item in may_not:
        stop_item(item, now=now)
    return may, may_not


def _items(batch: Batch, *states: str) -> list[BatchItem]:
    db.session.flush()
    query = select(BatchItem).join(Letter, Letter.id == BatchItem.letter_id).where(BatchItem.batch_id == batch.id, BatchItem.state.in_(states))
    # Locked, because a letter may be given back on one page while another one marks the batch as posted.
    locked = query.order_by(BatchItem.position).with_for_update(of=BatchItem).execution_options(populate_existing=True)
    return list(db.session.scalars(locked))


def _close(batch: Batch, *, now: datetime) -> None:
    if batch.state not in ("taken", "printed") or _items(batch, "ready"):
        return
    if _items(batch, "posted"):
        step_batch(batch, "posted", now=now)
    elif not _items(batch, "stopped"):
        step_batch(batch, "returned", now=now)
    db.session.flush()
