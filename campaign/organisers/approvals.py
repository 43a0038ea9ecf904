"""Two people: what one asks for happens when a second one has seen the difference and says yes.

A feature above registers what is done when its kind of request is granted; this module knows none of them.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from difflib import SequenceMatcher
from typing import Any

from sqlalchemy import select, update

from campaign.audit import service as audit
from campaign.db import db
from campaign.organisers import belonging
from campaign.organisers.models import APPROVAL_STATES, Account, Approval, Organisation

Done = Callable[[Approval, uuid.UUID, datetime], None]
"""What is done when it is granted: the request, who granted it, when. Part of the same transaction; what it raises undoes the grant."""
DECIDERS = ("admin", "organiser", "reviewer")


class SecondPersonNeeded(Exception):
    """Nobody grants what they asked for themselves, unless their organisation is single-handed."""


class AlreadyDecided(Exception):
    """Somebody has decided, or it was taken back."""


class NotAsked(Exception):
    """There is no such request; or it is somebody else's to take back."""


class CannotBeDone(Exception):
    """What a feature raises where what was asked for cannot be done any more. Its words say why, to whoever granted it."""


@dataclass(frozen=True)
class Line:
    """One line of the difference: None where there was, or will be, nothing."""

    name: str
    before: str | None
    after: str | None

    def parts(self) -> list[tuple[str, str]]:
        """Both texts line by line: (`gone`, `new` or `same`, the words)."""
        before, after = (self.before or "").split("\n") if self.before else [], (self.after or "").split("\n") if self.after else []
        shown: list[tuple[str, str]] = []
        for _tag, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
            if _tag == "equal":
                shown += [("same", words) for words in before[start:end]]
            else:
                shown += [*(("gone", words) for words in before[start:end]), *(("new", words) for words in after[new_start:new_end])]
        return shown


@dataclass(frozen=True)
class _Kind:
    done: Done
    said: object = field(default="")  # in words, lazily translated


_done: dict[str, _Kind] = {}


def register(kind: str, done: Done, *, said: object = "") -> None:
    """Say what is done when a request of this kind is granted, and (lazily translated) what it is called. Called once, where the feature is defined."""
    _done[kind] = _Kind(done, said)


def called(request: Approval) -> str:
    """What is asked for, in words; empty where its feature gave none."""
    return str(_done[request.kind].said) if request.kind in _done else ""


def ask(*, kind: str, of: object, by: uuid.UUID, before: Mapping[str, Any], after: Mapping[str, Any], organisation_id: uuid.UUID | None, now: datetime) -> Approval:
    """Ask for a second person. An older request for the same that nobody decided is taken back. In a single-handed organisation it is granted, and done, at once."""
    if kind not in _done:
        raise ValueError(f"nothing is known to do when “{kind}” is granted")
    for older in waiting(kind=kind, of=of):
        _decide(older, "withdrawn", by=by, now=now)
    request = Approval(kind=kind, object_id=str(of), organisation_id=organisation_id, before=dict(before), after=dict(after), state="asked", asked_by=by, asked_at=now)
    db.session.add(request)
    db.session.flush()
    audit.record(by=by, action="approval.asked", of=request.id, now=now, details={"kind": kind, "of": str(of)})
    if _works_alone(by, organisation_id):
        with db.session.begin_nested():  # what cannot be done leaves no request that its own asker might grant later
            request.alone = True
            grant(request, by=by, now=now)
    return request


def _works_alone(by: uuid.UUID, organisation_id: uuid.UUID | None) -> bool:
    # Who may not decide for others does not decide for themselves: the one who may looks at it.
    organisation = db.session.get(Organisation, organisation_id) if organisation_id else None
    return organisation is not None and organisation.single_handed and db.session.get_one(Account, by).role in DECIDERS


def grant(request: Approval, *, by: uuid.UUID, now: datetime) -> None:
    """The second person says yes: it is done now. Raises NotTheirs, SecondPersonNeeded and AlreadyDecided, and whatever the doing raises."""
    _check_second(request, by)
    try:
        with db.session.begin_nested():  # whatever its page does about a fault: what was not done is not called granted
            _decide(request, "granted", by=by, now=now)
            _done[request.kind].done(request, by, now)
    except Exception:
        db.session.expire(request)  # the session would go on to say that it was
        raise


