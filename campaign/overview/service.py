"""What pages made of several features show: a person with the calls to action, the home page, a country, a case."""

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from campaign.appeals.drives import service as drives
from campaign.appeals.models import Appeal, AppealText, Drive
from campaign.appeals.service import AppealClosed, AppealPaused, Progress, check_open, current, drive_of, progress, review_is_over, words
from campaign.authorities.models import Authority
from campaign.authorities.service import office
from campaign.cases import photos
from campaign.cases import service as cases
from campaign.cases.models import FREE, HELD, RESTRICTED, Case, CaseName, CasePhoto, CaseText, TimelineEntry
from campaign.cases.words import NATIVE_LANGUAGES
from campaign.db import db
from campaign.organisers.models import Organisation
from campaign.text import one_language

PER_PAGE = 30
GOOD_NEWS_ON_HOME = 4
NEWEST = 8
URGENT_DAYS = 21
ORDER = ("letter", "petition", "solidarity")
"""A letter weighs most, so it comes first."""


@dataclass(frozen=True)
class Call:
    """An open call to action, as it is shown beside a person."""

    slug: str
    kind: str
    words: AppealText
    offices: list[str]
    act_before: date
    days_left: int
    progress: Progress

    @property
    def urgent(self) -> bool:
        """Whether it closes soon."""
        return self.days_left <= URGENT_DAYS


