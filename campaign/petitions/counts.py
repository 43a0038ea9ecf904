"""Counts of signatures: kept by the worker, so that confirming touches no row that others wait for; and proven."""

import uuid

from sqlalchemy import func, select, text, update

from campaign.appeals import service as appeals
from campaign.db import db, utc_day
from campaign.petitions.models import UNSETTLED, Signature


def count_confirmed(*, limit: int = 5000) -> int:
    """Add what was confirmed, and take off what was withdrawn, since the last time. Returns how many signatures that were.

    Flags and counts change in one transaction, and a signature is claimed by one worker alone: run twice, or in two places
    at once, it counts nothing twice.
    """
    unsettled = select(Signature.id).where(text(UNSETTLED)).limit(limit).with_for_update(skip_locked=True)
    settle = update(Signature).where(Signature.id.in_(unsettled)).values(counted=~Signature.counted)
    told = settle.returning(Signature.appeal_id, Signature.country, Signature.confirmed_at, Signature.counted)
    changed = db.session.execute(told, execution_options={"synchronize_session": False}).all()
    signs = [(row, 1 if row.counted else -1) for row in changed]
    by_country = [(row.appeal_id, row.country, sign) for row, sign in signs]
    appeals.add_counts(by_country, days=[(row.appeal_id, row.confirmed_at.date(), sign) for row, sign in signs])
    return len(changed)


def is_unsettled(appeal_id: uuid.UUID) -> bool:
    """Whether something was confirmed or withdrawn that the kept counts do not tell yet."""
    return db.session.scalar(select(Signature.id).where(Signature.appeal_id == appeal_id, text(UNSETTLED)).limit(1)) is not None


def true_counts() -> dict[tuple[uuid.UUID, str], int]:
    """What the kept counts should say: signatures by appeal and country, of those the worker has counted. Reads the whole table."""
    query = select(Signature.appeal_id, Signature.country, func.count()).where(Signature.counted).group_by(Signature.appeal_id, Signature.country)
    return {(appeal_id, country): n for appeal_id, country, n in db.session.execute(query)}


def true_days() -> dict[tuple[uuid.UUID, str], int]:
    """The same by appeal and the day (UTC) of confirming. Reads the whole table."""
    day = utc_day(Signature.confirmed_at)
    query = select(Signature.appeal_id, day, func.count()).where(Signature.counted).group_by(Signature.appeal_id, day)
    return {(appeal_id, day): n for appeal_id, day, n in db.session.execute(query)}
