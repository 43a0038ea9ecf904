"""Whose an appeal is: its own organisation's, or that of its case where it has none."""

import uuid

from sqlalchemy import ColumnElement, func

from campaign.appeals.models import Appeal
from campaign.cases.models import Case

OWNER: ColumnElement[uuid.UUID | None] = func.coalesce(Appeal.organisation_id, Case.organisation_id)
"""On Appeal joined with Case."""


def owner(appeal: Appeal) -> uuid.UUID | None:
    """The organisation that may work on it; None: it belongs to nobody."""
    return appeal.organisation_id or appeal.case.organisation_id
