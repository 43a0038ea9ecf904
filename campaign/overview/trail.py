"""The trail, for admins: searched by object, person, act and days, a page at a time, and taken out as a spreadsheet."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from flask import Blueprint, Response, abort, render_template, request, stream_with_context
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from campaign.audit import csv
from campaign.audit import service as audit
from campaign.audit.models import AuditEntry
from campaign.db import db, now_utc
from campaign.organisers import accounts
from campaign.organisers.forms import ButtonForm
from campaign.organisers.models import Account
from campaign.organisers.sessions import me

desk = Blueprint("trail", __name__, url_prefix="/desk/trail")
LONGEST = 120
AT_ONCE = 500


@dataclass(frozen=True)
class Asked:
    """What was searched for; empty: anything. `wrong` names what could not be read."""

    object_id: str = ""
    kind: str = ""
    person: str = ""
    action: str = ""
    first: str = ""
    last: str = ""
    before: str = ""
    wrong: tuple[str, ...] = ()

    @classmethod
    def read(cls, given: MultiDict[str, str]) -> "Asked":
        """What stands in the address, or in a form."""
        said = {name: given.get(name, "").strip()[:LONGEST] for name in ("object_id", "kind", "person", "action", "first", "last", "before")}
        wrong = [name for name in ("first", "last") if said[name] and _day(said[name]) is None] + [
            name for name in ("person", "before") if said[name] and _id(said[name]) is None
        ]
        return cls(**said, wrong=tuple(wrong))

    def entries(self, *, before: uuid.UUID | None = None, limit: int = audit.PAGE) -> list[AuditEntry]:
        """One page of what matches, the newest first."""
        first, last = _day(self.first), _day(self.last)
        return audit.trail(
            object_id=self.object_id,
            kind=self.kind,
            actor_id=_id(self.person),
            action=self.action,
            since=_start(first) if first else None,
            until=_start(last + timedelta(days=1)) if last else None,
            before=before,
            limit=limit,
        )


@desk.get("/")
def search() -> ResponseReturnValue:
    """A page of it, the newest first."""
    asked = Asked.read(request.args)
    if asked.wrong:
        return render_template("overview/trail.html", asked=asked, entries=[], more=None, names=_names()), 400
    found = asked.entries(before=_id(asked.before), limit=audit.PAGE + 1)
    shown = found[: audit.PAGE]
    return render_template("overview/trail.html", asked=asked, entries=shown, more=shown[-1].id if len(found) > audit.PAGE else None, names=_names())


@desk.post("/export")
def export() -> ResponseReturnValue:
    """What was searched for, all of it. A button and not a link: it is an entry itself."""
    asked = Asked.read(request.form)
    if not ButtonForm().validate() or asked.wrong:
        abort(400)
    searched = {name: getattr(asked, name) for name in ("object_id", "kind", "person", "action", "first", "last") if getattr(asked, name)}
    audit.record(by=me().id, action="trail.exported", of="trail", now=now_utc(), details=searched)
    db.session.commit()  # before the first byte: nothing is read of which the trail does not know
    names = _names()
    lines = csv.parts(_all(asked), name_of=lambda account_id: names.get(account_id, ""))
    return Response(stream_with_context(lines), content_type="text/csv; charset=utf-8", headers={"Content-Disposition": 'attachment; filename="trail.csv"'})


def _all(asked: Asked) -> Iterator[AuditEntry]:
    before = None
    while found := asked.entries(before=before, limit=AT_ONCE):
        before = found[-1].id
        yield from found
        db.session.expunge_all()  # a long trail is not held in memory


def _names() -> dict[uuid.UUID, str]:
    everybody: list[Account] = accounts.listed()
    return {account.id: str(account.name) for account in everybody}


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _start(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
