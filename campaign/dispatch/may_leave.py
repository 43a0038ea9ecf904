"""Whether a letter may still leave: asked when it is sealed, sent, taken, printed and marked posted, in the same words each time."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, Text, and_, cast, or_, select

from campaign.appeals.models import Appeal
from campaign.appeals.service import leaving
from campaign.authorities.models import Authority, Mailbox
from campaign.authorities.service import mailbox_open, verified
from campaign.cases.models import Case
from campaign.db import db
from campaign.dispatch.models import BatchItem
from campaign.letters.models import Letter

SHEET_STATES = ("sealed", "printed")
"""The states of a letter that is in a batch on paper."""


def has_open_mailbox(now: datetime) -> ColumnElement[bool]:
    """A condition on Letter: its authority has a verified mailbox whose server does not push back."""
    return select(Mailbox.id).where(Mailbox.authority_id == Letter.authority_id, mailbox_open(now)).exists()


def may_leave_by_email(now: datetime) -> ColumnElement[bool]:
    """A condition on Letter joined with Appeal and Case."""
    return and_(leaving(), has_open_mailbox(now))


def may_leave_on_paper() -> ColumnElement[bool]:
    """A condition on Letter joined with Appeal and Case, and with Authority where there is one: a solidarity message has none."""
    # Lines that are not set are a null of JSON, which is not a NULL of SQL.
    collected = and_(Letter.authority_id.is_(None), cast(Appeal.collect_lines, Text).not_in(["null", "[]"]))
    return and_(leaving(), or_(and_(Letter.authority_id.is_not(None), verified()), collected))


def leaving_on_paper(items: Iterable[BatchItem]) -> tuple[list[BatchItem], list[BatchItem]]:
    """Of items of batches on paper those that may leave, and those that may not, by what the database says at this moment."""
    rows = list(items)
    # The database decides: what this session holds may be older than the pause it must not miss.
    query = select(Letter.id).join(Appeal, Appeal.id == Letter.appeal_id).join(Case, Case.id == Appeal.case_id).outerjoin(Authority, Authority.id == Letter.authority_id)
    ids = [item.letter_id for item in rows]
    may = set(db.session.scalars(query.where(Letter.id.in_(ids), Letter.state.in_(SHEET_STATES), may_leave_on_paper())))
    return [item for item in rows if item.letter_id in may], [item for item in rows if item.letter_id not in may]
