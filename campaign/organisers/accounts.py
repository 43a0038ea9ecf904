"""What an admin does with accounts: roles, organisations, roles for one drive, ending sessions. Each is in the trail, by id and never by name."""

import uuid
from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select

from campaign.audit import service as audit
from campaign.db import db
from campaign.organisers import service
from campaign.organisers.models import ROLES, Account, Grant, Membership, Organisation


class AccountUnknown(Exception):
    """There is no such account, or no such role granted to it."""


class LastAdmin(Exception):
    """Somebody has to be an admin: nobody else could make another one."""


class Changed(Exception):
    """Somebody else changed the account since the form was opened."""


def listed() -> list[Account]:
    """All accounts, by name."""
    return sorted(db.session.scalars(select(Account)), key=lambda account: (account.name.casefold(), account.id))


def find(account_id: uuid.UUID) -> Account:
    """The account. Raises AccountUnknown."""
    account = db.session.get(Account, account_id)
    if account is None:
        raise AccountUnknown
    return account


def organisations_of(account: Account) -> list[Organisation]:
    """Those it belongs to."""
    query = select(Organisation).join(Membership, Membership.organisation_id == Organisation.id)
    return list(db.session.scalars(query.where(Membership.account_id == account.id).order_by(Organisation.slug)))


def grants_of(account: Account) -> list[Grant]:
    """Its roles for one drive each."""
    return list(db.session.scalars(select(Grant).where(Grant.account_id == account.id).order_by(Grant.id)))


def stamp(account: Account) -> str:
    """What a form showed: role and organisations."""
    return " ".join((account.role, *sorted(one.slug for one in organisations_of(account))))


def change(account: Account, *, role: str, organisations: Collection[str], seen: str, by: Account, now: datetime) -> None:
    """Give it this role and these organisations (by slug). A changed role ends its sessions. Raises LastAdmin and Changed."""
    admins = list(db.session.scalars(select(Account).where(Account.role == "admin").order_by(Account.id).with_for_update()))  # two who end each other's role wait here
    db.session.refresh(account, with_for_update=True)
    if role not in ROLES:
        raise ValueError(f"“{role}” is none of the roles {', '.join(ROLES)}")
    if stamp(account) != seen:
        raise Changed
    if role != "admin" and [admin.id for admin in admins] == [account.id]:
        raise LastAdmin
    if role != account.role:
        audit.record(by=by.id, action="account.role_changed", of=account.id, now=now, details={"from": account.role, "to": role})
        account.role = role
        service.end_sessions(account)
    _belong(account, organisations, by=by, now=now)
    db.session.flush()


def _belong(account: Account, slugs: Collection[str], *, by: Account, now: datetime) -> None:
    belongs = {one.slug: one for one in organisations_of(account)}
    wanted = {one.slug: one for one in db.session.scalars(select(Organisation).where(Organisation.slug.in_(slugs)))}
    for slug in sorted(belongs.keys() - wanted.keys()):
        db.session.delete(db.session.get_one(Membership, (account.id, belongs[slug].id)))
        audit.record(by=by.id, action="account.left", of=account.id, now=now, details={"organisation": slug})
    for slug in sorted(wanted.keys() - belongs.keys()):
        db.session.add(Membership(account_id=account.id, organisation_id=wanted[slug].id))
        audit.record(by=by.id, action="account.joined", of=account.id, now=now, details={"organisation": slug})


def give(account: Account, *, role: str, drive_id: uuid.UUID, by: Account, now: datetime) -> None:
    """A role for one drive. Given twice, it is one."""
    if role not in ROLES:
        raise ValueError(f"“{role}” is none of the roles {', '.join(ROLES)}")
    db.session.refresh(account, with_for_update=True)
    if any((grant.role, grant.drive_id) == (role, drive_id) for grant in grants_of(account)):
        return
    db.session.add(Grant(account_id=account.id, role=role, drive_id=drive_id))
    db.session.flush()
    audit.record(by=by.id, action="account.granted", of=account.id, now=now, details={"role": role, "drive": str(drive_id)})


def take(account: Account, grant_id: uuid.UUID, *, by: Account, now: datetime) -> None:
    """Take a role for one drive away. Raises AccountUnknown where it was not theirs."""
    grant = db.session.get(Grant, grant_id)
    if grant is None or grant.account_id != account.id:
        raise AccountUnknown
    db.session.delete(grant)
    audit.record(by=by.id, action="account.grant_taken", of=account.id, now=now, details={"role": grant.role, "drive": str(grant.drive_id)})


def end_sessions(account: Account, *, by: Account, now: datetime) -> None:
    """Log it out, on every machine."""
    service.end_sessions(account)
    audit.record(by=by.id, action="account.sessions_ended", of=account.id, now=now)
