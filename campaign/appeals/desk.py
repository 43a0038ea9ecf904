"""Pages of the desk about launches: those that wait, and the one form in which a petition and letters are typed together."""

import uuid
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from campaign.appeals import launching, rewording
from campaign.appeals import typed as said
from campaign.appeals.forms import launch_form, typed_in
from campaign.appeals.models import KINDS, Appeal, Launch
from campaign.appeals.service import current
from campaign.appeals.typed import Office, Typed
from campaign.appeals.words import KIND_WORDS, WRONG_WORDS, beginning, compared, named
from campaign.authorities.models import Authority
from campaign.cases.models import Case
from campaign.cases.service import CaseUnknown, main_name
from campaign.cases.service import asked as asked_by_case
from campaign.cases.writing import find as find_case
from campaign.db import db, now_utc
from campaign.organisers import approvals
from campaign.organisers.forms import ButtonForm
from campaign.organisers.sessions import me
from campaign.text import language_name, reading_language
from campaign.text.values import LANGUAGE

desk = Blueprint("appeals", __name__, url_prefix="/desk")


@desk.get("/launches")
def launches() -> str:
    """What was begun and is not published yet."""
    rows = [(launch, main_name(launch.case), launching.state_of(launch)) for launch in launching.unfinished(by=me())]
    return render_template("appeals/launches.html", rows=rows, kinds=lambda launch: [KIND_WORDS[kind] for kind in said.kinds_of(launch.typed)])


@desk.route("/cases/<slug>/launch", methods=["GET", "POST"])
def new(slug: str) -> ResponseReturnValue:
    """A new launch for a case of theirs, with a default for everything."""
    try:
        case = find_case(slug, by=me())
    except CaseUnknown:
        abort(404)
    before = _beginning(case)
    if request.method != "POST":
        return _page(case, before)
    return _pressed(case, before, None)


@desk.route("/launches/<uuid:launch_id>", methods=["GET", "POST"])
def launch(launch_id: uuid.UUID) -> ResponseReturnValue:
    """A launch: its form while it is a draft, then where it stands."""
    row = _find(launch_id, lock=request.method == "POST")
    if request.method != "POST":
        return _page(row.case, row.typed, row)
    return _pressed(row.case, row.typed, row)


@desk.post("/launches/<uuid:launch_id>/<any(back, away):what>")
def leave(launch_id: uuid.UUID, what: str) -> ResponseReturnValue:
    """Take back what waits for a second person or its moment; or throw a draft away."""
    if not ButtonForm().validate():
        abort(400)
    row = _find(launch_id, lock=True)
    try:
        {"back": launching.take_back, "away": launching.throw_away}[what](row, by=me(), now=now_utc())
    except (launching.NotADraft, approvals.NotAsked, approvals.AlreadyDecided):
        db.session.rollback()  # the page says where it stands
    return redirect(url_for("appeals.launches") if what == "away" else url_for("appeals.launch", launch_id=launch_id), 303)


@desk.route("/appeals/<slug>/words", methods=["GET", "POST"])
def words(slug: str) -> ResponseReturnValue:
    """The words of a public appeal, all their versions, and the form that asks for other ones."""
    try:
        appeal = rewording.find(slug, by=me())
    except rewording.NotOpen:
        abort(404)
    if request.method != "POST":
        return _words_page(appeal, rewording.typed_of(appeal))
    typed, seen, more, valid = _typed(appeal.case, rewording.typed_of(appeal))
    if not valid:
        return _words_page(appeal, typed, old=True)
    if more and LANGUAGE.fullmatch(more) and more not in said.languages_of(typed):
        return _words_page(appeal, {**typed, "languages": f"{typed['languages']} {more}"}, more=True)
    try:
        rewording.ask(appeal, typed, seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0, by=me(), now=now_utc())
    except rewording.WordedMeanwhile:
        return _words_page(appeal, typed, meanwhile=True)
    except launching.Unfinished as wrong:
        return _words_page(appeal, typed, faults=wrong.faults)
    return redirect(url_for("appeals.words", slug=slug), 303)


def _words_page(appeal: Appeal, typed: Typed, **told: Any) -> ResponseReturnValue:
    form = launch_form(typed, languages=said.languages_of(typed), offices={}, demands=list(asked_by_case(appeal.case)))
    told = {"old": False, "meanwhile": False, "more": False, "faults": [], **told}
    told["faults"] = [(where, named(where), WRONG_WORDS[wrong]) for where, wrong in told["faults"]]
    page = render_template(
        "appeals/words.html",
        appeal=appeal,
        name=main_name(appeal.case),
        form=form(formdata=None, data={**typed, "seen": str(current(appeal).number)}),
        words=said.WORDS[appeal.kind],
        languages=said.languages_of(typed),
        language_name=language_name,
        versions=rewording.versions(appeal),
        asked=rewording.asked(appeal),
        **told,
    )
    return page, 409 if told["meanwhile"] else 400 if told["old"] or told["faults"] else 200


