"""What can be done with appeals: found, asked whether they are open, worded, counted, moved from state to state."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import selectinload

from campaign.appeals.models import APPEAL_STATES, HIDDEN_STATES, LEAVING_STATES, Appeal, AppealCount, AppealDay, AppealTarget, AppealText, AppealVersion, Drive
from campaign.audit import service as audit
from campaign.cases.models import Case
from campaign.cases.service import shown, still_asked
from campaign.db import db, touch_public
from campaign.text import _, number_text, one_language

Key = TypeVar("Key", str, date)
FEW = 5
"""A count that could point at one person is not shown."""
ANNOUNCED = timedelta(days=31)
"""How long before it begins a drive is told of."""
LAST_ON_EARTH = timedelta(hours=12)
"""A day ends last at UTC-12."""


class AppealUnknown(Exception):
    """There is no such appeal, or it is not public."""


class AppealPaused(Exception):
    """The appeal, or its case, is paused: it takes nothing just now."""


class AppealClosed(Exception):
    """The appeal is over, or its case asks for nothing any more. What was confirmed still leaves."""


class StepRefused(Exception):
    """The table of states does not have this step."""


@dataclass(frozen=True)
class Progress:
    """How many have acted, and the milestone that comes next."""

    now: int
    goal: int


def find(slug: str) -> Appeal:
    """The public appeal of this name, with its newest words and its targets. Raises AppealUnknown."""
    query = select(Appeal).join(Case, Case.id == Appeal.case_id).where(Appeal.slug == slug, Appeal.state.not_in(HIDDEN_STATES), shown())
    appeal = db.session.scalar(query.options(selectinload(Appeal.targets), selectinload(Appeal.versions)))
    if appeal is None:
        raise AppealUnknown(slug)
    return appeal


def closes_at(appeal: Appeal) -> datetime:
    """The end of its last day, anywhere on earth."""
    return end_of(appeal.act_before)


def end_of(day: date) -> datetime:
    """The moment at which a day is over everywhere on earth."""
    return datetime.combine(day + timedelta(days=1), time(), UTC) + LAST_ON_EARTH


def asks_still(case: Case) -> bool:
    """Whether a case still asks for something that makes sense."""
    return bool(still_asked(case.status, case.demands))


def check_open(appeal: Appeal, *, now: datetime) -> None:
    """Raise AppealPaused or AppealClosed unless the appeal takes something new at this moment."""
    case = appeal.case
    check_facts(
        Facts(appeal.slug, appeal.state, appeal.act_before, case.stopped_at, case.review_on, case.status, case.demands, case.publication),
        now=now,
    )


class Facts(NamedTuple):
    """What decides whether an appeal takes something new: its own, then its case's. `FACTS` are the columns."""

    slug: str
    state: str
    act_before: date
    stopped_at: datetime | None
    review_on: date
    status: str
    demands: list[str]
    publication: str


FACTS = (Appeal.slug, Appeal.state, Appeal.act_before, Case.stopped_at, Case.review_on, Case.status, Case.demands, Case.publication)


def check_facts(facts: Facts, *, now: datetime) -> None:
    """Raise AppealPaused or AppealClosed unless an appeal with these facts takes something new at this moment."""
    if facts.state == "paused" or (facts.stopped_at is not None and facts.state == "live"):
        raise AppealPaused(facts.slug)
    asks = still_asked(facts.status, facts.demands)
    if facts.state != "live" or now >= end_of(facts.act_before) or now.date() > facts.review_on or not asks or facts.publication != "public":
        raise AppealClosed(facts.slug)


def review_is_over(case: Case, *, today: date) -> bool:
    """Past its review day a case can be read and its actions are closed."""
    return today > case.review_on


def may_leave(appeal: Appeal) -> bool:
    """Whether what was confirmed may leave: nothing does for a case or an appeal that is paused, stopped, withdrawn or not public."""
    return appeal.state in LEAVING_STATES and appeal.case.stopped_at is None and appeal.case.publication == "public"


def leaving() -> ColumnElement[bool]:
    """The same, as a condition on Appeal joined with Case."""
    return and_(Appeal.state.in_(LEAVING_STATES), Case.stopped_at.is_(None), Case.publication == "public")


def current(appeal: Appeal) -> AppealVersion:
    """The newest version of its words."""
    return appeal.versions[-1]


def words(version: AppealVersion, language: str | None = None) -> AppealText:
    """A version's words in `language`, or in the closest there is."""
    text = one_language(version.texts, language)
    assert text is not None, "a version is never published without words"
    return text


def target_of(appeal: Appeal, authority_id: uuid.UUID) -> AppealTarget | None:
    """The appeal's target that is this office, if it is one."""
    return next((target for target in appeal.targets if target.authority_id == authority_id), None)


