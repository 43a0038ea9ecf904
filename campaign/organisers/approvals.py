"""Two people: what one asks for happens when a second one has seen the difference and says yes.

A feature above registers what is done when its kind of request is granted; this module knows none of them.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from campaign.audit import service as audit
from campaign.db import db
from campaign.organisers.models import APPROVAL_STATES, Account, Approval, Organisation

Done = Callable[[Approval, uuid.UUID, datetime], None]
"""What is done when it is granted: the request, who granted it, when. Part of the same transaction; what it raises undoes the grant."""
DECIDERS = ("admin", "organiser", "reviewer")


class SecondPersonNeeded(Exception):
    """Nobody grants what they asked for themselves, unless their organisation is single-handed."""


class AlreadyDecided(Exception):
    """Somebody has decided, or it was taken back."""


@dataclass(frozen=True)
class Line:
    """One line of the difference: None where there was, or will be, nothing."""

    name: str
    before: str | None
    after: str | None


_done: dict[str, Done] = {}


def register(kind: str, done: Done) -> None:
    """Say what is done when a request of this kind is granted. Called once, where the feature is defined."""
    _done[kind] = done


def ask(*, kind: str, of: object, by: uuid.UUID, before: Mapping[str, Any], after: Mapping[str, Any], organisation_id: uuid.UUID | None, now: datetime) -> Approval:
    """Ask for a second person. An older request for the same that nobody decided is taken back. In a single-handed organisation it is granted, and done, at once."""
    if kind not in _done:
        raise ValueError(f"nothing is known to do when “{kind}” is granted")
    for older in waiting(kind=kind, of=of):
        _decide(older, "withdrawn", by=None, now=now)
    request = Approval(kind=kind, object_id=str(of), organisation_id=organisation_id, before=dict(before), after=dict(after), state="asked", asked_by=by, asked_at=now)
    db.session.add(request)
    db.session.flush()
    audit.record(by=by, action="approval.asked", of=request.id, now=now, details={"kind": kind, "of": str(of)})
    organisation = db.session.get(Organisation, organisation_id) if organisation_id else None
    if organisation is not None and organisation.single_handed:
        request.alone = True
        db.session.flush()
        grant(request, by=by, now=now)
    return request


def grant(request: Approval, *, by: uuid.UUID, now: datetime) -> None:
    """The second person says yes: it is done now. Raises SecondPersonNeeded and AlreadyDecided, and whatever the doing raises."""
    _check_second(request, by)
    _decide(request, "granted", by=by, now=now)
    _done[request.kind](request, by, now)


def refuse(request: Approval, *, by: uuid.UUID, now: datetime) -> None:
    """The second person says no; nothing happens. Raises SecondPersonNeeded and AlreadyDecided."""
    _check_second(request, by)
    _decide(request, "refused", by=by, now=now)


def take_back(request: Approval, *, by: uuid.UUID, now: datetime) -> None:
    """Who asked does not want it any more. Raises AlreadyDecided."""
    _decide(request, "withdrawn", by=by, now=now)


def waiting(*, kind: str = "", of: object = "") -> list[Approval]:
    """Requests that nobody has decided, the oldest first."""
    asked = {Approval.kind: kind, Approval.object_id: str(of)}
    query = select(Approval).where(Approval.state == "asked", *(column == value for column, value in asked.items() if value))
    return list(db.session.scalars(query.order_by(Approval.id)))


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
