"""What waits for a second person: the list, each request with its difference, and the buttons."""

import uuid

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from campaign.db import db, now_utc
from campaign.organisers import approvals
from campaign.organisers.forms import ButtonForm
from campaign.organisers.models import Account, Approval
from campaign.organisers.sessions import me
from campaign.text import _

desk = Blueprint("approvals", __name__, url_prefix="/desk/approvals")
LATELY = 20
DECISIONS = {"grant": approvals.grant, "refuse": approvals.refuse, "withdraw": approvals.take_back}


@desk.app_context_processor
def _words() -> dict[str, object]:
    return {"called": approvals.called}


@desk.get("/")
def waiting() -> str:
    """What waits, and what was decided lately."""
    return render_template(
        "overview/approvals.html", waiting=approvals.listed(me(), waiting=True), decided=approvals.listed(me(), waiting=False, limit=LATELY), name_of=_name_of
    )


@desk.get("/<uuid:request_id>")
def one(request_id: uuid.UUID) -> ResponseReturnValue:
    """One request: what would change, who asked, who decides."""
    return _page(_find(request_id))


@desk.post("/<uuid:request_id>/<any(grant, refuse, withdraw):decision>")
def decide(request_id: uuid.UUID, decision: str) -> ResponseReturnValue:
    """Yes, no, or taken back."""
    if not ButtonForm().validate():
        abort(400)
    request = _find(request_id)
    try:
        with db.session.begin_nested():  # what cannot be done undoes the grant, and nothing else
            DECISIONS[decision](request, by=me().id, now=now_utc())
    except approvals.NotAsked:
        abort(404)
    except approvals.SecondPersonNeeded:
        return _page(request, fault=_("You asked for this yourself, or you are not one who decides. A second person has to look at it.")), 403
    except approvals.AlreadyDecided:
        pass  # the page says what became of it
    except approvals.CannotBeDone as why:
        return _page(request, fault=str(why)), 409
    return redirect(url_for("approvals.one", request_id=request_id), 303)


def _find(request_id: uuid.UUID) -> Approval:
    try:
        return approvals.find(request_id, by=me())
    except approvals.NotAsked:
        abort(404)


def _page(request: Approval, *, fault: str = "") -> str:
    return render_template(
        "overview/approval.html",
        asked=request,
        lines=approvals.difference(request),
        may_decide=approvals.may_decide(request, me()),
        mine=request.asked_by == me().id,
        deciders=approvals.who_decides(request) if request.state == "asked" else [],
        name_of=_name_of,
        fault=fault,
    )


def _name_of(account_id: uuid.UUID | None) -> str:
    account = db.session.get(Account, account_id) if account_id else None
    return str(account.name) if account is not None else _("nobody")
