"""What the worker does for the print room: seal what was asked for, call back what was not printed, delete what is old."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import exists, or_, select

from campaign.db import db
from campaign.dispatch.models import Batch
from campaign.dispatch.seal import seal_for_bundle
from campaign.paper.letter import MOST_LETTERS
from campaign.printing import files
from campaign.printing.contents import batches_of, open_items
from campaign.printing.models import Bundle, BundleBatch, PrintFile
from campaign.printing.service import LEASE, return_letters
from campaign.printing.steps import step_bundle, step_file


def prepare_next(*, now: datetime) -> bool:
    """Seal the letters of the next bundle that was asked for; False where none waits. The caller commits after each one.

    The lease begins now: what a volunteer waited for the worker is not taken from the fortnight.
    """
    query = select(Bundle).where(Bundle.state == "asked").order_by(Bundle.id).limit(1)
    bundle = db.session.scalar(query.with_for_update(skip_locked=True, of=Bundle))
    if bundle is None:
        return False
    batches = seal_for_bundle(country=bundle.country, size=bundle.size, now=now)
    if not batches:
        step_bundle(bundle, "empty", now=now)
        return True
    for number, (batch, first, last) in enumerate(_cut(batches), start=1):
        db.session.add(PrintFile(bundle_id=bundle.id, batch_id=batch.id, number=number, first=first, last=last, state="waiting", attempts=0))
    db.session.add_all(BundleBatch(bundle_id=bundle.id, batch_id=batch.id) for batch in batches)
    bundle.lease_until = now + LEASE
    step_bundle(bundle, "taken", now=now)
    db.session.flush()
    return True


def _cut(batches: list[Batch]) -> Iterator[tuple[Batch, int, int]]:
    """Files of at most a hundred letters: batch, first and last position."""
    for batch in batches:
        places = [item.position for item in open_items(batch.items)]
        for start in range(0, len(places), MOST_LETTERS):
            part = places[start : start + MOST_LETTERS]
            yield batch, part[0], part[-1]


def return_overdue(*, now: datetime, limit: int = 20) -> int:
    """Letters that nobody printed within the lease go back to the pool. What was printed stays: only a person knows whether it was posted."""
    not_printed = exists().where(BundleBatch.bundle_id == Bundle.id, BundleBatch.batch_id == Batch.id, Batch.state == "taken")
    query = select(Bundle).where(or_(Bundle.state == "asked", not_printed), Bundle.state.in_(("asked", "taken", "printed")), Bundle.lease_until < now)
    overdue = db.session.scalars(query.order_by(Bundle.id).limit(limit).with_for_update(skip_locked=True, of=Bundle)).all()
    for bundle in overdue:
        if bundle.state == "asked":
            return_letters(bundle=bundle, batch_id=None, now=now)
        for batch in batches_of(bundle):
            if batch.state == "taken":
                return_letters(bundle=bundle, batch_id=batch.id, now=now)
    db.session.flush()
    return len(overdue)


def delete_old(*, folder: Path, now: datetime, limit: int = 200) -> int:
    """Delete files whose time is over: first from the disk, then in the database, so that a crash leaves no file that nobody knows."""
    query = select(PrintFile).where(PrintFile.state.in_(("waiting", "rendered")), PrintFile.delete_after <= now).limit(limit)
    old = db.session.scalars(query.with_for_update(skip_locked=True)).all()
    for file in old:
        files.delete(folder, file.id)
        step_file(file, "deleted")
    db.session.flush()
    return len(old)
