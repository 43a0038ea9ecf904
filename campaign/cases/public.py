"""A case's photograph, and the page on which anybody says that a case's page is wrong, or asks that it goes."""

from pathlib import Path

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the types are of wtforms 3.2
from wtforms.validators import InputRequired, Length

from campaign.cases import photos as photographs
from campaign.cases import reports
from campaign.cases.limits import ReportLimits, TooOften
from campaign.cases.models import REPORT_KINDS
from campaign.cases.service import CaseUnknown, find_case, main_name
from campaign.cases.words import REPORT_WORDS
from campaign.db import now_utc
from campaign.security.files import FileGone
from campaign.text import _, lazy

photos = Blueprint("photos", __name__, url_prefix="/cases/<slug>")
pages = Blueprint("reports", __name__, url_prefix="/cases/<slug>/report")


class ReportForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What is wrong, and where an answer goes if one is wanted."""

    kind = RadioField(
        lazy("What is it about"), choices=[SelectChoice(kind, REPORT_WORDS[kind]) for kind in REPORT_KINDS], validators=[InputRequired(lazy("Choose one of the two."))]
    )
    words = TextAreaField(
        lazy("Tell us"),
        validators=[InputRequired(lazy("Tell us in a few words.")), Length(max=reports.LONGEST, message=lazy("That is too long: at most 5,000 characters."))],
    )
    address = StringField(lazy("Where an answer reaches you"), validators=[Length(max=254, message=lazy("That is too long."))])


@pages.record_once
def _set_up(state: BlueprintSetupState) -> None:
    settings = state.app.settings  # type: ignore[attr-defined]  # CampaignApp; its module imports this one
    state.app.extensions["report_limits"] = ReportLimits(settings.redis_url, prefix=settings.redis_prefix)


@pages.route("", methods=["GET", "POST"])
def report(slug: str) -> ResponseReturnValue:
    """A form, and what is done with it. Reading the page changes nothing."""
    try:
        case = find_case(slug)
    except CaseUnknown:
        abort(404)
    form, fault, status = ReportForm(), "", 200
    if request.method == "POST":
        try:
            if form.validate():
                limits: ReportLimits = current_app.extensions["report_limits"]
                limits.count(remote=request.remote_addr or "", now=now_utc())
                words, address = (form.words.data or "").strip(), (form.address.data or "").strip()
                reports.receive(case, kind=form.kind.data, words=words, address=address, now=now_utc())
                return redirect(url_for("reports.thanks", slug=slug), 303)
            status = 400
            if form.csrf_token.errors:
                fault = _("The page was open for too long. What you typed is still here: press the button again.")
        except TooOften:
            fault, status = _("Too many reports came from where you are within an hour. What you typed is still here: wait a while, then press the button again."), 429
    return render_template("cases/report.html", form=form, fault=fault, slug=slug, name=main_name(case)), status


@pages.get("/thanks")
def thanks(slug: str) -> ResponseReturnValue:
    """It arrived. The same page for everybody, whatever they reported, about any case."""
    return render_template("cases/thanks.html", slug=slug)


@photos.get("/photo-<mark>.<any(jpg, webp):kind>")
def file(slug: str, mark: str, kind: str) -> Response:
    """The photograph of a public case, while somebody agrees to one. `-large` after its mark: the larger one."""
    try:
        case = find_case(slug)
        photo = photographs.shown(case, today=now_utc().date())
        if photo is None or mark not in (photo.mark, f"{photo.mark}-large"):
            abort(404)
        body = photographs.read(photo, f"{'large' if mark.endswith('-large') else 'small'}.{kind}", folder=photo_folder())
    except (CaseUnknown, FileGone):
        abort(404)
    # Not for long: when nobody agrees any more, it goes.
    return Response(body, content_type=photographs.KINDS[kind][1], headers={"Cache-Control": "public, max-age=300"})


def photo_folder() -> Path:
    """Where photographs lie, sealed."""
    instance: Path = current_app.settings.instance  # type: ignore[attr-defined]  # CampaignApp
    return instance / "photos"
