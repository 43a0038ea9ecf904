"""What the kept counts of letters should say."""

import uuid

from sqlalchemy import func, select

from campaign.db import db, utc_day
from campaign.letters.models import Letter


def true_counts() -> dict[tuple[uuid.UUID, str], int]:
    """Letters by appeal and country, of those the worker has counted. Reads the whole table: for `reconcile`, never for a page."""
    query = select(Letter.appeal_id, Letter.country, func.count()).where(Letter.counted).group_by(Letter.appeal_id, Letter.country)
    return {(appeal_id, country): n for appeal_id, country, n in db.session.execute(query)}


def true_days() -> dict[tuple[uuid.UUID, str], int]:
    """The same by appeal and the day (UTC) of confirming. Reads the whole table: for `reconcile`, never for a page."""
    day = utc_day(Letter.confirmed_at)
    query = select(Letter.appeal_id, day, func.count()).where(Letter.counted).group_by(Letter.appeal_id, day)
    return {(appeal_id, day): n for appeal_id, day, n in db.session.execute(query)}
