"""Invitations: how somebody comes to the desk, and how somebody whose telephone is gone comes back."""

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from campaign.audit import service as audit
from campaign.db import db, new_id
from campaign.mail import service as mail
from campaign.organisers import factors, passwords, service
from campaign.organisers.models import INVITATION_STATES, ROLES, Account, Invitation
from campaign.security import tokens

PURPOSE = "invitation"
LASTS = timedelta(days=7)
FORGOTTEN_AFTER = timedelta(days=30)


class InvitationOver(Exception):
    """It was accepted, withdrawn, or its seven days are over."""


def invite(*, email: str, name: str, role: str, country: str, by: uuid.UUID | None, link: Callable[[str], str], language: str, now: datetime) -> Invitation:
    """Ask somebody to the desk by mail. An older invitation of the same address that waits is withdrawn.

    Whoever has an account keeps name, role and country, and gets another password and another second factor when they accept; until then all stays as it is.
    """
    if role not in ROLES:
        raise ValueError(f"“{role}” is none of the roles {', '.join(ROLES)}")
    index, account = service.account_index(email), service.find_account(email=email)
    for older in db.session.scalars(select(Invitation).where(Invitation.address_index == index, Invitation.state == "waiting")):
        _move(older, "withdrawn", by=by, now=now)
    invitation = Invitation(
        id=new_id(), address_index=index, email=email.strip(), name=name, role=role, country=country, invited_by=by, created_at=now, ends_at=now + LASTS
    )
    if account is not None:
        invitation.name, invitation.role, invitation.country, invitation.account_id = account.name, account.role, account.country, account.id
    db.session.add(invitation)
    db.session.flush()
    values = {"link": link(token(invitation)), "again": "yes" if account is not None else "", "until": invitation.ends_at.date().isoformat()}
    mail.queue(kind="organisers/invitation", recipient=invitation.email, values=values, language=language, not_before=now, now=now)
    audit.record(by=by, action="invitation.made", of=invitation.id, now=now, details={"role": invitation.role, "again": account is not None})
    return invitation


def token(invitation: Invitation) -> str:
    """The secret part of its link."""
    return tokens.make(PURPOSE, invitation.id)


def find(text: str, *, now: datetime) -> Invitation:
    """The invitation a link is about. Raises TokenWrong and InvitationOver."""
    invitation = db.session.get(Invitation, tokens.read(PURPOSE, text).id)
    if invitation is None or invitation.state != "waiting" or invitation.ends_at <= now:
        raise InvitationOver
    return invitation


def accept(invitation: Invitation, *, name: str, password: str, now: datetime) -> Account:
    """The person is here: the account is made, or has another password and no second factor. Raises InvitationOver, and what passwords.check raises.

    What comes next is the second factor; without it nothing opens.
    """
    passwords.check(password, email=invitation.email, name=name)
    _move(invitation, "accepted", by=None, now=now, unless_over=True)
    account = service.find_account(email=invitation.email)
    if account is None:
        account = service.make_account(email=invitation.email, name=name, role=invitation.role, country=invitation.country, password=password, now=now)
        audit.record(by=account.id, action="account.made", of=account.id, now=now, details={"role": account.role, "invitation": str(invitation.id)})
    else:
        service.set_password(account, password)
        factors.remove(account)
        account.name = name
        audit.record(by=account.id, action="account.second_factor_reset", of=account.id, now=now, details={"invitation": str(invitation.id)})
    invitation.account_id = account.id
    factors.offer(account)
    db.session.flush()
    return account


def withdraw(invitation: Invitation, *, by: uuid.UUID, now: datetime) -> None:
    """The link opens nothing any more. Raises InvitationOver."""
    _move(invitation, "withdrawn", by=by, now=now)


def waiting() -> list[Invitation]:
    """Those that were not answered yet, the newest first."""
    return list(db.session.scalars(select(Invitation).where(Invitation.state == "waiting").order_by(Invitation.id.desc())))


def sweep(*, now: datetime) -> None:
    """What was not accepted within seven days is over; a month after they were made, invitations that are over are forgotten with their addresses."""
    for late in db.session.scalars(select(Invitation).where(Invitation.state == "waiting", Invitation.ends_at <= now)):
        _move(late, "expired", by=None, now=now)
    db.session.execute(delete(Invitation).where(Invitation.state != "waiting", Invitation.created_at < now - FORGOTTEN_AFTER))


def _move(invitation: Invitation, state: str, *, by: uuid.UUID | None, now: datetime, unless_over: bool = False) -> None:
    """The one way from state to state, atomically."""
    if state not in INVITATION_STATES[invitation.state]:
        raise InvitationOver
    change = update(Invitation).where(Invitation.id == invitation.id, Invitation.state == invitation.state)
    if unless_over:
        change = change.where(Invitation.ends_at > now)
    moved = db.session.scalar(change.values(state=state, decided_at=now).returning(Invitation.id), execution_options={"synchronize_session": False})
    if moved is None:
        raise InvitationOver
    db.session.refresh(invitation)
    audit.record(by=by, action=f"invitation.{state}", of=invitation.id, now=now)
