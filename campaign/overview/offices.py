"""The directory at the desk: find an office, read it, make and edit it, verify it."""

import json
from hashlib import sha256
from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from campaign.authorities import checking, editing, history
from campaign.authorities.facts import Facts, address_said, facts_of, said
from campaign.authorities.finding import alike
from campaign.authorities.forms import CheckForm, DoubtForm, OfficeForm
from campaign.authorities.models import Authority
from campaign.authorities.service import address_block, office
from campaign.db import db, now_utc
from campaign.organisers import approvals
from campaign.organisers.sessions import me
from campaign.overview import offices_shown as shown
from campaign.overview.offices_shown import ways_said
from campaign.printing.recall import under_way
from campaign.text import _

desk = Blueprint("offices", __name__, url_prefix="/desk/offices")
MOST_PAGES = 1000


@desk.get("/")
def directory() -> ResponseReturnValue:
    """All offices, or those that are looked for."""
    page = min(max(request.args.get("page", 0, type=int), 0), MOST_PAGES)
    wanted = request.args.get("state", "all")
    asked = {"q": request.args.get("q", "")[:120], "country": request.args.get("country", "")[:2], "state": wanted if wanted in shown.WANTED else "all"}
    found = shown.directory(q=asked["q"], country=asked["country"], wanted=asked["state"], page=page, now=now_utc())
    return render_template("overview/offices.html", found=found, asked=asked, page=page)


@desk.get("/<key>")
def one(key: str) -> ResponseReturnValue:
    """One office, and what can be done about it."""
    return _page(_find(key))


@desk.get("/<key>/history")
def past(key: str) -> ResponseReturnValue:
    """How it stood before, and who checked it."""
    authority = _find(key)
    return render_template(
        "overview/office_history.html", authority=authority, title=office(authority), steps=history.steps(authority), checks=shown.checked(authority), name_of=shown.who
    )


@desk.route("/new", methods=["GET", "POST"])
def make() -> ResponseReturnValue:
    """A new office; one that is nearly another is asked about."""
    form = OfficeForm()
    if request.method != "POST" or "more" in request.form:
        form.more_rows()
        return _form(form)
    facts = form.right()
    if facts is None:
        return _form(form), 400
    near = [] if form.another.data else alike(facts)
    if near:
        return _form(form, near=near), 409
    made = editing.make(facts, by=me().id, now=now_utc())
    return redirect(url_for("offices.one", key=made.key), 303)


@desk.route("/<key>/edit", methods=["GET", "POST"])
def edit(key: str) -> ResponseReturnValue:
    """Change an office. Another address is asked about before it touches letters that have not left."""
    authority, form = _find(key), OfficeForm()
    if request.method != "POST":
        form.fill(editing.wanted_of(authority))
        form.stamp.data = editing.stamp(authority)
    if request.method != "POST" or "more" in request.form:
        form.more_rows()
        return _form(form, authority)
    facts = form.right()
    if facts is None:
        return _form(form, authority), 400
    if form.stamp.data != editing.stamp(authority):
        return _conflict(form, authority, facts)
    question = _question(authority, facts)
    if question and form.asked.data != question:
        form.asked.data = question
        return _form(form, authority, difference=_difference(authority, facts)), 409
    return _keep(form, authority, facts)


def _keep(form: OfficeForm, authority: Authority, facts: Facts) -> ResponseReturnValue:
    alone, seen = shown.alone(me(), authority), form.stamp.data or ""
    try:
        told = ways_said(under_way(authority))
        editing.change(authority, facts, by=me().id, seen=seen, now=now_utc(), organisation_id=alone, sheets=form.sheets.data if form.asked.data else None, told=told)
    except checking.ChangedMeanwhile:  # between the line above and the lock
        db.session.rollback()
        return _conflict(form, authority, facts)
    return redirect(url_for("offices.one", key=authority.key), 303)


def _conflict(form: OfficeForm, authority: Authority, facts: Facts) -> ResponseReturnValue:
    db.session.refresh(authority)
    form.stamp.data, form.asked.data = editing.stamp(authority), ""
    stands = said(editing.wanted_of(authority))
    return _form(form, authority, conflict=approvals.compare(stands, said(facts))), 409


def _question(authority: Authority, facts: Facts) -> str:
    """What the page asks about before an address changes: a mark of the difference; nothing where it stands or waits already, or no letter depends on it."""
    known = (facts_of(authority), editing.wanted_of(authority))
    if address_said(facts) in map(address_said, known) or not (editing.vouched_for(authority) or under_way(authority)):
        return ""
    return sha256(json.dumps([address_said(facts_of(authority)), address_said(facts)]).encode()).hexdigest()


