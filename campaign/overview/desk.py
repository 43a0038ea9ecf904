"""Pages of the desk that are made of several features."""

import uuid
from collections.abc import Callable

import structlog
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.cases import filing, forms, typed
from campaign.cases.words import WRONG_WORDS
from campaign.db import db, now_utc
from campaign.organisers import approvals
from campaign.organisers.forms import ButtonForm
from campaign.organisers.sessions import me
from campaign.overview import brakes, decide
from campaign.overview.decide import NothingToDecide
from campaign.overview.need import waited
from campaign.overview.service import CasePage, Person
from campaign.overview.today import today as look
from campaign.text import _

log = structlog.get_logger()
desk = Blueprint("desk", __name__, url_prefix="/desk")


@desk.get("/")
def today() -> ResponseReturnValue:
    """What needs a person today, what left, and the brakes."""
    now = now_utc()
    return render_template("overview/desk.html", today=look(now=now, account=me()), waited=lambda since: waited(since, now=now))


@desk.post("/preview")
def preview_case() -> ResponseReturnValue:
    """The public page of a case as it is typed in the form. Nothing is kept or published."""
    form = forms.CaseForm()
    if not form.validate():
        return render_template("cases/unseen.html", faults=[_("The page was open for too long. Press its button again, then look.")]), 400
    try:
        checked = typed.check(typed.tidy(forms.typed_in(form)))
    except typed.FactsWrong as wrong:
        return render_template("cases/unseen.html", faults=[WRONG_WORDS[name] for _where, name in wrong.faults]), 400
    case = filing.unsaved(checked.file, checked.sources, checked_on=now_utc().date())
    return render_template("overview/case.html", shown=CasePage(Person(case), None, []), person=Person(case), address="", qr="", preview=True)


@desk.post("/letters/<uuid:row_id>/<any(sent, again):found>")
def decide_letter(row_id: uuid.UUID, found: str) -> ResponseReturnValue:
    """A letter of unknown fate, or one that was refused."""
    return _press(lambda: decide.letter(row_id, found, by=me(), now=now_utc()), about=row_id, what=found)


@desk.post("/deliveries/<uuid:row_id>/<any(sent, again):found>")
def decide_delivery(row_id: uuid.UUID, found: str) -> ResponseReturnValue:
    """A petition of unknown fate, or one that was refused."""
    return _press(lambda: decide.delivery(row_id, found, by=me(), now=now_utc()), about=row_id, what=found)


@desk.post("/mails/<uuid:row_id>/<any(sent, again):found>")
def decide_mail(row_id: uuid.UUID, found: str) -> ResponseReturnValue:
    """A mail to a supporter of unknown fate, or one that was refused."""
    return _press(lambda: decide.supporter_mail(row_id, found, by=me(), now=now_utc()), about=row_id, what=found)


@desk.post("/letters/<uuid:row_id>/requeue")
def requeue_letter(row_id: uuid.UUID) -> ResponseReturnValue:
    """A letter that could not be printed waits again."""
    return _press(lambda: decide.requeue(row_id, by=me(), now=now_utc()), about=row_id, what="requeue")


@desk.route("/appeals/<slug>/<any(paused, live, closed, archived, withdrawn):state>", methods=["GET", "POST"])
def move_appeal(slug: str, state: str) -> ResponseReturnValue:
    """Pause an appeal, let it go on, close, archive or withdraw it: first what that will do."""
    try:
        if request.method == "POST" and _pressed():
            brakes.move(slug, state, by=me(), seen=request.form.get("seen", ""), now=now_utc())
            log.info("decided", by=str(me().id), about=slug, what=state)
            return redirect(url_for("desk.today"), 303)
    except brakes.Changed:
        return _page(slug, state, changed=True)
    except NothingToDecide:
        return redirect(url_for("desk.today"), 303)  # it says where things stand now
    return _page(slug, state)


@desk.route("/cases/<slug>/stop", methods=["GET", "POST"])
def stop_case(slug: str) -> ResponseReturnValue:
    """Stop everything about a case: first what that will do."""
    try:
        if request.method == "POST" and _pressed():
            brakes.stop(slug, by=me(), now=now_utc())
            log.info("decided", by=str(me().id), about=slug, what="stop")
            return redirect(url_for("desk.stop_case", slug=slug), 303)
    except NothingToDecide:
        abort(404)
    return _page(slug, "stop")


@desk.route("/cases/<slug>/resume", methods=["GET", "POST"])
def resume_case(slug: str) -> ResponseReturnValue:
    """Let what waits about a case go on: one person asks, a second one grants."""
    try:
        if request.method == "POST" and _pressed():
            brakes.resume(slug, by=me(), seen=request.form.get("seen", ""), now=now_utc())
            log.info("decided", by=str(me().id), about=slug, what="resume")
            return redirect(url_for("desk.resume_case", slug=slug), 303)
    except (brakes.Changed, approvals.AlreadyDecided, approvals.SecondPersonNeeded):
        db.session.rollback()
        return _page(slug, "resume", changed=True)
    except NothingToDecide:
        return redirect(url_for("desk.resume_case", slug=slug), 303)
    return _page(slug, "resume")


def _press(do: Callable[[], None], *, about: object, what: str) -> ResponseReturnValue:
    _pressed()
    try:
        do()
        log.info("decided", by=str(me().id), about=str(about), what=what)
    except NothingToDecide:
        log.info("nothing to decide", about=str(about), what=what)
    # Either way the page says where things stand now.
    return redirect(url_for("desk.today"), 303)


def _pressed() -> bool:
    if not ButtonForm().validate():
        abort(400)
    return True


def _page(slug: str, what: str, *, changed: bool = False) -> ResponseReturnValue:
    ask = {"stop": brakes.before_stop, "resume": brakes.before_resume}.get(what)
    try:
        change = ask(slug, by=me()) if ask else brakes.before_move(slug, what, by=me())
    except NothingToDecide:
        abort(404)
    return render_template("overview/change.html", change=change, changed=changed), 409 if changed else 200