@dataclass(frozen=True)
class Person:
    """A case as cards and pages show it."""

    case: Case
    calls: dict[str, list[Call]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return cases.main_name(self.case)

    @property
    def native(self) -> str | None:
        return cases.native_name(self.case)

    @property
    def native_language(self) -> str | None:
        native = next((name.language for name in self.case.names if name.kind == "native"), None)
        return native or NATIVE_LANGUAGES.get(self.case.country)

    @property
    def others(self) -> list[CaseName]:
        return cases.other_names(self.case)

    @property
    def words(self) -> CaseText | None:
        return one_language(self.case.texts)

    @property
    def held(self) -> cases.Held | None:
        return cases.held(self.case)

    @property
    def asked(self) -> tuple[str, ...]:
        return cases.asked(self.case)

    @property
    def outcome(self) -> TimelineEntry | None:
        return cases.outcome(self.case)

    @property
    def shape(self) -> str:
        """The class of status whose mark is drawn beside the word."""
        return cases.shape(self.case.status)

    def call(self, kind: str) -> Call | None:
        """The first open call of a kind."""
        return next(iter(self.calls.get(kind, ())), None)

    @property
    def all_calls(self) -> list[Call]:
        return [call for kind in ORDER for call in self.calls.get(kind, ())]


@dataclass(frozen=True)
class Home:
    """The home page: somebody first, the others, and the good news."""

    first: Person | None
    drive: Drive | None
    people: list[Person]
    good_news: list[Person]
    countries: list[str]
    statuses: list[str]
    close_names: list[str]
    more: bool


@dataclass(frozen=True)
class Country:
    """A country: its cases now and past, the offices that decide, and what changed."""

    now: list[Person]
    free: list[Person]
    died: list[Person]
    offices: list[str]
    changes: list[tuple[Person, TimelineEntry]]


@dataclass(frozen=True)
class CasePage:
    """A case, why its actions are closed, if they are (`stopped`, `review` or None), the drives it takes part in, and whose it is."""

    person: Person
    closed_by: str | None
    drives: list[Drive] = field(default_factory=list)
    organisation: Organisation | None = None
    photo: CasePhoto | None = None


def open_appeals(shown: Iterable[Case], *, now: datetime) -> list[Appeal]:
    """The calls to action of these cases that take something new now, with their words and targets."""
    ids = [case.id for case in shown]
    query = select(Appeal).where(Appeal.case_id.in_(ids), Appeal.state == "live").order_by(Appeal.act_before, Appeal.slug)
    found = db.session.scalars(query.options(selectinload(Appeal.versions), selectinload(Appeal.targets))) if ids else ()
    return [appeal for appeal in found if _is_open(appeal, now=now)]


def _is_open(appeal: Appeal, *, now: datetime) -> bool:
    try:
        check_open(appeal, now=now)
    except (AppealPaused, AppealClosed):
        return False
    return True


def open_calls(shown: Iterable[Case], *, now: datetime) -> dict[uuid.UUID, dict[str, list[Call]]]:
    """The open calls to action of these cases, by case and kind."""
    found: dict[uuid.UUID, dict[str, list[Call]]] = defaultdict(lambda: defaultdict(list))
    for appeal in open_appeals(shown, now=now):
        found[appeal.case_id][appeal.kind].append(_call(appeal, now=now))
    return found


def _call(appeal: Appeal, *, now: datetime) -> Call:
    return Call(
        slug=appeal.slug,
        kind=appeal.kind,
        words=words(current(appeal)),
        offices=[office(target.authority) for target in appeal.targets],
        act_before=appeal.act_before,
        days_left=max(0, (appeal.act_before - now.date()).days),
        progress=progress(appeal),
    )


def with_calls(shown: Sequence[Case], *, now: datetime) -> list[Person]:
    """These cases as cards show them, each with its open calls."""
    calls = open_calls(shown, now=now)
    return [Person(case, calls.get(case.id, {})) for case in shown]


def home(*, text: str, country: str, status: str, page: int, now: datetime) -> Home:
    """The home page. Without a search or filter: people who are held or restricted, one of them first, another each day."""
    filtered = bool(text or country or status)
    statuses: Collection[str] = (status,) if status else () if filtered else (*HELD, *RESTRICTED)
    found = cases.search(text, country=country, statuses=statuses, start=(page - 1) * PER_PAGE, limit=PER_PAGE + 1)
    people = with_calls(found[:PER_PAGE], now=now)
    first = None if filtered or page > 1 else _first(people, now=now)
    good = [] if filtered or page > 1 else with_calls(cases.search(statuses=FREE, limit=GOOD_NEWS_ON_HOME), now=now)
    countries, known = cases.choices()
    return Home(
        first=first,
        drive=None if filtered or page > 1 else drive_of(now.date()),
        people=[person for person in people if person is not first],
        good_news=good,
        countries=countries,
        statuses=known,
        close_names=cases.close_names(text) if text and not found else [],
        more=len(found) > PER_PAGE,
    )


def _first(people: list[Person], *, now: datetime) -> Person | None:
    # Everybody who can be written for has a day in the first place.
    able = [person for person in people if person.case.featured and person.calls] or [person for person in people if person.calls] or people
    return able[now.date().toordinal() % len(able)] if able else None


def good_news(*, now: datetime) -> list[Person]:
    """Everybody who is free again."""
    return with_calls(cases.search(statuses=FREE, limit=500, whole=True), now=now)


def country(code: str, *, now: datetime) -> Country | None:
    """A country's page, or None where it has no case."""
    people = with_calls(cases.search(country=code, limit=500), now=now)
    if not people:
        return None
    by_id = {person.case.id: person for person in people}
    offices = db.session.scalars(select(Authority).where(Authority.country == code).order_by(Authority.key))
    return Country(
        now=[person for person in people if person.shape in ("held", "restricted")],
        free=[person for person in people if person.shape == "free"],
        died=[person for person in people if person.shape == "died"],
        offices=[office(one) for one in offices],
        changes=[(by_id[case.id], entry) for case, entry in cases.newest_entries(code, limit=NEWEST) if case.id in by_id],
    )


def case_page(slug: str, *, now: datetime) -> CasePage:
    """A case with its open calls. Raises CaseUnknown."""
    case = cases.find_case(slug)
    person = with_calls([case], now=now)[0]
    closed_by = "stopped" if case.stopped_at is not None else "review" if review_is_over(case, today=now.date()) else None
    organisation = db.session.get(Organisation, case.organisation_id) if case.organisation_id else None
    return CasePage(person, closed_by if person.asked else None, drives.of_case(case.id), organisation, photos.shown(case, today=now.date()))
