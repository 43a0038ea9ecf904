"""Pages of the desk about cases: the list, one case, and the form in which everything that is said of it is typed."""

import uuid
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.cases import consent, forms, photos, reports, typed, writing
from campaign.cases.forms_publishing import CheckedForm, ConsentForm, PhotoForm
from campaign.cases.models import PUBLICATION, STATUSES, Case
from campaign.cases.service import LONGEST_QUERY, CaseUnknown, main_name
from campaign.cases.words import COVER_WORDS, FIELD_WORDS, GIVER_WORDS, LACKS_WORDS, PUBLICATION_WORDS, REPORT_WORDS, STATUS_WORDS
from campaign.db import db, now_utc
from campaign.organisers import belonging
from campaign.organisers.models import Organisation
from campaign.organisers.sessions import me
from campaign.text import _, language_name, one_language, reading_language
from campaign.text.places import countries
from campaign.text.values import LANGUAGE

desk = Blueprint("cases", __name__, url_prefix="/desk/cases")


@desk.get("")
def all_cases() -> ResponseReturnValue:
    """Their cases, by any spelling of a name, by country, status, state and review day; those to be checked soonest first."""
    asked = {name: request.args.get(name, "").strip()[:LONGEST_QUERY] for name in ("q", "country", "status", "publication", "due")}
    page = int(number) if (number := request.args.get("page", "")).isdecimal() and len(number) < 4 and int(number) else 1
    choices = {name: asked[name] for name in ("country", "status", "publication")}
    found = writing.search(asked["q"], by=me(), due=bool(asked["due"]), page=page, now=now_utc(), **choices)
    return render_template(
        "cases/all.html",
        cases=found[: writing.PER_PAGE],
        more=len(found) > writing.PER_PAGE,
        page=page,
        asked=asked,
        name=main_name,
        today=now_utc().date(),
        countries=countries(reading_language()),
        statuses=[(one, STATUS_WORDS[one]) for one in STATUSES],
        states=[(one, PUBLICATION_WORDS[one]) for one in PUBLICATION],
    )


@desk.get("/<slug>")
def show(slug: str) -> ResponseReturnValue:
    """One case: where it stands, and what can be done about it."""
    case = find(slug)
    return render_template("cases/show.html", **shown(case))


@desk.route("/new", methods=["GET", "POST"])
def new() -> ResponseReturnValue:
    """A new case: a draft until it is published."""
    if request.method != "POST":
        return _page(forms.empty(_languages()), seen="")
    form = forms.CaseForm()
    said = forms.typed_in(form)
    unfinished = _unfinished(form, said)
    if unfinished is not None:
        return unfinished
    said = typed.tidy(said)
    try:
        case = writing.make(typed.check(said), organisation_id=_organisation(said), by=me(), now=now_utc())
    except typed.FactsWrong as wrong:
        return _page(said, seen="", faults=wrong.faults)
    except writing.SlugTaken:
        return _page(said, seen="", faults=[("slug", "taken")])
    return redirect(url_for("cases.show", slug=case.slug), 303)


