"""Pages of the desk on which a case gets its photograph."""

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.cases import photos
from campaign.cases.desk import find, photo_form, shown
from campaign.cases.forms_publishing import PhotoForm
from campaign.cases.models import Case
from campaign.cases.public import photo_folder
from campaign.cases.words import NO_PHOTO_WORDS
from campaign.db import now_utc
from campaign.organisers.forms import ButtonForm
from campaign.organisers.sessions import me
from campaign.security.files import DiskFull, FileGone
from campaign.text import _

desk = Blueprint("photographs", __name__, url_prefix="/desk/cases/<slug>")


@desk.post("/photographs")
def add(slug: str) -> ResponseReturnValue:
    """Give the case a photograph, made anew from the pixels of a file."""
    case, form = find(slug, lock=True), PhotoForm()
    upload = request.files.get("picture")
    held = upload.read(photos.MOST_BYTES + 1) if upload is not None else b""
    wanted = [row.form.language.data for row in photo_form(case).texts]
    if not form.validate() or [row.form.language.data for row in form.texts] != wanted:
        return _again(case, form, "" if form.errors else _("The languages of this case changed meanwhile. Open its page again."))
    try:
        made = photos.make(held)
        texts = {row["language"]: (row["alt"].strip(), row["credit"].strip()) for row in form.texts.data}
        photos.keep(case, made, texts=texts, folder=photo_folder(), by=me(), now=now_utc())
    except photos.NoPhoto as fault:
        return _again(case, form, str(NO_PHOTO_WORDS[fault.why]))
    except DiskFull:
        return _again(case, form, _("There is no room for the picture just now. Nothing was saved; try again later."))
    return redirect(url_for("cases.show", slug=slug), 303)


@desk.post("/photographs/remove")
def remove(slug: str) -> ResponseReturnValue:
    """Take it away, from the disk too."""
    case = find(slug, lock=True)
    if not ButtonForm().validate():
        abort(400)
    photos.remove(case, folder=photo_folder(), by=me(), now=now_utc())
    return redirect(url_for("cases.show", slug=slug), 303)


@desk.get("/photo")
def look(slug: str) -> ResponseReturnValue:
    """The photograph as the desk sees it, whether it may be shown or not."""
    photo = photos.of_case(find(slug))
    if photo is None:
        return redirect(url_for("cases.show", slug=slug), 303)
    try:
        return Response(photos.read(photo, "small.jpg", folder=photo_folder()), content_type="image/jpeg")
    except FileGone:
        abort(404)


def _again(case: Case, form: PhotoForm, fault: str) -> ResponseReturnValue:
    if fault:
        form.picture.errors = [fault]
    return render_template("cases/show.html", **shown(case, photo_form=form, refused=fault or None)), 400