def progress(appeal: Appeal) -> Progress:
    """Where it stands on its way to the next milestone; past the last one the goal grows by halves."""
    goals = sorted(appeal.milestones) or [100]
    goal = next((goal for goal in goals if goal > appeal.actions), goals[-1])
    while goal <= appeal.actions:
        goal += max(goal // 2, 1)
    return Progress(appeal.actions, goal)


def said_count(count: int, language: str | None = None) -> str:
    """A count of people as it may be told: fewer than five are “fewer than five”."""
    return _("fewer than five") if count < FEW else number_text(count, language)


def counts_by_country(appeal_id: uuid.UUID) -> list[tuple[str, int]]:
    """Actions by country, the most first. Print them with `said_count`."""
    rows = db.session.execute(select(AppealCount.country, AppealCount.actions).where(AppealCount.appeal_id == appeal_id, AppealCount.actions > 0))
    return sorted(((country, actions) for country, actions in rows), key=lambda row: (-row[1], row[0]))


def add_counts(rows: Iterable[tuple[uuid.UUID, str, int]], *, days: Iterable[tuple[uuid.UUID, date, int]] = ()) -> None:
    """Add actions (appeal, country, how many; less than none takes away) to the kept counts; `days` are the same actions by the day they were confirmed on."""
    by_day, by_country = _sums(days), _sums(rows)
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    for (appeal_id, day), actions in sorted(by_day.items()):
        kept = insert(AppealDay).values(appeal_id=appeal_id, day=day, actions=actions)
        db.session.execute(kept.on_conflict_do_update(index_elements=["appeal_id", "day"], set_={"actions": AppealDay.actions + kept.excluded.actions}))
    for (appeal_id, country), actions in sorted(by_country.items()):
        row = insert(AppealCount).values(appeal_id=appeal_id, country=country, actions=actions)
        db.session.execute(row.on_conflict_do_update(index_elements=["appeal_id", "country"], set_={"actions": AppealCount.actions + row.excluded.actions}))
        db.session.execute(update(Appeal).where(Appeal.id == appeal_id).values(actions=Appeal.actions + actions), execution_options={"synchronize_session": False})
    if by_day or by_country:
        touch_public(db.session())


def _sums(rows: Iterable[tuple[uuid.UUID, Key, int]]) -> dict[tuple[uuid.UUID, Key], int]:
    sums: dict[tuple[uuid.UUID, Key], int] = defaultdict(int)
    for appeal_id, key, actions in rows:
        sums[appeal_id, key] += actions
    return sums


def step(appeal: Appeal, state: str, *, now: datetime, by: uuid.UUID | None = None, details: Mapping[str, Any] | None = None) -> None:
    """Move an appeal to another state: the one way, atomic, and in the trail (`by` nobody: the worker did). Raises StepRefused.

    Pausing holds back everything that has not left, at once.
    """
    before = appeal.state
    if state not in APPEAL_STATES[before]:
        raise StepRefused(f"{before} does not lead to {state}")
    db.session.flush()
    move = update(Appeal).where(Appeal.id == appeal.id, Appeal.state == before).values(state=state)
    if db.session.scalar(move.returning(Appeal.id), execution_options={"synchronize_session": False}) is None:
        db.session.refresh(appeal, ["state"])
        raise StepRefused(f"somebody else has made it {appeal.state}")
    db.session.refresh(appeal, ["state"])
    audit.record(by=by, action=f"appeal.{state}", of=appeal.slug, now=now, details={"from": before, **(details or {})})
    touch_public(db.session())


def stop_case(case: Case, *, now: datetime, by: uuid.UUID | None = None, details: Mapping[str, Any] | None = None) -> None:
    """Hold back everything about a case that has not left. Twice is once."""
    if case.stopped_at is None:
        case.stopped_at = now
        audit.record(by=by, action="case.stopped", of=case.slug, now=now, details=details)


def resume_case(case: Case, *, now: datetime, by: uuid.UUID | None = None, details: Mapping[str, Any] | None = None) -> None:
    """Let it leave again. Twice is once."""
    if case.stopped_at is not None:
        case.stopped_at = None
        audit.record(by=by, action="case.resumed", of=case.slug, now=now, details=details)


def drive_of(today: date) -> Drive | None:
    """The drive that runs on this day, or begins within a month; the nearest one."""
    query = select(Drive).where(Drive.state == "public", Drive.ends_on >= today, Drive.starts_on <= today + ANNOUNCED).order_by(Drive.starts_on).limit(1)
    return db.session.scalar(query.options(selectinload(Drive.cases)))


def close_overdue(*, now: datetime) -> int:
    """Close the appeals whose last day is over everywhere. Returns how many.

    One that is paused stays so: from a closed one leaves what was confirmed, and only a person ends a pause.
    """
    overdue = db.session.scalars(select(Appeal).where(Appeal.state == "live", Appeal.act_before < now.date()))
    return _all(overdue, "closed", now=now, due=lambda appeal: now >= closes_at(appeal))


def publish_due(*, now: datetime) -> int:
    """Make live the scheduled appeals whose moment has come. Returns how many. Harmless when run twice: each moves once."""
    due = db.session.scalars(select(Appeal).where(Appeal.state == "scheduled", Appeal.goes_live_at <= now))
    return _all(due, "live", now=now)


def _all(found: Iterable[Appeal], state: str, *, now: datetime, due: Callable[[Appeal], bool] = lambda appeal: True) -> int:
    moved = 0
    for appeal in [appeal for appeal in found if due(appeal)]:
        with suppress(StepRefused):  # a person was quicker
            step(appeal, state, now=now)
            moved += 1
    return moved
