"""Verification: who compared an address with the office's own, on which day and how, and when that is to be done again."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select

from campaign.audit import service as audit
from campaign.authorities.facts import address_said, facts_of
from campaign.authorities.history import number_of
from campaign.authorities.models import Authority, AuthorityCheck, Mailbox
from campaign.db import db

PAPER_STALE = timedelta(days=365)
"""An office moves seldom, and the post sends on what goes to its old house for about a year; what comes back takes months to say so."""
MAILBOX_STALE = timedelta(days=182)
"""A mailbox ends with the holder, a new provider or a new ministry, often without a bounce: nothing says that it is read by nobody."""


class ChangedMeanwhile(Exception):
    """The office is not any more as it stood on the page."""


class TypedItThemselves(Exception):
    """Who typed an address does not verify it: a slip looks right to whoever made it."""


class NothingChecked(Exception):
    """Neither the postal address nor a mailbox was looked at."""


def may_check(authority: Authority, *, by: uuid.UUID, alone: bool = False) -> bool:
    """Whether this account may verify it: anybody but who typed the address, and in a team of one (`alone`) they too."""
    return alone or authority.address_by != by


def check(
    authority: Authority, *, by: uuid.UUID, version: int, postal: bool, mailboxes: Iterable[str], source: str, now: datetime, alone: bool = False
) -> AuthorityCheck:
    """Write down that `by` has compared these with the office's own today: from now on letters go there.

    `version`: how it stood on the page. Raises ChangedMeanwhile, TypedItThemselves, NothingChecked.
    """
    db.session.refresh(authority, with_for_update=True)
    if number_of(authority) != version:
        raise ChangedMeanwhile
    if not may_check(authority, by=by, alone=alone):
        raise TypedItThemselves
    looked_at = set(mailboxes)
    rows = [mailbox for mailbox in authority.mailboxes if mailbox.address in looked_at]
    if not postal and not rows:
        raise NothingChecked
    if postal:
        authority.verified_at, authority.verified_by = now, None
    for mailbox in rows:
        mailbox.verified_at = now
    return _keep(authority, "right", by=by, postal=postal, mailboxes=[mailbox.address for mailbox in rows], source=source, now=now)


def doubt(authority: Authority, *, by: uuid.UUID, source: str, now: datetime) -> AuthorityCheck:
    """Take the verification back: from this moment nothing goes there. One person is enough to hold letters back."""
    db.session.refresh(authority, with_for_update=True)
    withdraw(authority)
    return _keep(authority, "doubted", by=by, postal=True, mailboxes=[mailbox.address for mailbox in authority.mailboxes], source=source, now=now)


def withdraw(authority: Authority) -> None:
    """Nobody vouches for the address any more, nor for any mailbox."""
    authority.verified_at = authority.verified_by = None
    for mailbox in authority.mailboxes:
        mailbox.verified_at = None


def by_command(authority: Authority, *, name: str, now: datetime) -> None:
    """What the command writes down: somebody with a name and no account has checked all of it."""
    mailboxes = [mailbox.address for mailbox in authority.mailboxes]
    db.session.add(AuthorityCheck(authority_id=authority.id, at=now, said_by=name, found="right", postal=_shown(authority), mailboxes=mailboxes, source=""))
    audit.record(by=None, action="authority.verified", of=authority.key, now=now, details={"said_by": name, "mailboxes": mailboxes})


def checks(authority: Authority) -> list[AuthorityCheck]:
    """Every check of an office, the newest first."""
    return list(db.session.scalars(select(AuthorityCheck).where(AuthorityCheck.authority_id == authority.id).order_by(AuthorityCheck.id.desc())))


def stale(*, now: datetime) -> ColumnElement[bool]:
    """A condition on Authority: its address or one of its mailboxes was verified, and too long ago. It still goes there: a person is warned."""
    old = select(Mailbox.id).where(Mailbox.authority_id == Authority.id, Mailbox.verified_at < now - MAILBOX_STALE).exists()
    return or_(and_(Authority.verified_at.is_not(None), Authority.verified_at < now - PAPER_STALE), old)


def is_stale(verified_at: datetime | None, after: timedelta, *, now: datetime) -> bool:
    """Whether something was verified so long ago that it is to be looked at again."""
    return verified_at is not None and verified_at < now - after


def _keep(authority: Authority, found: str, *, by: uuid.UUID, postal: bool, mailboxes: list[str], source: str, now: datetime) -> AuthorityCheck:
    row = AuthorityCheck(authority_id=authority.id, at=now, checked_by=by, found=found, postal=_shown(authority) if postal else [], mailboxes=mailboxes, source=source)
    db.session.add(row)
    done = "authority.verified" if found == "right" else "authority.doubted"
    audit.record(by=by, action=done, of=authority.key, now=now, details={"postal": row.postal, "mailboxes": mailboxes, "source": source})
    db.session.flush()
    return row


def _shown(authority: Authority) -> list[str]:
    said = address_said(facts_of(authority))
    return [*(text for name, text in said.items() if name.startswith("title")), *authority.lines, authority.country]