def _find(launch_id: uuid.UUID, *, lock: bool) -> Launch:
    try:
        return launching.find(launch_id, by=me(), lock=lock)
    except launching.LaunchUnknown:
        abort(404)


def _pressed(case: Case, before: Typed, row: Launch | None) -> ResponseReturnValue:
    """A button of the form. Whatever it is, what was typed is kept first."""
    typed, seen, more, valid = _typed(case, before)
    button = request.form.get("do", "save")
    if not valid:
        return _page(case, typed, row, seen=seen, old=True)
    if more and LANGUAGE.fullmatch(more) and more not in said.languages_of(typed):
        typed = {**typed, "languages": f"{typed['languages']} {more}".strip()}
    kept = row or launching.begin(case, typed, by=me(), now=now_utc())
    try:
        if row is not None:
            launching.save(row, typed, seen=int(seen) if seen.isdecimal() and len(seen) < 10 else 0, by=me(), now=now_utc())
        if button == "review":
            launching.ask(kept, by=me(), now=now_utc())
    except launching.EditedMeanwhile:
        db.session.refresh(kept)
        return _page(case, typed, kept, theirs=approvals.compare(compared(kept.typed, launching.offices()), compared(typed, launching.offices())))
    except launching.Unfinished:
        return redirect(url_for("appeals.launch", launch_id=kept.id, asked="1", _anchor="errors"), 303)  # it is kept, and the page says what is missing
    except launching.NotADraft:
        pass  # the page says where it stands
    if button == "preview":
        return _page(case, typed, kept, preview=True)
    return redirect(url_for("appeals.launch", launch_id=kept.id), 303)


def _typed(case: Case, before: Typed) -> tuple[Typed, str, str, bool]:
    languages = [tag for tag in request.form.get("languages", "").split() if LANGUAGE.fullmatch(tag)][:20]
    shown = {**before, "targets": request.form.getlist("targets") + list(before.get("targets", ()))}
    form = launch_form(shown, languages=languages, offices=launching.offices(), demands=list(asked_by_case(case)))()
    typed = typed_in(form, before)
    return {**typed, "languages": " ".join(languages)}, form.seen.data or "", (form.more_language.data or "").strip(), form.validate()


def _page(case: Case, typed: Typed, row: Launch | None = None, *, seen: str | None = None, **values: Any) -> ResponseReturnValue:
    offices, languages = launching.offices(), said.languages_of(typed)
    form = launch_form(typed, languages=languages, offices=offices, demands=list(asked_by_case(case)))
    state = launching.state_of(row) if row else "draft"
    edits = str(row.edits) if row else ""
    waiting = said.missing(typed, offices=offices, today=now_utc().date()) if row and state == "draft" else []
    shown: dict[str, Any] = {"theirs": None, "old": False, "preview": False, **values}
    page = render_template(
        "appeals/launch.html",
        case=case,
        name=main_name(case),
        launch=row,
        state=state,
        request_waits=launching.asked(row) if row else None,
        appeals=launching.appeals_of(row) if row else [],
        form=form(formdata=None, data={**typed, "seen": edits if seen is None else seen}),
        typed=typed,
        kinds=KINDS,
        kind_words=KIND_WORDS,
        words=said.WORDS,
        languages=languages,
        language_name=language_name,
        told=[(where, named(where), WRONG_WORDS[wrong]) for where, wrong in waiting],
        asked_now=bool(request.args.get("asked")),
        offices=offices,
        **shown,
    )
    return page, 409 if shown["theirs"] is not None else 400 if shown["old"] else 200


def _beginning(case: Case) -> Typed:
    offices: dict[str, Office] = launching.offices()
    nearby = list(db.session.scalars(select(Authority.key).where(Authority.country == case.country).order_by(Authority.key)))
    first: str = current_app.settings.language_list[0]  # type: ignore[attr-defined]  # CampaignApp
    read = [tag for key in nearby for tag in offices[key].languages if tag != first]
    return beginning(case, languages=[first, *read[:1]], offices=offices, nearby=nearby, spoken=[first, reading_language()], today=now_utc().date())
