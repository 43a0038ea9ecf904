"""Whose things somebody works on: those of the organisations they belong to, and those that belong to nobody.

Admins work on everything. Whoever belongs to no organisation works on what belongs to nobody, which is everything on a site
where one group campaigns alone, and on nothing of an organisation's. The matrix says which pages a role opens; this says which objects.
"""

import uuid
from typing import Any

from sqlalchemy import ColumnElement, exists, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from campaign.db import db
from campaign.organisers.models import Account, Grant, Membership

SEES_ALL = ("admin",)


class NotTheirs(Exception):
    """It belongs to an organisation that is not theirs. A page answers as if there were no such thing."""


def own(account: Account) -> list[uuid.UUID] | None:
    """The organisations whose things they work on, besides what belongs to nobody; None: all."""
    if account.role in SEES_ALL:
        return None
    return list(db.session.scalars(select(Membership.organisation_id).where(Membership.account_id == account.id)))


def sees(account: Account, organisation_id: uuid.UUID | None, *, drive_id: uuid.UUID | None = None) -> bool:
    """Whether they work on what belongs to this organisation (None: to nobody). `drive_id`: the drive it is; their role granted for it is enough.

    Another role than their own, granted for a drive, opens nothing by itself: which pages open is said by the role of the account.
    """
    if organisation_id is None or account.role in SEES_ALL:
        return True
    member = exists().where(Membership.account_id == account.id, Membership.organisation_id == organisation_id)
    granted = exists().where(Grant.account_id == account.id, Grant.role == account.role, Grant.drive_id == drive_id)
    return bool(db.session.scalar(select(member if drive_id is None else or_(member, granted))))


def check(account: Account, organisation_id: uuid.UUID | None, *, drive_id: uuid.UUID | None = None) -> None:
    """Raise NotTheirs unless they work on it: what a page or service asks before it shows or changes anything."""
    if not sees(account, organisation_id, drive_id=drive_id):
        raise NotTheirs


def condition(account: Account, column: InstrumentedAttribute[Any] | ColumnElement[Any]) -> ColumnElement[bool]:
    """The same for a list: `column` holds the organisation a row belongs to."""
    organisations = own(account)
    return true() if organisations is None else or_(column.is_(None), column.in_(organisations))


def has_role(account: Account, role: str, drive_id: uuid.UUID | None = None) -> bool:
    """Whether they have this role: for everything, or granted for this drive."""
    if account.role == role:
        return True
    granted = exists().where(Grant.account_id == account.id, Grant.role == role, Grant.drive_id == drive_id)
    return drive_id is not None and bool(db.session.scalar(select(granted)))
