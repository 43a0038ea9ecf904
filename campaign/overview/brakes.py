"""The brakes: an appeal moved from state to state, a case stopped by one person and let go on by two. Each says beforehand what it will do."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select

from campaign.appeals import service as appeals
from campaign.appeals.models import APPEAL_STATES, HIDDEN_STATES, LEAVING_STATES, Appeal
from campaign.appeals.owner import owner
from campaign.appeals.service import current, words
from campaign.cases.models import Case
from campaign.cases.service import main_name
from campaign.db import db
from campaign.organisers import approvals, belonging
from campaign.organisers.models import Account, Approval
from campaign.overview.decide import NothingToDecide
from campaign.overview.effects import Effects, effects
from campaign.overview.foretold import foretold
from campaign.text import _, day_text, lazy

MOVES = ("paused", "live", "closed", "archived", "withdrawn")
"""The states to which one person moves what was published. What is not published yet goes its own way, by two."""
BRAKES = ("paused", "stop")
"""What holds back is done at once, whatever has changed since its page was opened."""
RESUME = "case.resume"


class Changed(Exception):
    """What it would do is not what the page said any more: it is shown again, and nothing was done."""


@dataclass(frozen=True)
class Change:
    """A change as its page shows it. `done`: things stand so already. `seen`: the numbers, to compare when the button is pressed."""

    name: str
    slug: str
    what: str
    title: str
    done: bool
    lines: list[str]
    seen: str
    asked: Approval | None = None


def before_move(slug: str, state: str, *, by: Account) -> Change:
    """What moving an appeal would do. Raises NothingToDecide, and NotTheirs."""
    appeal = _appeal(select(Appeal).where(Appeal.slug == slug), by)
    if state not in APPEAL_STATES[appeal.state] and appeal.state != state:
        raise NothingToDecide
    found = effects([appeal.id])
    title = words(current(appeal)).title
    return Change(main_name(appeal.case), slug, state, title, appeal.state == state, foretold(state, found), _seen(found))


def move(slug: str, state: str, *, by: Account, seen: str, now: datetime) -> None:
    """Move an appeal: from this moment nothing of it leaves, or what waits leaves again. Raises NothingToDecide, NotTheirs and Changed."""
    appeal = _appeal(select(Appeal).where(Appeal.slug == slug).with_for_update(of=Appeal).execution_options(populate_existing=True), by)
    found = effects([appeal.id])
    if state not in BRAKES and seen != _seen(found):
        raise Changed
    try:
        appeals.step(appeal, state, now=now, by=by.id, details=found.said())
    except appeals.StepRefused as fault:
        raise NothingToDecide from fault


def before_stop(slug: str, *, by: Account) -> Change:
    """What stopping a case would do, or holds back already. Raises NothingToDecide, and NotTheirs."""
    case = _case(slug, by)
    found = _under_way(case)
    return Change(main_name(case), slug, "stop", "", case.stopped_at is not None, foretold("stop", found), _seen(found))


def stop(slug: str, *, by: Account, now: datetime) -> None:
    """Stop everything about a case, at once: one person is enough. Raises NothingToDecide, and NotTheirs."""
    case = _case(slug, by, lock=True)
    appeals.stop_case(case, now=now, by=by.id, details=_under_way(case).said())


def before_resume(slug: str, *, by: Account) -> Change:
    """What letting a case go on would do, and who has asked for it. Raises NothingToDecide, and NotTheirs."""
    case = _case(slug, by)
    found = _under_way(case)
    asked = next(iter(approvals.waiting(kind=RESUME, of=slug)), None)
    return Change(main_name(case), slug, "resume", "", case.stopped_at is None, foretold("resume", found), _seen(found), asked)


def resume(slug: str, *, by: Account, seen: str, now: datetime) -> None:
    """Ask that a case goes on, or grant what somebody else asked. Raises NothingToDecide, NotTheirs, Changed, and what a grant raises."""
    case = _case(slug, by, lock=True)
    found = _under_way(case)
    if case.stopped_at is None:
        raise NothingToDecide
    if seen != _seen(found):
        raise Changed
    asked = next(iter(approvals.waiting(kind=RESUME, of=slug)), None)
    if asked is not None and asked.asked_by != by.id:
        approvals.grant(asked, by=by.id, now=now)
        return
    before = {main_name(case): _("stopped since %(day)s", day=day_text(case.stopped_at))}
    after = {main_name(case): foretold("resume", found)}
    approvals.ask(kind=RESUME, of=slug, by=by.id, before=before, after=after, organisation_id=case.organisation_id, now=now)


def _resumed(request: Approval, by: uuid.UUID, now: datetime) -> None:
    case = db.session.scalar(select(Case).where(Case.slug == request.object_id).with_for_update().execution_options(populate_existing=True))
    if case is not None:
        appeals.resume_case(case, now=now, by=by, details=_under_way(case).said())


approvals.register(RESUME, _resumed, said=lazy("To let a case go on"))


def _under_way(case: Case) -> Effects:
    # What is paused or withdrawn by itself neither stops with its case nor goes on with it.
    held = select(Appeal.id).where(Appeal.case_id == case.id, Appeal.state.in_(LEAVING_STATES))
    return effects(list(db.session.scalars(held)))


def _seen(found: Effects) -> str:
    return " ".join(f"{name}:{value}" for name, value in sorted(found.said().items()))


def _appeal(query: Select[Appeal], by: Account) -> Appeal:
    appeal = db.session.scalar(query)
    if appeal is None or appeal.state in HIDDEN_STATES:
        raise NothingToDecide
    belonging.check(by, owner(appeal))
    return appeal


def _case(slug: str, by: Account, *, lock: bool = False) -> Case:
    query = select(Case).where(Case.slug == slug)
    case = db.session.scalar(query.with_for_update().execution_options(populate_existing=True) if lock else query)
    if case is None:
        raise NothingToDecide
    belonging.check(by, case.organisation_id)
    return case
