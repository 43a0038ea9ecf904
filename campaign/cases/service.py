"""What can be done with cases: found by address or by any spelling, counted in days, asked what they still ask for."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, false, or_, select
from sqlalchemy.orm import selectinload

from campaign.cases.models import FREE, HELD, RESTRICTED, Case, CaseName, TimelineEntry
from campaign.cases.spelling import HELD_DOWN, fold
from campaign.db import PartialDate, db, now_utc

DIED = "died_in_custody"
LONGEST_QUERY = 80
OUTCOMES = ("release", "pardon", "acquittal", "death")
"""The kinds of timeline entries that say what changed for the defender."""


class CaseUnknown(Exception):
    """There is no such case."""


@dataclass(frozen=True)
class Held:
    """For how many days at least, and the news by which."""

    days: int
    as_of: PartialDate


def shown() -> ColumnElement[bool]:
    """That a case is public today, as a condition on Case: published, and its consent has not run out, whether the sweeper came by or not."""
    return and_(Case.publication == "public", or_(Case.consent_until.is_(None), Case.consent_until >= now_utc().date()))


def find_case(slug: str) -> Case:
    """The public case with its timeline and sources. Raises CaseUnknown."""
    query = select(Case).where(Case.slug == slug, shown())
    case = db.session.scalar(query.options(selectinload(Case.timeline), selectinload(Case.source_links)))
    if case is None:
        raise CaseUnknown(slug)
    return case


def search(
    text: str = "", *, country: str = "", statuses: Collection[str] = (), start: int = 0, limit: int = 50, whole: bool = False, featured: bool = False
) -> list[Case]:
    """Public cases whose name has all words of `text` in one of its spellings, the featured ones first. `whole`: with timeline."""
    query = select(Case).order_by(Case.featured.desc(), Case.slug).offset(start).limit(limit)
    query = spelled(query, text).where(shown())
    if country:
        query = query.where(Case.country == country)
    if statuses:
        query = query.where(Case.status.in_(statuses))
    if featured:
        query = query.where(Case.featured)
    if whole:
        query = query.options(selectinload(Case.timeline))
    return list(db.session.scalars(query))


def spelled(query: Select[Case], text: str) -> Select[Case]:
    """Of the cases those whose name has all words of `text` in one of its spellings."""
    words = [(word, typed) for typed in text[:LONGEST_QUERY].split() for word in fold(typed).split()]
    if words:
        return query.where(Case.names.any(and_(*(_has(word, typed=typed) for word, typed in words))))
    return query.where(false()) if text.strip() else query  # signs alone are nobody's name


def _has(word: str, *, typed: str) -> ColumnElement[bool]:
    if len(word) <= 2 and HELD_DOWN.search(typed):  # “aaaa” is not “a”, with which half the names begin
        return CaseName.text.icontains(typed, autoescape=True)
    if len(word) > 2:
        return CaseName.search.contains(word, autoescape=True)
    # One or two letters stand somewhere in every name: those a word begins with.
    return or_(CaseName.search.startswith(word, autoescape=True), CaseName.search.contains(f" {word}", autoescape=True))


def close_names(text: str) -> list[str]:
    """Main names of cases that are spelled nearly like `text`, for a search that found nobody; three at most."""
    words = fold(text[:LONGEST_QUERY]).split()
    spellings: dict[str, set[Any]] = {}
    for case_id, spelling in db.session.execute(select(CaseName.case_id, CaseName.search).join(Case, Case.id == CaseName.case_id).where(shown())):
        for part in spelling.split():
            spellings.setdefault(part, set()).add(case_id)
    near = Counter(case_id for word in words if len(word) > 2 for case_id in _spelled_nearly(word, spellings))
    names = select(CaseName.case_id, CaseName.text).where(CaseName.kind == "main", CaseName.case_id.in_(near))
    # Who is meant by both words of a name stands before who has only one of them.
    ranked = sorted(db.session.execute(names), key=lambda row: (-near[row.case_id], row.text)) if near else []
    return [text for _case_id, text in ranked[:3]]


def _spelled_nearly(word: str, spellings: dict[str, set[Any]]) -> set[Any]:
    """Those of whose names a part is nearly this word, each once."""
    return {case_id for match in get_close_matches(word, spellings, n=3, cutoff=0.72) for case_id in spellings[match]}


def choices() -> tuple[list[str], list[str]]:
    """The countries and the statuses for which there are cases."""
    rows = db.session.execute(select(Case.country, Case.status).where(shown()).distinct()).all()
    return sorted({country for country, status in rows}), sorted({status for country, status in rows})


def newest_entries(country: str, *, limit: int) -> list[tuple[Case, TimelineEntry]]:
    """What was reported last from a country, the newest first."""
    query = select(Case, TimelineEntry).join(TimelineEntry, TimelineEntry.case_id == Case.id).where(Case.country == country, shown())
    return [(case, entry) for case, entry in db.session.execute(query.order_by(TimelineEntry.day.desc(), Case.slug).limit(limit))]


def held(case: Case) -> Held | None:
    """Days held, counted only where the first day is known, and only as far as the news goes: a month counts to its first day."""
    if case.held_since is None or case.status not in HELD:
        return None
    days = (case.as_of.first_day - case.held_since).days
    return Held(days, case.as_of) if days > 0 else None


def asked(case: Case) -> tuple[str, ...]:
    """What a case still asks for."""
    return still_asked(case.status, case.demands)


def still_asked(status: str, demands: Iterable[str]) -> tuple[str, ...]:
    """Of demands those that make sense: none for the free, no release of who is not held, nothing but the truth for the dead."""
    if status in FREE:
        return ()
    if status == DIED:
        return tuple(one for one in demands if one in ("investigate_death", "quash_conviction"))
    senseless = ("investigate_death", "release") if status in RESTRICTED else ("investigate_death",)
    return tuple(one for one in demands if one not in senseless)


def shape(status: str) -> str:
    """The class of a status, whose mark is drawn beside the word: `held`, `restricted`, `free` or `died`."""
    groups = {"held": HELD, "restricted": RESTRICTED, "free": FREE}
    return next((name for name, group in groups.items() if status in group), "died")


def outcome(case: Case) -> TimelineEntry | None:
    """The entry that says what changed for the defender, where the status says that something did."""
    if case.status not in (*FREE, DIED):
        return None
    return next((entry for entry in reversed(case.timeline) if entry.kind in OUTCOMES), None)


def main_name(case: Case) -> str:
    """The name in Latin letters."""
    return next((name.text for name in case.names if name.kind == "main"), case.slug)


def native_name(case: Case) -> str | None:
    """The name as it is written at home, where that is another spelling."""
    return next((name.text for name in case.names if name.kind == "native" and name.text != main_name(case)), None)


def other_names(case: Case) -> list[CaseName]:
    """The other spellings in use."""
    return [name for name in case.names if name.kind == "other"]
