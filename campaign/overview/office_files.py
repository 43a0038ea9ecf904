"""Offices in files: taken out as CSV or YAML, and taken in after a look at what that would do."""

from collections.abc import Iterator

from flask import Blueprint, Response, current_app, redirect, render_template, request, stream_with_context, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from campaign.audit import service as audit
from campaign.authorities import files, taking_in
from campaign.authorities.forms import FileForm
from campaign.authorities.models import Authority, AuthorityText
from campaign.authorities.service import office
from campaign.db import db, now_utc
from campaign.organisers.forms import ButtonForm
from campaign.organisers.matrix import UPLOADS
from campaign.organisers.sessions import me
from campaign.overview import offices_shown as shown
from campaign.printing.recall import under_way
from campaign.text import _
from campaign.text.faults import Fault, FolderFaults

desk = Blueprint("office_files", __name__, url_prefix="/desk/offices")
AT_ONCE = 100
KINDS = {"csv": "text/csv; charset=utf-8", "yaml": "application/yaml; charset=utf-8"}
TYPED = "typed"
"""What a file that was typed into the page is called."""


@desk.post("/export.<any(csv, yaml):kind>")
def export(kind: str) -> ResponseReturnValue:
    """The whole directory, streamed. A button and not a link: it stands in the trail."""
    if not ButtonForm().validate():
        return redirect(url_for("offices.directory"), 303)
    audit.record(by=me().id, action="authority.exported", of=kind, now=now_utc())
    db.session.commit()  # before the first byte: what is streamed is read after the request's own commit
    languages = sorted(set(db.session.scalars(select(AuthorityText.language).distinct())))
    parts = files.csv_parts(_all(), languages=languages) if kind == "csv" else files.yaml_parts(_all(), first=_first())
    return Response(stream_with_context(parts), content_type=KINDS[kind], headers={"Content-Disposition": f'attachment; filename="authorities.{kind}"'})


@desk.route("/import", methods=["GET", "POST"])
def take_in() -> ResponseReturnValue:
    """A file of offices: its faults, or what it would do; and at a second press, done."""
    form = FileForm()
    if request.method != "POST":
        return render_template("overview/office_import.html", form=form, most=files.MOST)
    raw = _raw(form)
    if not form.validate():
        return _faults(form, [Fault("", 0, _("The page was open for too long. Press the button again; what you typed is still here."))])
    try:
        plan = taking_in.plan(files.read(TYPED, raw, first=_first()), first=_first())
    except FolderFaults as found:
        return _faults(form, found.faults)
    if form.mark.data != plan.mark or (plan.like and not form.another.data):
        form.mark.data = plan.mark
        return render_template("overview/office_import.html", form=form, plan=plan, office=office, under_way=under_way, most=files.MOST)
    told, alone = lambda authority: shown.ways_said(under_way(authority)), lambda authority: shown.alone(me(), authority)
    taking_in.take_in(plan, by=me().id, now=now_utc(), alone=alone, told=told)
    return redirect(url_for("offices.directory", state="unverified"), 303)


def _raw(form: FileForm) -> bytes:
    # The file's words go into the page, where they can be mended: nothing has to be chosen a second time.
    upload = request.files.get("file")
    raw = upload.read(UPLOADS["office_files.take_in"] + 1) if upload is not None and upload.filename else b""
    if raw:
        form.words.data = raw.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
        return raw
    return (form.words.data or "").replace("\r\n", "\n").encode()


def _faults(form: FileForm, faults: list[Fault]) -> ResponseReturnValue:
    form.mark.data = ""
    return render_template("overview/office_import.html", form=form, faults=faults, most=files.MOST), 400


def _all() -> Iterator[Authority]:
    """Every office by key, a hundred in memory at a time."""
    last = ""
    while found := list(db.session.scalars(select(Authority).where(Authority.key > last).order_by(Authority.key).limit(AT_ONCE))):
        last = found[-1].key
        db.session.expunge_all()
        db.session.rollback()  # no lock is held while somebody's line is slow
        yield from found


def _first() -> str:
    return str(current_app.settings.language_list[0])  # type: ignore[attr-defined]  # CampaignApp