@desk.route("/<slug>/facts", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    """Everything that is said of a case."""
    case = find(slug, lock=request.method == "POST")
    if request.method != "POST":
        before = typed.of_case(case, first=first_language(case))
        return _page(before, seen=typed.mark(before), case=case)
    form = forms.CaseForm()
    said, seen = forms.typed_in(form, slug=slug), form.seen.data or ""
    unfinished = _unfinished(form, said, case=case)
    if unfinished is not None:
        return unfinished
    said = typed.tidy(said)
    try:
        writing.edit(case, typed.check(said), seen=seen, organisation_id=_organisation(said), by=me(), now=now_utc())
    except typed.FactsWrong as wrong:
        return _page(said, seen=seen, case=case, faults=wrong.faults)
    except writing.EditedMeanwhile:
        theirs = typed.of_case(case, first=said["texts"][0]["language"])
        return _page(said, seen=typed.mark(theirs), case=case, theirs=typed.difference(said, theirs))
    return redirect(url_for("cases.show", slug=slug), 303)


def shown(case: Case, **values: Any) -> dict[str, Any]:
    """What the page of one case shows; `values` stand in the place of forms that were not right."""
    today = now_utc().date()
    forms_on_it = {"consent_form": ConsentForm(formdata=None), "checked_form": CheckedForm(formdata=None, data={"review_on": (today + writing.REVIEW).isoformat()})}
    return {
        "case": case,
        "name": main_name(case),
        "today": today,
        "state": PUBLICATION_WORDS[case.publication],
        "lacks": LACKS_WORDS.get(consent.missing(case, today=today) or ""),
        "consents": [(row, consent.holds(row, today=today)) for row in consent.of_case(case)],
        "photo": photos.of_case(case),
        "photo_shown": photos.shown(case, today=today) is not None,
        "photo_form": photo_form(case),
        "language_name": language_name,
        "reports": reports.of_case(case),
        "report_words": REPORT_WORDS,
        "givers": GIVER_WORDS,
        "cover_words": COVER_WORDS,
        "refused": None,
        **forms_on_it,
        **values,
    }


def find(slug: str, *, lock: bool = False) -> Case:
    """A case of theirs, or a page that says that there is none."""
    try:
        return writing.find(slug, by=me(), lock=lock)
    except CaseUnknown:
        abort(404)


def first_language(case: Case) -> str:
    """The language in which a case's facts are written: the site's first, where the case has it."""
    known = {text.language for text in case.texts}
    text = one_language(case.texts)
    return _languages()[0] if _languages()[0] in known or text is None else text.language


def photo_form(case: Case) -> PhotoForm:
    """An empty form for a photograph, with a line for each language of the case."""
    first = first_language(case)
    languages = [first, *sorted({text.language for text in case.texts} - {first})]
    return PhotoForm(formdata=None, data={"texts": [{"language": language, "alt": "", "credit": ""} for language in languages]})


def _languages() -> list[str]:
    languages: list[str] = current_app.settings.language_list  # type: ignore[attr-defined]  # CampaignApp
    return languages


def _unfinished(form: forms.CaseForm, said: typed.Typed, *, case: Case | None = None) -> ResponseReturnValue | None:
    """The form again, with what was typed: where it was open for too long, and where a line or a language was asked for."""
    seen, more = form.seen.data or "", request.form.get("more", "")
    if not said["texts"]:  # the page always holds one
        abort(400)
    if not form.validate():
        return _page(said, seen=seen, case=case, old=True)
    if more in ("names", "sources", "timeline"):
        return _page({**said, more: [*said[more], forms.empty_line(more, said)]}, seen=seen, case=case, status=200, spare=False)
    language = (form.more_language.data or "").strip()
    if more == "language" and LANGUAGE.fullmatch(language) and language not in [row["language"] for row in said["texts"]]:
        texts = [*said["texts"], {"language": language, "roles": "", "note": ""}]
        timeline = [{**entry, "words": [*entry["words"], {"language": language, "text": ""}]} for entry in said["timeline"]]
        return _page({**said, "texts": texts, "timeline": timeline}, seen=seen, case=case, status=200, spare=False)
    return _page(said, seen=seen, case=case, faults=[("more_language", "language")]) if more else None


def _organisation(said: typed.Typed) -> uuid.UUID | None:
    if not said["organisation"]:
        return None
    try:
        return uuid.UUID(said["organisation"])
    except ValueError:
        raise typed.FactsWrong([("organisation", "organisation")]) from None


def _page(
    said: typed.Typed, *, seen: str, case: Case | None = None, faults: list[typed.Fault] | None = None, status: int = 0, spare: bool = True, **values: Any
) -> ResponseReturnValue:
    form = forms.form_of(said, seen=seen, organisations=_organisations(case), countries=countries(reading_language()), spare=spare)
    told = forms.say_faults(form, faults or [])
    wrong = 409 if values.get("theirs") is not None else 400 if told or values.get("old") else 0
    here = url_for("cases.edit", slug=case.slug) if case is not None else url_for("cases.new")
    values = {"theirs": None, "old": False, **values}
    shown = {"form": form, "case": case, "faults": told, "here": here, "language_name": language_name, "field_words": FIELD_WORDS, **values}
    return render_template("cases/facts.html", **shown), status or wrong or 200


def _organisations(case: Case | None) -> dict[str, str]:
    """Whose a case may be: their organisations', or nobody's."""
    own = belonging.own(me())
    query = db.select(Organisation).order_by(Organisation.slug)
    rows = db.session.scalars(query if own is None else query.where(Organisation.id.in_({*own, *([case.organisation_id] if case is not None else [])})))
    named = {str(row.id): getattr(one_language(row.texts), "name", row.slug) for row in rows}
    return {"": _("Nobody's: every organiser may work on it"), **named}
