"""Pages for supporters: writing a letter, in two steps, and what comes next. Following it: see tracking.py."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from campaign.appeals import service as appeals
from campaign.appeals.models import Appeal
from campaign.appeals.service import AppealClosed, AppealPaused, AppealUnknown
from campaign.db import now_utc
from campaign.letters import (
    fit,
    offer,
    tracking,  # noqa: F401  its pages join the blueprint
    writing,
)
from campaign.letters.faults import length_fault, unprintable_fault, window_fault
from campaign.letters.forms import NO_WAY, UPDATES_WORDING, LetterForm
from campaign.letters.frame import confirm_link, mark, pages, posting_country
from campaign.letters.sheet import Draft, defender_name, sheet_of, signature_of
from campaign.letters.words import clean_words
from campaign.security import tokens
from campaign.supporters.names import LONGEST as LONGEST_NAME
from campaign.supporters.visibility import Visibility
from campaign.text import _, reading_language

__all__ = ["pages"]

FAR_TOO_LONG = 100_000
"""Characters: no letter, whatever it is. Answered as too large."""


@pages.route("/letters/<slug>", methods=["GET", "POST"])
def write(slug: str) -> ResponseReturnValue:
    """The letter that is being written. Nothing is kept before the last button of the second step."""
    appeal = _appeal(slug)
    try:
        appeals.check_open(appeal, now=now_utc())
        form = LetterForm()
        _take_query(form)
        form.prepare(appeal)
        if request.method != "POST":
            return _words_page(form)
        return ACTIONS.get(request.form.get("do", ""), _preview)(form)
    except (AppealPaused, AppealClosed) as why:
        paused = isinstance(why, AppealPaused)
        typed = {name: request.form.get(name, "") for name in ("kept", "name", "email")}
        return render_template("letters/shut.html", appeal=appeal, paused=paused, words=clean_words(request.form.get("words", "")), typed=typed), 403 if paused else 410


def _appeal(slug: str) -> Appeal:
    try:
        appeal = appeals.find(slug)
    except AppealUnknown:
        raise NotFound from None
    if appeal.kind not in offer.WRITTEN_KINDS:
        raise NotFound
    return appeal


def _take_query(form: LetterForm) -> None:
    # A link may choose the office and the language; a form that was sent says so itself.
    if request.method != "POST":
        form.to.data, form.language.data = request.args.get("to"), request.args.get("language")


def _preview(form: LetterForm) -> ResponseReturnValue:
    _swap_outline(form)
    form.validate()
    form.check_offers()
    return _name_page(form) if form.step.data == "name" else _words_page(form)


def _start_empty(form: LetterForm) -> ResponseReturnValue:
    return _replace_words(form, "")


def _start_from_outline(form: LetterForm) -> ResponseReturnValue:
    return _replace_words(form, form.outline)


def _bring_back(form: LetterForm) -> ResponseReturnValue:
    form.words.data, form.kept.data = clean_words(form.kept.data or ""), "" if form.is_untouched() else form.words.data
    return _words_page(form)


def _replace_words(form: LetterForm, words: str) -> ResponseReturnValue:
    if not form.is_untouched():
        form.kept.data = form.words.data  # one button brings them back
    form.words.data = words
    return _words_page(form, measured=bool(words))


def _swap_outline(form: LetterForm) -> None:
    # An outline that nobody touched follows the language that was chosen.
    if form.words.data and form.is_untouched():
        form.words.data = form.outline


def _next(form: LetterForm) -> ResponseReturnValue:
    _swap_outline(form)
    good = form.validate() and form.check_offers()
    return _name_page(form) if _measure(form) is not None and good else _words_page(form)


def _back(form: LetterForm) -> ResponseReturnValue:
    return _words_page(form)


def _send(form: LetterForm) -> ResponseReturnValue:
    good = form.check_person()
    if not form.check_offers():
        return _words_page(form)
    if not good:
        return _name_page(form)
    try:
        letter = writing.write(
            _draft(form),
            channel=form.way.data,
            email=form.email.data or "",
            insists=form.insists.data,
            updates_wording=str(UPDATES_WORDING) if form.updates.data else None,
            page_language=reading_language(),
            posted_from=_posted_from(form),
            mark=mark(),
            confirm_link=confirm_link,
            now=now_utc(),
        )
    except writing.NameAtRisk:
        form.shows.data = Visibility.COUNTRY.value
        return _name_page(form, at_risk=True)
    except (fit.LetterEmpty, fit.LetterTooLong, fit.Unprintable, fit.AddressDoesNotFit):
        return _words_page(form)
    except offer.NotOffered as changed:  # at this very moment
        form.not_offered.append(changed.what)
        form.check_offers()
        return _words_page(form)
    if form.way.data == "self" and letter is not None:
        return redirect(url_for("letters.sheet", token=tokens.make("sheet", letter.id, letter.links)), 303)
    return redirect(url_for("letters.sent", slug=form.appeal.slug), 303)


ACTIONS: dict[str, Callable[[LetterForm], ResponseReturnValue]] = {
    "empty": _start_empty,
    "outline": _start_from_outline,
    "restore": _bring_back,
    "next": _next,
    "back": _back,
    "send": _send,
}


def _draft(form: LetterForm) -> Draft:
    shows = form.shows.data if form.shows.data in set(Visibility) else Visibility.FIRST_NAME.value
    name = (form.name.data or "")[:LONGEST_NAME]  # a longer one is refused, and must not be set for a preview before
    return Draft(form.appeal, form.shown_version, form.authority, form.language.data, form.words.data or "", name, form.country.data or "", shows)


def _posted_from(form: LetterForm) -> str:
    return form.country.data if form.way.data == "self" and form.country.data else posting_country()


def _measure(form: LetterForm) -> int | None:
    """The lines that are left; None with the reason at the words where the letter cannot be taken as it is."""
    today, draft = now_utc().date(), _draft(form)
    try:
        if form.is_untouched() and form.words.data and not form.name.data:
            with suppress(fit.Unprintable, fit.AddressDoesNotFit):  # by e-mail it may travel all the same
                return fit.outline_room(sheet_of(draft, posted_from=_posted_from(form), mark=mark(), today=today)).lines_left
        return fit.check_fits(draft, channel=form.way.data, posted_from=_posted_from(form), mark=mark(), today=today).lines_left
    except fit.LetterEmpty:
        fault = _("Write a few words first. One blank is not a letter.")
    except fit.LetterTooLong as long:
        fault = length_fault(long.lines)
    except fit.Unprintable as unprintable:
        fault = unprintable_fault(unprintable.character, by_email="email" in offer.ways(form.appeal, form.authority))
    except fit.AddressDoesNotFit:
        fault = window_fault(by_email="email" in offer.ways(form.appeal, form.authority))
    if fault not in form.words.errors:
        form.words.errors = [*form.words.errors, fault]
    return None


def _words_page(form: LetterForm, *, measured: bool = True) -> ResponseReturnValue:
    # A solidarity message starts from an empty page: that is no fault before anything was asked of it.
    first_visit = request.method != "POST" and not form.words.data
    left = None if first_visit or not measured else _measure(form)
    form.step.data = "words"
    return _page("letters/words.html", form, left=left)


def _name_page(form: LetterForm, *, at_risk: bool = False) -> ResponseReturnValue:
    left = None if form.name.errors else _measure(form)  # a name that is refused is not blamed on the sheet as well
    form.step.data = "name"
    return _page("letters/name.html", form, left=left, at_risk=at_risk, lines=_lines(form))


def _lines(form: LetterForm) -> dict[str, str]:
    """Below each choice the line exactly as the office will read it."""
    draft = _draft(form)
    name, country = draft.name or _("Anna Example"), draft.country or posting_country()
    shown = {choice: replace(draft, name=name, country=country, to_authority=choice) for choice in Visibility}
    return {choice.value: _("“%(line)s”", line=signature_of(one)) for choice, one in shown.items()}


def _page(template: str, form: LetterForm, *, left: int | None, at_risk: bool = False, lines: dict[str, str] | None = None) -> ResponseReturnValue:
    draft = _draft(form)
    sheet = sheet_of(draft, posted_from=_posted_from(form), mark=mark(), today=now_utc().date())
    rules = appeals.words(form.shown_version, form.language.data).rules
    html = render_template(
        template,
        form=form,
        appeal=form.appeal,
        words=appeals.words(form.shown_version),
        defender=defender_name(form.appeal, reading_language()),
        sheet=sheet,
        rules=rules,
        left=left,
        at_risk=at_risk,
        lines=lines,
        no_way=NO_WAY,
        now=now_utc(),
    )
    if len(form.words.data or "") > FAR_TOO_LONG:
        return html, 413
    return (html, 400) if form.errors or at_risk else html


@pages.get("/letters/<slug>/sent")
def sent(slug: str) -> ResponseReturnValue:
    """What to do next: the same for everybody who sent a letter."""
    appeal = _appeal(slug)
    return render_template("letters/sent.html", appeal=appeal, defender=defender_name(appeal, reading_language()))
