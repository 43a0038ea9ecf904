"""Pages of the desk on which a case becomes public, or not: on what basis, who agreed, and when its facts were checked."""

import uuid
from collections.abc import Callable
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.cases import consent, writing
from campaign.cases.desk import find, shown
from campaign.cases.forms_publishing import CheckedForm, ConsentForm
from campaign.cases.models import BASES, Case, CaseConsent
from campaign.cases.service import main_name
from campaign.cases.words import GIVER_WORDS, LACKS_WORDS
from campaign.db import now_utc
from campaign.organisers.forms import ButtonForm
from campaign.organisers.matrix import UPLOADS
from campaign.organisers.sessions import me
from campaign.security.files import DiskFull, FileGone
from campaign.text import _

desk = Blueprint("publishing", __name__, url_prefix="/desk/cases/<slug>")


@desk.post("/publish")
def publish(slug: str) -> ResponseReturnValue:
    """Show the case to everybody."""
    return _press(slug, lambda case: consent.publish(case, by=me(), now=now_utc()))


@desk.post("/hide")
def hide(slug: str) -> ResponseReturnValue:
    """Show it to nobody, and stop what has not left."""
    return _press(slug, lambda case: consent.hide(case, by=me().id, now=now_utc()))


@desk.post("/basis/<any(public_sources, consent):basis>")
def choose_basis(slug: str, basis: str) -> ResponseReturnValue:
    """Why the case may be public."""
    assert basis in BASES
    return _press(slug, lambda case: consent.choose_basis(case, basis, by=me(), now=now_utc()))


@desk.post("/checked")
def checked(slug: str) -> ResponseReturnValue:
    """The facts were compared with their sources today."""
    case, form = find(slug, lock=True), CheckedForm()
    if not form.validate() or form.day is None:
        return render_template("cases/show.html", **shown(case, checked_form=form)), 400
    writing.confirm_facts(case, review_on=form.day, by=me(), now=now_utc())
    return redirect(url_for("cases.show", slug=slug), 303)


@desk.post("/consents")
def add_consent(slug: str) -> ResponseReturnValue:
    """Write down that somebody agreed, with a file that shows it."""
    case, form = find(slug, lock=True), ConsentForm()
    if not form.validate():
        return render_template("cases/show.html", **shown(case, consent_form=form)), 400
    upload = request.files.get("evidence")
    held = upload.read(UPLOADS["publishing.add_consent"] + 1) if upload is not None and upload.filename else b""
    if len(held) > UPLOADS["publishing.add_consent"]:
        abort(413)
    evidence = (upload.filename or "file", held) if upload is not None and held else None
    try:
        consent.add(case, **form.facts(), evidence=evidence, folder=_folder(), by=me(), now=now_utc())
    except DiskFull:
        form.evidence.errors = [_("There is no room for the file just now. Nothing was saved; try again later.")]
        return render_template("cases/show.html", **shown(case, consent_form=form)), 507
    return redirect(url_for("cases.show", slug=slug), 303)


@desk.post("/consents/<uuid:consent_id>/read")
def read_consent(slug: str, consent_id: uuid.UUID) -> ResponseReturnValue:
    """Who agreed. A button and no link, for that somebody looked is written down."""
    case, row = _one(slug, consent_id)
    who = consent.read(case, row, by=me(), now=now_utc())
    return render_template("cases/consent.html", case=case, name=main_name(case), row=row, agreed=who, givers=GIVER_WORDS)


@desk.post("/consents/<uuid:consent_id>/evidence")
def evidence(slug: str, consent_id: uuid.UUID) -> ResponseReturnValue:
    """The file, to keep; never shown in the browser."""
    case, row = _one(slug, consent_id)
    try:
        name, plain = consent.evidence(case, row, folder=_folder(), by=me(), now=now_utc())
    except FileGone:
        return redirect(url_for("cases.show", slug=slug), 303)
    response = Response(plain, content_type="application/octet-stream")
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@desk.post("/consents/<uuid:consent_id>/withdraw")
def withdraw_consent(slug: str, consent_id: uuid.UUID) -> ResponseReturnValue:
    """Somebody takes their consent back."""
    case, row = _one(slug, consent_id)
    consent.withdraw(case, row, by=me(), now=now_utc())
    return redirect(url_for("cases.show", slug=slug), 303)


def _one(slug: str, consent_id: uuid.UUID) -> tuple[Case, CaseConsent]:
    case = find(slug, lock=True)
    if not ButtonForm().validate():
        abort(400)
    try:
        return case, consent.one(case, consent_id)
    except consent.ConsentUnknown:
        abort(404)


def _press(slug: str, do: Callable[[Case], None]) -> ResponseReturnValue:
    case = find(slug, lock=True)
    if not ButtonForm().validate():
        abort(400)
    try:
        do(case)
    except consent.NotPublishable as fault:
        return render_template("cases/show.html", **shown(case, refused=LACKS_WORDS[fault.why])), 409
    except consent.StepRefused:
        pass  # somebody else pressed it first: the page says where things stand
    return redirect(url_for("cases.show", slug=slug), 303)


def _folder() -> Path:
    instance: Path = current_app.settings.instance  # type: ignore[attr-defined]  # CampaignApp
    return instance / "evidence"
