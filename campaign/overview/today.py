"""The desk's page: a letter about what needs a person, the newest batches, and the appeals with their brakes."""

import uuid
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from campaign.appeals.models import Appeal, AppealVersion
from campaign.appeals.owner import OWNER
from campaign.appeals.service import current, progress, words
from campaign.authorities.service import office
from campaign.cases.models import Case
from campaign.cases.service import main_name
from campaign.db import db
from campaign.dispatch.models import Batch, BatchItem
from campaign.letters.models import Letter
from campaign.letters.service import WRITER_HAS
from campaign.organisers.models import Account
from campaign.overview.need import Need, rows_of, said, waited
from campaign.overview.needs import needs
from campaign.overview.whose import Whose
from campaign.text import _, ngettext, number_text

NEWEST_BATCHES = 12
MOST_CASES = 60
LONG_WITH_WRITER = timedelta(days=30)


@dataclass(frozen=True)
class BatchRow:
    """A batch in the table."""

    number: int
    to: str
    channel: str
    letters: int
    posted: int | None  # of a batch that is in the post: all but those that were given back or stopped
    state: str
    day: datetime


@dataclass(frozen=True)
class AppealRow:
    """An appeal and where it stands."""

    slug: str
    kind: str
    title: str
    state: str
    now: int
    goal: int


@dataclass(frozen=True)
class CaseRow:
    """A case with its appeals; `stopped`: nothing about it leaves."""

    slug: str
    name: str
    stopped: datetime | None
    appeals: list[AppealRow]


@dataclass(frozen=True)
class Today:
    """Everything on the page."""

    lead: str
    needs: list[Need]
    quiet: list[str]  # what waits for somebody else: good to know, and nothing to do
    batches: list[BatchRow]
    cases: list[CaseRow]


def today(*, now: datetime, account: Account | None = None) -> Today:
    """The desk as it is now for somebody: what is theirs; without an account, all of it."""
    whose = Whose(account)
    found, cases = needs(now=now, account=account), _cases(whose)
    held_back = any(case.stopped or any(appeal.state == "paused" for appeal in case.appeals) for case in cases)
    return Today(lead(found, now=now, held_back=held_back), found, _with_writers(now, whose), _batches(whose), cases)


def lead(found: list[Need], *, now: datetime, held_back: bool = False) -> str:
    """The first sentence: “Three things need you; the oldest has waited 2 days.” `held_back`: somebody paused or stopped something."""
    if not found and held_back:
        return _("Nothing new needs you. What is paused or stopped waits for you; all else leaves by itself.")
    if not found:
        return _("Nothing needs you. What waits leaves by itself.")
    names = (_("One"), _("Two"), _("Three"), _("Four"), _("Five"), _("Six"), _("Seven"), _("Eight"), _("Nine"), _("Ten"))
    many = names[len(found) - 1] if len(found) <= len(names) else number_text(len(found))
    long = waited(min(one.since for one in found), now=now)
    if len(found) == 1:
        return _("One thing needs you; it has waited %(long)s.", long=long)
    sentence = ngettext(
        "%(many)s thing needs you; the oldest has waited %(long)s.",
        "%(many)s things need you; the oldest has waited %(long)s.",
        len(found),
        many=many,
        long=long,
    )
    return str(sentence)


def _with_writers(now: datetime, whose: Whose) -> list[str]:
    rows = rows_of(select(Letter).where(Letter.state == "with_writer", Letter.confirmed_at < now - LONG_WITH_WRITER, whose.appeals(Letter.appeal_id)))
    if not rows:
        return []
    sentence = ngettext(
        "%(said)s letter has been with its writer for more than %(long)s days. If nobody says within %(days)s days that it is posted, it is withdrawn and erased.",
        "%(said)s letters have been with their writers for more than %(long)s days. If nobody says within %(days)s days that one is posted, it is withdrawn and erased.",
        len(rows),
        said=said(rows),
        long=LONG_WITH_WRITER.days,
        days=WRITER_HAS.days,
    )
    return [str(sentence)]


def _batches(whose: Whose) -> list[BatchRow]:
    rows = db.session.scalars(select(Batch).where(whose.batches()).order_by(Batch.number.desc()).limit(NEWEST_BATCHES)).unique().all()
    kept_back = _kept_back([batch.id for batch in rows if batch.state == "posted"])
    return [
        BatchRow(
            number=batch.number,
            to=office(batch.authority) if batch.authority is not None else _("Where messages are collected"),
            channel=batch.channel,
            letters=batch.size,
            posted=batch.size - kept_back[batch.id] if batch.state == "posted" else None,
            state=batch.state,
            day=batch.left_at or batch.sealed_at,
        )
        for batch in rows
    ]


def _kept_back(posted: list[uuid.UUID]) -> Counter[uuid.UUID]:
    """How many letters of each batch on paper were not posted with it: few rows, since a batch holds no more than a bundle."""
    return Counter(db.session.scalars(select(BatchItem.batch_id).where(BatchItem.batch_id.in_(posted), BatchItem.state != "posted")) if posted else ())


def _cases(whose: Whose) -> list[CaseRow]:
    query = select(Appeal).join(Case, Case.id == Appeal.case_id).where(Appeal.state.in_(("live", "paused", "closed")), whose.of(OWNER))
    rows: dict[str, CaseRow] = {}
    for appeal in db.session.scalars(
        query.order_by(Case.slug, Appeal.kind).options(selectinload(Appeal.versions).selectinload(AppealVersion.texts)).limit(3 * MOST_CASES)
    ).unique():
        case = appeal.case
        row = rows.setdefault(case.slug, CaseRow(case.slug, main_name(case), case.stopped_at, []))
        where = progress(appeal)
        row.appeals.append(AppealRow(appeal.slug, appeal.kind, words(current(appeal)).title, appeal.state, where.now, where.goal))
    # What is held back stands first: it must not be forgotten.
    return sorted(rows.values(), key=lambda row: (row.stopped is None and all(appeal.state != "paused" for appeal in row.appeals), row.name))