def _difference(authority: Authority, facts: Facts) -> list[approvals.Line]:
    return approvals.compare(address_said(facts_of(authority)), address_said(facts))


@desk.route("/<key>/verify", methods=["GET", "POST"])
def verify(key: str) -> ResponseReturnValue:
    """What to check, and the button that says that it was."""
    authority, form = _find(key), CheckForm()
    if request.method != "POST":
        form.version.data = str(history.number_of(authority))
        return _verify_page(authority, form)
    boxes, source = request.form.getlist("mailbox"), (form.source.data or "").strip()
    if not form.validate() or not source:
        return _verify_page(authority, form, fault=_("Say where you compared it: the address of a page, or how.")), 400
    try:
        version, postal = int(form.version.data or 0) if (form.version.data or "").isdecimal() else -1, bool(form.postal.data)
        checking.check(authority, by=me().id, version=version, postal=postal, mailboxes=boxes, source=source, now=now_utc(), alone=_alone(authority))
    except checking.NothingChecked:
        return _verify_page(authority, form, fault=_("Tick what you have compared.")), 400
    except checking.TypedItThemselves:
        return _verify_page(authority, form), 409
    except checking.ChangedMeanwhile:
        form.version.data, form.postal.data = str(history.number_of(authority)), False
        return _verify_page(authority, form, fault=_("The office was changed while you looked. Nothing was verified: compare what stands here now."), boxes=[]), 409
    return redirect(url_for("offices.one", key=authority.key), 303)


@desk.post("/<key>/doubt")
def doubt(key: str) -> ResponseReturnValue:
    """Nothing goes there any more until somebody verifies it anew."""
    authority, form = _find(key), DoubtForm()
    if not form.validate():
        return _page(authority, doubt_form=form), 400
    checking.doubt(authority, by=me().id, source=(form.source.data or "").strip(), now=now_utc())
    return redirect(url_for("offices.one", key=authority.key), 303)


def _find(key: str) -> Authority:
    found = db.session.scalar(select(Authority).where(Authority.key == key))
    if found is None:
        abort(404)
    return found


def _alone(authority: Authority) -> bool:
    return shown.alone(me(), authority) is not None


def _page(authority: Authority, **values: Any) -> str:
    now, asked = now_utc(), editing.asked_change(authority)
    uses, others = shown.uses(authority, by=me())
    facts = {"facts": facts_of(authority), "title": office(authority), "paper": shown.paper(authority, now=now), "mailboxes": shown.mailboxes(authority, now=now)}
    around = {"uses": uses, "others": others, "under_way": under_way(authority), "checks": shown.checked(authority)[:3]}
    question: dict[str, Any] = {"asked": asked, "difference": approvals.difference(asked) if asked else [], "asked_by": shown.who(asked.asked_by) if asked else ""}
    question["may_decide"] = asked is not None and approvals.may_decide(asked, me())
    facts["tongues"] = list(dict.fromkeys((*facts_of(authority).languages, *facts_of(authority).titles, *facts_of(authority).salutations)))
    values.setdefault("doubt_form", DoubtForm(formdata=None))
    return render_template("overview/office.html", authority=authority, mine=bool(asked and asked.asked_by == me().id), **facts, **around, **question, **values)


def _form(form: OfficeForm, authority: Authority | None = None, **values: Any) -> str:
    way = under_way(authority) if authority is not None and values.get("difference") else None
    waits = authority is not None and editing.asked_change(authority) is not None
    names = [(one, office(one)) for one in values.pop("near", [])]
    return render_template(
        "overview/office_form.html", form=form, authority=authority, title=office(authority) if authority else "", under_way=way, waits=waits, near=names, **values
    )


def _verify_page(authority: Authority, form: CheckForm, *, fault: str = "", boxes: list[str] | None = None) -> str:
    ticked = request.form.getlist("mailbox") if boxes is None else boxes
    may_check = checking.may_check(authority, by=me().id, alone=_alone(authority))
    blocks = [(language, address_block(authority, posted_from="", language=language)) for language in facts_of(authority).titles]
    return render_template(
        "overview/office_verify.html",
        form=form,
        authority=authority,
        title=office(authority),
        blocks=blocks,
        may_check=may_check,
        fault=fault,
        ticked=ticked,
        facts=facts_of(authority),
    )
