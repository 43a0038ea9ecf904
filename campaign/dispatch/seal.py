"""Sealing: letters that wait become batches. A sealed letter can no longer be taken back by its writer."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, text

from campaign.appeals.models import Appeal
from campaign.authorities.models import Authority
from campaign.cases.models import Case
from campaign.db import db
from campaign.dispatch.may_leave import may_leave_by_email, may_leave_on_paper
from campaign.dispatch.models import Batch, BatchItem
from campaign.letters.models import Letter
from campaign.letters.steps import step_many

NUMBERS_LOCK = 7_264_101
"""Any number that nothing else uses: who gives out batch numbers holds it."""
MOST_AT_ONCE = 100


def seal_email(*, now: datetime, most: int = MOST_AT_ONCE) -> list[Batch]:
    """Seal the letters by e-mail of each office and appeal, once there are as many, or they are as old, as the appeal says.

    Two workers that do so at once seal different letters.
    """
    sealed: list[Batch] = []
    for authority_id, appeal_id in _waiting_groups(now):
        appeal = db.session.get_one(Appeal, appeal_id)
        while len(sealed) < most:
            letters = _take_email(authority_id, appeal, now=now)
            if not letters:
                break
            sealed.append(_seal(letters, channel="email", state="ready", country=None, now=now))
    return sealed


def seal_for_bundle(*, country: str, size: int, now: datetime) -> list[Batch]:
    """Take up to `size` letters for paper from the pool, the most urgent first: one batch per authority, sealed for who asked.

    Solidarity messages go to where their appeal collects them: one batch per appeal. `country` is where they are posted.
    """
    groups: dict[tuple[uuid.UUID | None, uuid.UUID | None], list[Letter]] = defaultdict(list)
    waiting = (
        select(Letter)
        .join(Appeal, Appeal.id == Letter.appeal_id)
        .join(Case, Case.id == Appeal.case_id)
        .outerjoin(Authority, Authority.id == Letter.authority_id)
        .where(Letter.channel == "print", Letter.state == "queued", may_leave_on_paper())
        .order_by(Appeal.act_before, Letter.confirmed_at, Letter.id)
        .limit(size)
    )
    for letter in _locked(waiting):
        groups[letter.authority_id, None if letter.authority_id else letter.appeal_id].append(letter)
    return [_seal(letters, channel="print", state="taken", country=country, now=now) for letters in groups.values()]


def _waiting_groups(now: datetime) -> list[tuple[uuid.UUID, uuid.UUID]]:
    rows = db.session.execute(
        select(Letter.authority_id, Letter.appeal_id)
        .join(Appeal, Appeal.id == Letter.appeal_id)
        .join(Case, Case.id == Appeal.case_id)
        .where(Letter.channel == "email", Letter.state == "queued", may_leave_by_email(now))
        .group_by(Letter.authority_id, Letter.appeal_id)
        .order_by(func.min(Letter.confirmed_at))
    )
    return [(authority_id, appeal_id) for authority_id, appeal_id in rows if authority_id is not None]


def _take_email(authority_id: uuid.UUID, appeal: Appeal, *, now: datetime) -> Sequence[Letter]:
    waiting = (
        select(Letter)
        .join(Appeal, Appeal.id == Letter.appeal_id)
        .join(Case, Case.id == Appeal.case_id)
        .where(Letter.channel == "email", Letter.state == "queued", Letter.authority_id == authority_id, Letter.appeal_id == appeal.id, may_leave_by_email(now))
        .order_by(Letter.confirmed_at)  # as in the index: a long queue is not sorted anew for each batch
        .limit(max(appeal.batch_size, 1))
    )
    letters = _locked(waiting)
    full = len(letters) >= appeal.batch_size
    oldest = letters[0].confirmed_at if letters else None
    old = oldest is not None and oldest <= now - timedelta(minutes=appeal.batch_age_minutes)
    return letters if full or old else ()


def _locked(waiting: Select[Letter]) -> Sequence[Letter]:
    # SQLite has one writer at a time and needs no lock on rows.
    locked = waiting.with_for_update(skip_locked=True, of=Letter).execution_options(populate_existing=True)
    letters: Sequence[Letter] = db.session.scalars(locked).unique().all()
    return letters


def _seal(letters: Sequence[Letter], *, channel: str, state: str, country: str | None, now: datetime) -> Batch:
    appeals = {letter.appeal_id for letter in letters}
    number = _next_number()
    batch = Batch(
        number=number,
        authority_id=letters[0].authority_id,
        appeal_id=next(iter(appeals)) if len(appeals) == 1 else None,
        channel=channel,
        state=state,
        size=len(letters),
        country=country,
        sealed_at=now,
    )
    batch.items = [BatchItem(letter_id=letter.id, position=place) for place, letter in enumerate(letters, 1)]
    db.session.add(batch)
    moved = step_many([letter.id for letter in letters], "queued", "sealed", now=now, batch=number)
    assert len(moved) == len(letters), "they are locked since they were found"
    db.session.flush()
    for letter in letters:
        db.session.expire(letter)
    return batch


def _next_number() -> int:
    # One giver of numbers at a time, until the transaction ends; SQLite has one writer anyway.
    if db.session.get_bind().dialect.name == "postgresql":
        db.session.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": NUMBERS_LOCK})
    return (db.session.scalar(select(func.max(Batch.number))) or 0) + 1
