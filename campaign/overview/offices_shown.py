"""The directory as the desk shows it: each office with what is verified, what is due, and how many calls to action use it."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from campaign.appeals.models import Appeal, AppealTarget
from campaign.appeals.service import current, words
from campaign.authorities import checking
from campaign.authorities.checking import MAILBOX_STALE, PAPER_STALE, is_stale
from campaign.authorities.finding import found_by
from campaign.authorities.models import Authority, AuthorityCheck, Mailbox
from campaign.authorities.service import office
from campaign.cases.service import main_name
from campaign.db import db
from campaign.organisers import belonging
from campaign.organisers.approvals import DECIDERS
from campaign.organisers.models import Account, Membership, Organisation
from campaign.printing.recall import UnderWay
from campaign.text import Said, _

PAGE = 50
USING = ("draft", "in_review", "scheduled", "live", "paused", "closed")
"""The states in which an appeal's letters may still go to its offices."""
WANTED = ("all", "unverified", "due")


@dataclass(frozen=True)
class Verified:
    """An address and since when somebody vouches for it; `due`: so long ago that it is to be checked again."""

    address: str
    since: datetime | None
    due: bool
    hourly_cap: int = 0
    rests_until: datetime | None = None


@dataclass(frozen=True)
class Row:
    """An office in the list."""

    key: str
    title: str
    country: str
    paper: Verified
    mailboxes: list[Verified]
    appeals: int


@dataclass(frozen=True)
class Page:
    """A page of the list; `more`: there is another one."""

    rows: list[Row]
    more: bool
    countries: list[str]


@dataclass(frozen=True)
class Use:
    """A call to action that is addressed to an office."""

    slug: str
    title: str
    case: str
    state: str


@dataclass(frozen=True)
class Checked:
    """A check in the history of an office."""

    day: datetime
    who: str
    right: bool
    postal: list[str]
    mailboxes: list[str]
    source: str


def directory(*, q: str, country: str, wanted: str, page: int, now: datetime) -> Page:
    """The offices that match, by country and key."""
    query = select(Authority).where(found_by(q)).order_by(Authority.country, Authority.key).offset(page * PAGE).limit(PAGE + 1)
    if country:
        query = query.where(Authority.country == country)
    if wanted == "unverified":
        unverified = select(Mailbox.id).where(Mailbox.authority_id == Authority.id, Mailbox.verified_at.is_(None)).exists()
        query = query.where(or_(Authority.verified_at.is_(None), unverified))
    elif wanted == "due":
        query = query.where(checking.stale(now=now))
    found = list(db.session.scalars(query))
    used = _used([authority.id for authority in found[:PAGE]])
    rows = [Row(one.key, office(one), one.country, paper(one, now=now), mailboxes(one, now=now), used[one.id]) for one in found[:PAGE]]
    return Page(rows, len(found) > PAGE, list(db.session.scalars(select(Authority.country).distinct().order_by(Authority.country))))


def paper(authority: Authority, *, now: datetime) -> Verified:
    """The postal address."""
    return Verified("", authority.verified_at, is_stale(authority.verified_at, PAPER_STALE, now=now))


def mailboxes(authority: Authority, *, now: datetime) -> list[Verified]:
    """Each mailbox; one rests while its server pushes back."""
    return [
        Verified(
            mailbox.address,
            mailbox.verified_at,
            is_stale(mailbox.verified_at, MAILBOX_STALE, now=now),
            mailbox.hourly_cap,
            mailbox.paused_until if mailbox.paused_until and mailbox.paused_until > now else None,
        )
        for mailbox in authority.mailboxes
    ]


def uses(authority: Authority, *, by: Account) -> tuple[list[Use], int]:
    """The calls to action that go there and `by` may see, and how many others do."""
    query = select(Appeal).join(AppealTarget, AppealTarget.appeal_id == Appeal.id).where(AppealTarget.authority_id == authority.id, Appeal.state.in_(USING))
    appeals = list(db.session.scalars(query.order_by(Appeal.slug)).unique())
    theirs = [appeal for appeal in appeals if belonging.sees(by, appeal.organisation_id)]
    return [Use(appeal.slug, _title(appeal), main_name(appeal.case), appeal.state) for appeal in theirs], len(appeals) - len(theirs)


def checked(authority: Authority) -> list[Checked]:
    """Every check of an office, the newest first."""
    return [Checked(row.at, _checker(row), row.found == "right", row.postal, row.mailboxes, row.source) for row in checking.checks(authority)]


def who(account_id: uuid.UUID | None) -> str:
    """An account's name; nothing where a command did it."""
    account = db.session.get(Account, account_id) if account_id else None
    return account.name if account is not None else ""


def alone(account: Account, authority: Authority) -> uuid.UUID | None:
    """The single-handed organisation in which this person changes and verifies this office without a second one; None: there must be one.

    Others' letters are not theirs to send elsewhere: every appeal that goes there is that organisation's, or nobody else on the site could decide.
    """
    query = select(Organisation.id).join(Membership, Membership.organisation_id == Organisation.id)
    single = list(db.session.scalars(query.where(Membership.account_id == account.id, Organisation.single_handed.is_(True)).order_by(Organisation.id)))
    if not single:
        return None
    owners = select(Appeal.organisation_id).join(AppealTarget, AppealTarget.appeal_id == Appeal.id)
    theirs = set(db.session.scalars(owners.where(AppealTarget.authority_id == authority.id, Appeal.state.in_(USING)))) <= set(single)
    other = db.session.scalar(select(Account.id).where(Account.role.in_(DECIDERS), Account.id != account.id).limit(1))
    return single[0] if theirs or other is None else None


def ways_said(way: UnderWay) -> list[str]:
    """What is under way, a line for each batch, for whoever decides."""
    return [
        *(_("Batch %(number)s by e-mail, %(count)s letters", number=one.number, count=one.letters) for one in way.email),
        *(_("Batch %(number)s on paper, %(count)s letters: not printed yet", number=one.number, count=one.letters) for one in way.taken),
        *(_("Batch %(number)s on paper, %(count)s letters: printed, with a volunteer", number=one.number, count=one.letters) for one in way.printed),
    ]


def _checker(row: AuthorityCheck) -> str:
    return row.said_by or who(row.checked_by)


def _title(appeal: Appeal) -> str:
    return words(current(appeal)).title if appeal.versions else Said(appeal.slug, "zxx")


def _used(ids: list[uuid.UUID]) -> Counter[uuid.UUID]:
    # A page of offices has a handful of appeals each.
    query = select(AppealTarget.authority_id).join(Appeal, Appeal.id == AppealTarget.appeal_id)
    return Counter(db.session.scalars(query.where(AppealTarget.authority_id.in_(ids), Appeal.state.in_(USING))))
