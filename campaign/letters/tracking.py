"""Pages for supporters: the private pages of one letter. Whoever has the link is its writer; nobody else gets one."""

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import Forbidden, NotFound

from campaign.appeals.service import AppealClosed, AppealPaused
from campaign.db import now_utc
from campaign.letters import service, way
from campaign.letters.forms import ButtonForm
from campaign.letters.frame import mark, pages, posting_country, track_link
from campaign.letters.models import Letter
from campaign.letters.sheet import defender_name, sheet_of
from campaign.paper import LetterSheet, self_print_pdf
from campaign.security import tokens
from campaign.text import _, reading_language


@pages.errorhandler(tokens.TokenWrong)
@pages.errorhandler(service.LetterGone)
def _no_letter(why: Exception) -> ResponseReturnValue:
    """A link that leads to no letter: cut off on its way, or over."""
    gone = isinstance(why, service.LetterGone)
    return render_template("letters/link.html", gone=gone), 410 if gone else 404


def _sheet(letter: Letter) -> LetterSheet:
    posted_from = letter.country if letter.channel == "self" else posting_country()
    return sheet_of(letter, posted_from=posted_from, mark=mark(), today=now_utc().date())


def _to_track(letter: Letter) -> ResponseReturnValue:
    return redirect(url_for("letters.track", token=tokens.make("track", letter.id, letter.links)), 303)


def _pressed() -> bool:
    return bool(ButtonForm().validate_on_submit())


@pages.route("/letters/confirm/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """The letter with a button. A mail scanner that follows the link changes nothing; used again, it leads to the tracking page."""
    letter = service.read("letter", token)
    if letter.state != "pending":
        return _to_track(letter)
    try:
        service.check_confirmable(letter, now=now_utc())
        form = ButtonForm()
        if not form.validate_on_submit():
            return _confirm_page(letter, token, form), 400 if form.is_submitted() else 200
        service.confirm(letter, now=now_utc())
    except service.ConfirmationOver:
        return _confirm_refused(letter, "over"), 410
    except AppealClosed:
        return _confirm_refused(letter, "closed"), 410
    except AppealPaused:
        return _confirm_refused(letter, "paused"), 403
    return _to_track(letter)


def _confirm_page(letter: Letter, token: str, form: ButtonForm) -> str:
    return render_template("letters/confirm.html", letter=letter, sheet=_sheet(letter), form=form, token=token, **_about(letter))


def _confirm_refused(letter: Letter, why: str) -> str:
    return render_template("letters/refused.html", letter=letter, why=why, until=service.last_day(letter), **_about(letter))


def _about(letter: Letter) -> dict[str, str]:
    return {"defender": defender_name(letter.appeal, reading_language()), "case_slug": letter.appeal.case.slug}


@pages.get("/letters/track/<token>")
def track(token: str) -> ResponseReturnValue:
    """Each step of the letter with its date, what comes next, and what its writer can still do."""
    asked_again = request.args.get("again") == "link"
    said = _("We send the link to the address you gave: now, or on one of the next days if it has had its three mails of today.") if asked_again else ""
    return _track_page(service.read("track", token), token, said=said)


def _track_page(letter: Letter, token: str, *, said: str = "", wrong: str = "") -> str:
    return render_template(
        "letters/track.html",
        letter=letter,
        token=token,
        title=way.title(letter),
        steps=way.steps(letter),
        to_come=way.to_come(letter, now=now_utc()),
        held_by=way.held_by(letter),
        sheet=_sheet(letter) if letter.body else None,
        may_withdraw=service.may_withdraw(letter),
        form=ButtonForm(),
        said=said,
        wrong=wrong,
        **_about(letter),
    )


@pages.post("/letters/track/<token>/withdraw")
def withdraw(token: str) -> ResponseReturnValue:
    """Take the letter back, until its batch is sealed."""
    letter = service.read("track", token)
    if not _pressed():
        return _stale(letter, token)
    try:
        service.withdraw(letter, now=now_utc())
    except service.TooLate:
        return _track_page(letter, token, wrong=_("Your letter was not withdrawn: it is in a sealed batch, or has left already.")), 409
    return _to_track(letter)


@pages.post("/letters/track/<token>/posted")
def posted(token: str) -> ResponseReturnValue:
    """The writer who printed the letter says that it is in the post."""
    letter = service.read("track", token)
    if not _pressed():
        return _stale(letter, token)
    try:
        service.say_posted(letter, now=now_utc())
    except service.TooLate:
        return _track_page(letter, token, wrong=_("This letter is not with you: nothing was changed.")), 409
    return _to_track(letter)


@pages.post("/letters/track/<token>/resend")
def resend(token: str) -> ResponseReturnValue:
    """Mail the link again."""
    letter = service.read("track", token)
    if not _pressed():
        return _stale(letter, token)
    service.resend(letter, track_link=track_link, now=now_utc())
    return redirect(url_for("letters.track", token=token, again="link"), 303)  # so that a reload sends no second mail


@pages.post("/letters/track/<token>/close")
def close(token: str) -> ResponseReturnValue:
    """Make every private link of the letter void, for good."""
    letter = service.read("track", token)
    if not _pressed():
        return _stale(letter, token)
    service.close_links(letter)
    return render_template("letters/closed.html")


def _stale(letter: Letter, token: str) -> ResponseReturnValue:
    return _track_page(
        letter, token, wrong=_("The page had been open for long, or your browser did not keep its cookie. Nothing was changed: press the button again.")
    ), 400


@pages.get("/letters/sheet/<token>")
def sheet(token: str) -> ResponseReturnValue:
    """For somebody who prints the letter: the file, and how to post it."""
    letter = service.read("sheet", token)
    shown = {"title": way.title(letter), "held_by": way.held_by(letter), **_about(letter)}
    return render_template("letters/sheet.html", letter=letter, sheet=_sheet(letter), token=token, **shown)


@pages.get("/letters/sheet/<token>/letter.pdf")
def sheet_file(token: str) -> ResponseReturnValue:
    """The letter as PDF, right after it was written."""
    return _file(service.read("sheet", token))


@pages.get("/letters/track/<token>/sheet.pdf")
def track_file(token: str) -> ResponseReturnValue:
    """The same from the tracking page."""
    return _file(service.read("track", token))


def _file(letter: Letter) -> ResponseReturnValue:
    if letter.channel != "self" or not letter.body:
        raise NotFound
    if not service.may_print(letter):
        raise Forbidden
    made = self_print_pdf(_sheet(letter))
    return Response(made, mimetype="application/pdf", headers={"Content-Disposition": f'attachment; filename="letter-{letter.code}.pdf"'})
