"""The print room, in three strokes: take, print, posted."""

import uuid
from collections.abc import Callable

from flask import Blueprint, Response, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.db import now_utc
from campaign.organisers.forms import ButtonForm
from campaign.organisers.sessions import me
from campaign.printing import service
from campaign.printing.forms import TakeForm
from campaign.printing.models import Bundle
from campaign.printing.shown import bundle_shown
from campaign.printing.waiting import MOST_TOLD, waiting_letters
from campaign.text import _

desk = Blueprint("printing", __name__, url_prefix="/desk")


@desk.route("/bundles", methods=["GET", "POST"])
def bundles() -> ResponseReturnValue:
    """First stroke: take. Below it what is in hand, and what was."""
    form = TakeForm()
    fault = ""
    if form.validate_on_submit():
        try:
            taken = service.take(volunteer=me(), size=int(form.size.data), now=now_utc())
            return redirect(url_for("printing.bundle", bundle_id=taken.id), 303)
        except service.TooManyBundles:
            fault = _("You have %(count)s bundles in hand. Post or return one of them first; then take the next.", count=service.MOST_OPEN)
    page = render_template(
        "printing/bundles.html",
        form=form,
        fault=fault,
        waiting=waiting_letters(),
        most=MOST_TOLD,
        in_hand=[bundle_shown(bundle, now=now_utc()) for bundle in service.in_hand(volunteer=me())],
        ended=[bundle_shown(bundle, now=now_utc()) for bundle in service.ended(volunteer=me())],
    )
    return (page, 409 if fault else 400) if fault or form.is_submitted() else page


@desk.get("/bundles/<uuid:bundle_id>")
def bundle(bundle_id: uuid.UUID) -> ResponseReturnValue:
    """Second and third stroke: print, posted."""
    return _page(_find(bundle_id))


@desk.post("/files/<uuid:file_id>.pdf")
def file(file_id: uuid.UUID) -> ResponseReturnValue:
    """The letters, print-ready. A button and not a link: from now on they count as printed."""
    _check_button()
    try:
        pdf = service.download(file_id, by=me(), folder=current_app.settings.instance / "files", now=now_utc())  # type: ignore[attr-defined]  # CampaignApp
    except service.BundleUnknown:
        abort(404)
    except service.HoldsStopped:
        return _page(service.find_by_file(file_id, by=me())), 409
    if pdf is None:
        return redirect(url_for("printing.bundle", bundle_id=service.find_by_file(file_id, by=me()).id), 303)
    name = service.file_name(file_id)
    return Response(pdf, content_type="application/pdf", headers={"Content-Disposition": f'attachment; filename="{name}"'})


@desk.post("/bundles/<uuid:bundle_id>/posted")
def posted(bundle_id: uuid.UUID) -> ResponseReturnValue:
    """“I have posted them.”"""

    def say_so(held: Bundle) -> None:
        service.posted(bundle=held, now=now_utc())

    return _press(bundle_id, say_so)


@desk.post("/bundles/<uuid:bundle_id>/return")
def return_all(bundle_id: uuid.UUID) -> ResponseReturnValue:
    """All of it goes back to the pool."""
    return _press(bundle_id, lambda held: service.return_letters(bundle=held, batch_id=None, now=now_utc()))


@desk.post("/bundles/<uuid:bundle_id>/return-stopped")
def return_stopped(bundle_id: uuid.UUID) -> ResponseReturnValue:
    """What was stopped is put aside and torn up; it waits in the pool until it may leave."""
    return _press(bundle_id, lambda held: service.return_letters(bundle=held, batch_id=None, now=now_utc(), only_stopped=True), returned="stopped")


@desk.post("/bundles/<uuid:bundle_id>/batches/<uuid:batch_id>/return")
def return_batch(bundle_id: uuid.UUID, batch_id: uuid.UUID) -> ResponseReturnValue:
    """One batch goes back."""
    return _press(bundle_id, lambda held: service.return_letters(bundle=held, batch_id=batch_id, now=now_utc()), returned=str(batch_id))


@desk.post("/bundles/<uuid:bundle_id>/letters/<uuid:item_id>/return")
def return_letter(bundle_id: uuid.UUID, item_id: uuid.UUID) -> ResponseReturnValue:
    """One letter goes back."""
    return _press(bundle_id, lambda held: service.return_letter(item_id, bundle=held, now=now_utc()), returned=str(item_id))


def _press(bundle_id: uuid.UUID, do: Callable[[Bundle], None], *, returned: str | None = None) -> ResponseReturnValue:
    _check_button()
    held = _find(bundle_id, lock=True)
    try:
        do(held)
    except service.BundleUnknown:
        abort(404)
    except (service.HoldsStopped, service.NotPrinted):
        return _page(held, refused=True), 409
    return redirect(url_for("printing.bundle", bundle_id=held.id, returned=returned), 303)


def _check_button() -> None:
    if not ButtonForm().validate():
        abort(400)


def _find(bundle_id: uuid.UUID, *, lock: bool = False) -> Bundle:
    try:
        return service.find(bundle_id, by=me(), lock=lock)
    except service.BundleUnknown:
        abort(404)


def _page(held: Bundle, *, refused: bool = False) -> str:
    shown = bundle_shown(held, now=now_utc())
    said = shown.returned(request.args.get("returned", ""))
    return render_template("printing/bundle.html", bundle=shown, mine=held.volunteer_id == me().id, refused=refused, said=said)
