"""What a volunteer does: take a bundle, print it, post it, give back what was not posted."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import select

from campaign.audit import service as audit
from campaign.db import db
from campaign.dispatch import paper as dispatch
from campaign.dispatch.models import Batch, BatchItem
from campaign.organisers.models import Account
from campaign.printing import files
from campaign.printing.contents import batches_of, file_items, open_items, stopped_items, theirs
from campaign.printing.models import Bundle, PrintFile
from campaign.printing.steps import make_again, step_bundle
from campaign.security.keys import SealBroken

SIZES = (5, 20, 50, 100)
LEASE = timedelta(days=14)
OPEN = ("asked", "taken", "printed")
DECIDE_FOR_OTHERS = ("admin", "organiser")
MOST_OPEN = 5
"""Bundles that one volunteer may have in hand."""


class BundleUnknown(Exception):
    """There is no such bundle or file, or it is somebody else's."""


class TooManyBundles(Exception):
    """Some of those in hand are to be posted or returned first."""


class NotPrinted(Exception):
    """Files of these batches were not downloaded yet: what was not printed cannot have been posted."""

    def __init__(self, numbers: list[int]) -> None:
        super().__init__(numbers)
        self.numbers = numbers


class HoldsStopped(Exception):
    """Letters with these codes were stopped after they were printed: they must not be posted."""

    def __init__(self, codes: list[str]) -> None:
        super().__init__(codes)
        self.codes = codes


def take(*, volunteer: Account, size: int, now: datetime) -> Bundle:
    """Ask for a bundle of up to `size` letters; the worker seals and renders it. Raises TooManyBundles.

    Pressed twice, it is the same bundle: the account's row is locked, so that the second press sees the first.
    """
    if size not in SIZES:
        raise ValueError(f"a bundle has one of the sizes {SIZES}")
    db.session.refresh(volunteer, with_for_update=True)
    in_hand = db.session.scalars(select(Bundle).where(Bundle.volunteer_id == volunteer.id, Bundle.state.in_(OPEN)).limit(MOST_OPEN)).all()
    asked = next((bundle for bundle in in_hand if bundle.state == "asked"), None)
    if asked is not None:
        return asked
    if len(in_hand) >= MOST_OPEN:
        raise TooManyBundles
    bundle = Bundle(volunteer_id=volunteer.id, size=size, country=volunteer.country, asked_at=now, lease_until=now + LEASE, state="asked")
    bundle.volunteer = volunteer
    db.session.add(bundle)
    db.session.flush()
    return bundle


def in_hand(*, volunteer: Account) -> list[Bundle]:
    """What a volunteer has taken and not ended, the oldest first."""
    return list(db.session.scalars(select(Bundle).where(Bundle.volunteer_id == volunteer.id, Bundle.state.in_(OPEN)).order_by(Bundle.id).limit(MOST_OPEN)))


def ended(*, volunteer: Account, limit: int = 10) -> list[Bundle]:
    """What a volunteer has posted or returned, the newest first."""
    query = select(Bundle).where(Bundle.volunteer_id == volunteer.id, Bundle.state.in_(("posted", "returned", "empty")))
    return list(db.session.scalars(query.order_by(Bundle.id.desc()).limit(limit)))


def find(bundle_id: uuid.UUID, *, by: Account, lock: bool = False) -> Bundle:
    """A bundle, for the volunteer who took it, or for an organiser whose letters alone are in it. `lock`: until the end of the transaction. Raises BundleUnknown."""
    query = select(Bundle).where(Bundle.id == bundle_id, Bundle.volunteer_id == by.id if by.role not in DECIDE_FOR_OTHERS else theirs(by))
    bundle = db.session.scalar(query.with_for_update(of=Bundle).execution_options(populate_existing=True) if lock else query)
    if bundle is None:
        raise BundleUnknown
    return bundle


def find_by_file(file_id: uuid.UUID, *, by: Account) -> Bundle:
    """The bundle that a file belongs to. Raises BundleUnknown."""
    file = db.session.get(PrintFile, file_id)
    if file is None:
        raise BundleUnknown
    return find(file.bundle_id, by=by)


def file_name(file_id: uuid.UUID) -> str:
    """What a volunteer's machine calls the file: nothing in it points at a person or an office."""
    file = db.session.get_one(PrintFile, file_id)
    return f"batch-{db.session.get_one(Batch, file.batch_id).number}-{file.number}.pdf"


