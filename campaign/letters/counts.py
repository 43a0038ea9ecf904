"""What the kept counts of letters should say."""

import uuid

from sqlalchemy import func, select

from campaign.db import db
from campaign.letters.models import Letter


def true_counts() -> dict[tuple[uuid.UUID, str], int]:
    """Letters by appeal and country, of those the worker has counted. Reads the whole table: for `reconcile`, never for a page."""
    query = select(Letter.appeal_id, Letter.country, func.count()).where(Letter.counted).group_by(Letter.appeal_id, Letter.country)
    return {(appeal_id, country): n for appeal_id, country, n in db.session.execute(query)}
