"""What a petition's page shows, gathered once."""

from dataclasses import dataclass
from datetime import date, datetime

from babel import Locale

from campaign.appeals import service as appeals
from campaign.appeals.models import Appeal, AppealText
from campaign.authorities.service import office
from campaign.cases.models import Case
from campaign.cases.service import Held, held, main_name, native_name, shape
from campaign.db import PartialDate
from campaign.petitions.lines import lines
from campaign.petitions.names import signed_lately
from campaign.petitions.service import Signed
from campaign.supporters.visibility import Visibility
from campaign.text import Said, _, one_language, reading_language
from campaign.text.places import countries

URGENT_DAYS = 21
EXAMPLE_COUNTRY = "SE"


@dataclass(frozen=True)
class Person:
    """Who the petition is for."""

    slug: str
    name: str
    native: str | None
    country: str
    roles: tuple[str, ...]
    status: str
    shape: str
    as_of: PartialDate
    checked_on: date
    held: Held | None


@dataclass(frozen=True)
class Closing:
    """The last day, and how many days that is from today; urgent only when it is near."""

    day: date
    days_left: int
    urgent: bool


@dataclass(frozen=True)
class Petition:
    """An open petition in one language."""

    slug: str
    version: int
    words: AppealText
    languages: tuple[tuple[str, str], ...]  # tag, and its name in the language itself
    offices: tuple[str, ...]
    person: Person
    closing: Closing
    progress: appeals.Progress
    lately: tuple[str, ...]


@dataclass(frozen=True)
class Shut:
    """A petition that takes nothing: just now, or any more."""

    state: str  # "paused", "closed" or "withdrawn"
    title: str
    person: Person
    reached: int


@dataclass(frozen=True)
class SignaturePage:
    """A signature as its link shows it. `own`: this very signature stands under the petition, not another of the same person."""

    title: str
    language: str
    slug: str
    person: Person
    confirmed: bool
    own: bool
    to_public: str
    to_authority: str
    comment: str | None
    updates: str | None
    updates_language: str
    progress: appeals.Progress


@dataclass(frozen=True)
class Lines:
    """Below each choice the line as it will be read; an example as long as name and country are not typed."""

    of: dict[str, str]
    example: bool


def read(*, slug: str, language: str | None, now: datetime) -> Petition:
    """The petition with its text in `language`, or in the reader's. Raises AppealUnknown, AppealPaused, AppealClosed."""
    appeal = _find(slug)
    appeals.check_open(appeal, now=now)
    version = appeals.current(appeal)
    known = tuple(sorted(text.language for text in version.texts))
    return Petition(
        slug=appeal.slug,
        version=version.number,
        words=appeals.words(version, language if language in known else None),
        languages=tuple((tag, str(Locale.parse(tag, sep="-").display_name)) for tag in known),
        offices=tuple(office(target.authority, reading_language()) for target in appeal.targets),
        person=person_of(appeal.case),
        closing=_closing(appeal, now),
        progress=appeals.progress(appeal),
        lately=tuple(signed_lately(appeal.id)),
    )


def shut(*, slug: str) -> Shut:
    """Why there is nothing to sign. Raises AppealUnknown."""
    appeal = _find(slug)
    state = "paused" if appeal.state == "live" and appeal.case.stopped_at is not None else appeal.state
    words = appeals.words(appeals.current(appeal))
    return Shut("closed" if state in ("live", "archived") else state, words.title, person_of(appeal.case), appeal.actions)


def signature(signed: Signed) -> SignaturePage:
    """What is signed, and how it will be read."""
    row, appeal = signed.signature, signed.appeal
    own = signed.confirmed and row.state == "confirmed"
    shown = lines(name=row.name, country=row.country)
    return SignaturePage(
        title=signed.title,
        language=row.language,
        slug=appeal.slug,
        person=person_of(appeal.case),
        confirmed=signed.confirmed,
        own=own,
        to_public=shown[row.to_public],
        to_authority=shown[row.to_authority],
        comment=row.comment if row.to_authority != Visibility.COUNTED else None,
        updates=row.updates_wording,
        updates_language=row.page_language,
        progress=appeals.progress(appeal),
    )


def person_of(case: Case) -> Person:
    """The person a case is about."""
    text = one_language(case.texts)
    return Person(
        slug=case.slug,
        name=main_name(case),
        native=native_name(case),
        country=case.country,
        roles=tuple(Said(role, text.language) for role in text.roles) if text else (),
        status=case.status,
        shape=shape(case.status),
        as_of=case.as_of,
        checked_on=case.checked_on,
        held=held(case),
    )


def lines_for(*, name: str | None, country: str | None) -> Lines:
    """The lines of all choices, from what was typed where that is enough."""
    typed = bool(name and name.strip() and country in {code for code, _name in countries(reading_language())})
    if typed and name and country:
        return Lines(lines(name=name, country=country), example=False)
    return Lines(lines(name=_("Anna Example"), country=EXAMPLE_COUNTRY), example=True)


def _find(slug: str) -> Appeal:
    appeal = appeals.find(slug)
    if appeal.kind != "petition":
        raise appeals.AppealUnknown(slug)
    return appeal


def _closing(appeal: Appeal, now: datetime) -> Closing:
    days = max((appeal.act_before - now.date()).days, 0)
    return Closing(appeal.act_before, days, days <= URGENT_DAYS)