def download(file_id: uuid.UUID, *, by: Account, folder: Path, now: datetime) -> bytes | None:
    """A file's PDF, for the volunteer who took it; from now on its batch counts as printed.

    None where letters in it were stopped before anybody printed them: they go back to the pool, and the file is made again.
    Raises BundleUnknown, and HoldsStopped where they were printed before.
    """
    file = db.session.get(PrintFile, file_id)
    if file is None:
        raise BundleUnknown
    bundle = find(file.bundle_id, by=by, lock=True)
    db.session.refresh(file)
    if bundle.volunteer_id != by.id or bundle.state not in ("taken", "printed") or file.state != "rendered":
        raise BundleUnknown
    if file.delete_after is not None and file.delete_after <= now:
        raise BundleUnknown
    batch = db.session.get_one(Batch, file.batch_id)
    if not _may_all_leave(file, batch, now=now):
        return None
    try:
        pdf = files.read(folder, file.id)
    except (files.FileGone, SealBroken):  # lost, damaged, or sealed with a key that was put away: it is made again
        make_again(file)
        return None
    if batch.state == "taken":
        dispatch.mark_printed(batch, now=now)
        if bundle.state == "taken":
            step_bundle(bundle, "printed", now=now)
    # What is read here is personal: names and words of whoever wrote.
    audit.record(by=by.id, action="bundle.downloaded", of=bundle.id, now=now, details={"batch": batch.number, "file": file.number})
    return pdf


def _may_all_leave(file: PrintFile, batch: Batch, *, now: datetime) -> bool:
    stopped = stopped_items(file_items(file))
    if stopped and batch.state != "taken":
        raise HoldsStopped([item.letter.code for item in stopped])
    for item in stopped:
        dispatch.return_item(item, now=now)
    if stopped:
        make_again(file)
    return not stopped


def return_letter(item_id: uuid.UUID, *, bundle: Bundle, now: datetime) -> None:
    """Give one letter back to the pool: it was not posted, and the sheet, if there is one, was torn up. Raises BundleUnknown."""
    item = db.session.get(BatchItem, item_id)
    batch = next((batch for batch in batches_of(bundle) if item is not None and batch.id == item.batch_id), None)
    if item is None or batch is None or bundle.state not in ("taken", "printed"):
        raise BundleUnknown
    if item.state == "returned":
        return
    _give_back(bundle, batch, [item], now=now)


def return_letters(*, bundle: Bundle, batch_id: uuid.UUID | None, now: datetime, only_stopped: bool = False) -> None:
    """Give back what is left of one batch, or of all; or only what was stopped."""
    if bundle.state == "asked":
        step_bundle(bundle, "returned", now=now)
        return
    for batch in batches_of(bundle):
        if bundle.state in ("taken", "printed") and (batch_id is None or batch.id == batch_id):
            _give_back(bundle, batch, stopped_items(batch.items) if only_stopped else open_items(batch.items), now=now)


def _give_back(bundle: Bundle, batch: Batch, items: list[BatchItem], *, now: datetime) -> None:
    for item in items:
        dispatch.return_item(item, now=now)
    for file in bundle.files:  # printed or not: downloaded again, a file must not hold what somebody else prints, or what was withdrawn
        if file.batch_id == batch.id and any(file.first <= item.position <= file.last for item in items):
            make_again(file)
    end_if_nothing_is_left(bundle, now=now)


def end_if_nothing_is_left(bundle: Bundle, *, now: datetime) -> None:
    """A bundle ends with its last batch: posted where anything of it was posted, else returned."""
    db.session.flush()
    states = {batch.state for batch in batches_of(bundle)}
    if bundle.state in ("taken", "printed") and states <= {"posted", "returned"}:
        step_bundle(bundle, "posted" if "posted" in states else "returned", now=now)


def posted(*, bundle: Bundle, now: datetime) -> None:
    """The volunteer says that all of it is in the post. Said twice it changes nothing. Raises NotPrinted, HoldsStopped."""
    if bundle.state == "posted":
        return
    batches = [batch for batch in batches_of(bundle) if batch.state in ("taken", "printed")]
    missing = [batch.number for batch in batches if batch.state == "taken"]
    if missing or bundle.state != "printed":
        raise NotPrinted(missing)
    stopped = [item.letter.code for batch in batches for item in stopped_items(batch.items)]
    if stopped:
        raise HoldsStopped(stopped)
    with db.session.begin_nested():  # stopped since the line above: then none of it is marked, and the volunteer is told
        late = [item.letter.code for batch in batches for item in dispatch.mark_posted(batch, now=now).stopped]
        if late:
            raise HoldsStopped(late)
    end_if_nothing_is_left(bundle, now=now)
