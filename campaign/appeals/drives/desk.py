"""The desk's pages of drives: all of them, a new one, one to edit, the next year's."""

from typing import Any

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.appeals.drives import editing, forms
from campaign.appeals.drives.choices import choices
from campaign.appeals.drives.service import DriveUnknown, phase
from campaign.appeals.models import Drive
from campaign.db import now_utc
from campaign.organisers.forms import ButtonForm
from campaign.organisers.sessions import me
from campaign.text import _, language_name, one_language

desk = Blueprint("drives", __name__, url_prefix="/desk/drives")


@desk.get("/")
def all_drives() -> str:
    """The drives somebody works on, drafts too."""
    today = now_utc().date()
    return render_template("appeals/drives/all.html", drives=[(drive, one_language(drive.texts), phase(drive, today)) for drive in editing.mine(me())])


@desk.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new drive; it begins as a draft."""
    form = _form(None)
    if request.method == "POST" and form.validate():
        drive = editing.make(form.typed(), by=me(), now=now_utc())
        return redirect(url_for("drives.edit", slug=drive.slug, saved=1), 303)
    return render_template("appeals/drives/edit.html", form=form, drive=None, language_name=language_name), 400 if request.method == "POST" else 200


@desk.route("/<slug>", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    """What a drive says, to be changed."""
    drive = _find(slug)
    form = _form(drive)
    if request.method != "POST":
        form.fill(editing.typed_of(drive), seen=drive.edits)
        return _page(drive, form)
    if not form.validate():
        return _page(drive, form), 400
    seen = int(form.seen.data) if (form.seen.data or "").isdecimal() else 0
    try:
        editing.save(drive, form.typed(), seen=seen, by=me(), now=now_utc())
    except editing.ChangedMeanwhile:
        form.seen.data = str(drive.edits)  # pressed once more it is meant
        return _page(drive, form, theirs=_difference(drive, form)), 409
    return redirect(url_for("drives.edit", slug=slug, saved=1), 303)


@desk.post("/<slug>/<any(public, draft):state>")
def move(slug: str, state: str) -> ResponseReturnValue:
    """Show it to everybody, or take it back to the desk."""
    _check_button()
    drive = _find(slug)
    try:
        editing.move(drive, state, by=me(), now=now_utc())
    except editing.NotReady:
        form = _form(drive)
        form.fill(editing.typed_of(drive), seen=drive.edits)
        return _page(drive, form, fault=_("A drive without a case cannot be shown. Give one a place below, save, and try again.")), 409
    return redirect(url_for("drives.edit", slug=slug), 303)


@desk.post("/<slug>/discard")
def discard(slug: str) -> ResponseReturnValue:
    """Throw a draft away; what is shown stays."""
    _check_button()
    editing.discard(_find(slug), by=me(), now=now_utc())
    return redirect(url_for("drives.all_drives"), 303)


@desk.post("/<slug>/clone")
def clone(slug: str) -> ResponseReturnValue:
    """The same a year later, as a draft."""
    _check_button()
    again = editing.clone(_find(slug), by=me(), now=now_utc())
    return redirect(url_for("drives.edit", slug=again.slug), 303)


def _find(slug: str) -> Drive:
    try:
        return editing.find(slug, by=me())
    except DriveUnknown:
        abort(404)


def _check_button() -> None:
    if not ButtonForm().validate():
        abort(400)


def _form(drive: Drive | None) -> Any:
    chosen = choices(me(), drive)
    form = forms.prepared(chosen)
    if drive is None and request.method != "POST" and me().role != "admin" and chosen.owners:
        form.organisation.data = str(chosen.owners[0].id)
    return form


def _difference(drive: Drive, form: Any) -> list[tuple[str, str, str]]:
    """What somebody else saved meanwhile, beside what was typed: name, theirs, mine."""
    theirs, mine = editing.said(editing.typed_of(drive)), editing.said(form.typed())
    return [(_label(name, form), theirs.get(name, ""), mine.get(name, "")) for name in {**theirs, **mine} if theirs.get(name, "") != mine.get(name, "")]


def _label(name: str, form: Any) -> str:
    if name in ("cases", "partners"):
        return _("Cases") if name == "cases" else _("Partners")
    base, _underscore, language = name.partition("_")
    if base in ("name", "lead") and language:
        return f"{form[f'{base}-{language}'].label.text} ({language})"
    return str(form[name].label.text)


def _page(drive: Drive, form: Any, *, theirs: list[tuple[str, str, str]] | None = None, fault: str = "") -> str:
    return render_template(
        "appeals/drives/edit.html",
        form=form,
        drive=drive,
        theirs=theirs,
        fault=fault,
        editor=editing.last_editor(drive) if theirs is not None else None,
        saved=request.args.get("saved") == "1" and request.method == "GET",
        language_name=language_name,
    )