def refuse(request: Approval, *, by: uuid.UUID, now: datetime) -> None:
    """The second person says no; nothing happens. Raises NotTheirs, SecondPersonNeeded and AlreadyDecided."""
    _check_second(request, by)
    _decide(request, "refused", by=by, now=now)


def take_back(request: Approval, *, by: uuid.UUID, now: datetime) -> None:
    """Who asked does not want it any more. Raises NotAsked where it was somebody else, and AlreadyDecided."""
    if by != request.asked_by:
        raise NotAsked
    _decide(request, "withdrawn", by=by, now=now)


def waiting(*, kind: str = "", of: object = "") -> list[Approval]:
    """Requests that nobody has decided, the oldest first."""
    asked = {Approval.kind: kind, Approval.object_id: str(of)}
    query = select(Approval).where(Approval.state == "asked", *(column == value for column, value in asked.items() if value))
    return list(db.session.scalars(query.order_by(Approval.id)))


def find(request_id: uuid.UUID, *, by: Account) -> Approval:
    """A request, for somebody who works on what it is about. Raises NotAsked and NotTheirs."""
    request = db.session.get(Approval, request_id)
    if request is None:
        raise NotAsked
    belonging.check(by, request.organisation_id)
    return request


def listed(account: Account, *, waiting: bool, limit: int = 100) -> list[Approval]:
    """Requests about what they work on: those that wait, the oldest first; or those that were decided, the newest first."""
    query = select(Approval).where(belonging.condition(account, Approval.organisation_id))
    if waiting:
        return list(db.session.scalars(query.where(Approval.state == "asked").order_by(Approval.id).limit(limit)))
    return list(db.session.scalars(query.where(Approval.state != "asked").order_by(Approval.decided_at.desc()).limit(limit)))


def may_decide(request: Approval, account: Account) -> bool:
    """Whether they are a second person for it."""
    return account.role in DECIDERS and account.id != request.asked_by and belonging.sees(account, request.organisation_id)


def who_decides(request: Approval) -> list[Account]:
    """Everybody who is a second person for it, by name."""
    accounts = db.session.scalars(select(Account).where(Account.role.in_(DECIDERS)).order_by(Account.id))
    return sorted((account for account in accounts if may_decide(request, account)), key=lambda account: account.name)


def difference(request: Approval) -> list[Line]:
    """What would change, name by name; what stays is left out."""
    return compare(request.before, request.after)


def compare(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Line]:
    """The same for any two states of one thing."""
    names = [*before, *(name for name in after if name not in before)]
    lines = [Line(name, _said(before.get(name)), _said(after.get(name))) for name in names]
    return [line for line in lines if line.before != line.after]


def _said(value: Any) -> str | None:
    if value is None:
        return None
    return "\n".join(str(part) for part in value) if isinstance(value, list) else str(value)


def _check_second(request: Approval, by: uuid.UUID) -> None:
    person = db.session.get_one(Account, by)
    if by != request.asked_by:  # who asked was looked at when they did
        belonging.check(person, request.organisation_id)
    if person.role not in DECIDERS or (by == request.asked_by and not request.alone):
        raise SecondPersonNeeded


def _decide(request: Approval, state: str, *, by: uuid.UUID | None, now: datetime) -> None:
    """The one way from state to state, atomically."""
    if state not in APPROVAL_STATES[request.state]:
        raise AlreadyDecided
    change = (
        update(Approval)
        .where(Approval.id == request.id, Approval.state == request.state)
        .values(state=state, decided_by=by if state != "withdrawn" else None, decided_at=now)
    )
    if db.session.scalar(change.returning(Approval.id), execution_options={"synchronize_session": False}) is None:
        raise AlreadyDecided
    db.session.refresh(request)
    audit.record(by=by, action=f"approval.{state}", of=request.id, now=now, details={"kind": request.kind, "of": request.object_id})
