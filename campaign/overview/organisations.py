"""Organisations at the desk: which there are, their words and links, and whether a second person looks."""

import re

from babel import Locale, UnknownLocaleError
from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.db import now_utc
from campaign.organisers import organisations as service
from campaign.organisers import sessions
from campaign.organisers.forms import ButtonForm
from campaign.organisers.models import Organisation
from campaign.organisers.sessions import me
from campaign.overview.organisation_forms import EditForm, MakeForm, edit_form, shown_in
from campaign.text import _, reading_language

desk = Blueprint("organisations", __name__, url_prefix="/desk/organisations")
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z]{2,8})?")


@desk.app_context_processor
def _words() -> dict[str, object]:
    return {"working_alone": _working_alone, "language_name": _language_name}


def _language_name(tag: str) -> str:
    try:
        return str(Locale.parse(tag, sep="-").get_display_name(reading_language().replace("-", "_")) or tag)
    except (UnknownLocaleError, ValueError):
        return tag


def _working_alone() -> list[Organisation]:
    account = sessions.current()
    return service.working_alone(account) if account is not None else []


@desk.get("/")
def all_of_them() -> str:
    """Theirs; for an admin all, and a form for a new one."""
    return _all(MakeForm())


@desk.post("/")
def make() -> ResponseReturnValue:
    """A new organisation."""
    form = MakeForm()
    if not form.validate():
        return _all(form), 400
    try:
        made = service.make(slug=form.slug.data or "", name=form.name.data or "", language=_languages()[0], by=me(), now=now_utc())
    except service.SlugTaken:
        form.slug.errors = [_("Another organisation has this address, or it cannot be one: small letters, digits and hyphens.")]
        return _all(form), 409
    return redirect(url_for("organisations.edit", slug=made.slug), 303)


@desk.route("/<slug>", methods=["GET", "POST"])
def edit(slug: str) -> ResponseReturnValue:
    """Its name and words in each language, and its links."""
    organisation = _find(slug)
    form = edit_form(_languages_of(organisation))
    if request.method != "POST":
        form.show(organisation)
        return _page(organisation, form)
    if not form.validate():
        return _page(organisation, form), 400
    try:
        service.save(organisation, words=form.words(), addresses=form.addresses(), seen=form.seen.data or "", by=me(), now=now_utc())
    except service.Changed:
        saved = shown_in(organisation, form)
        form.seen.data = service.stamp(organisation)  # both are on the page now: who saves again has seen them
        return _page(organisation, form, saved=saved), 409
    return redirect(url_for("organisations.edit", slug=slug, saved="yes"), 303)


@desk.post("/<slug>/second-person/<any(off, on):how>")
def second_person(slug: str, how: str) -> ResponseReturnValue:
    """Switch the second person off, or on again."""
    if not ButtonForm().validate():
        abort(400)
    organisation = _find(slug)
    try:
        service.switch(organisation, single_handed=how == "off", by=me(), now=now_utc())
    except service.NotAlone:
        form = edit_form(_languages_of(organisation))
        form.show(organisation)
        return _page(organisation, form, fault=_("More than one person here can decide, so the second one stays. Only a team of one may switch it off.")), 409
    return redirect(url_for("organisations.edit", slug=slug) + "#second", 303)


def _find(slug: str) -> Organisation:
    try:
        return service.find_theirs(slug, by=me())
    except service.OrganisationUnknown:
        abort(404)


def _all(form: MakeForm) -> str:
    return render_template("overview/organisations.html", organisations=service.listed(me()), form=form)


def _page(organisation: Organisation, form: EditForm, *, saved: dict[str, str] | None = None, fault: str = "") -> str:
    return render_template(
        "overview/organisation_edit.html",
        organisation=organisation,
        form=form,
        saved=saved or {},
        fault=fault,
        members=service.members(organisation.id),
        languages=_languages_of(organisation),
    )


def _languages() -> list[str]:
    return list(current_app.settings.language_list)  # type: ignore[attr-defined]  # CampaignApp


def _languages_of(organisation: Organisation) -> list[str]:
    """Those of the pages, those it has words in, and one more that was asked for."""
    added = [request.args.get("add", "")] if LANGUAGE.fullmatch(request.args.get("add", "")) else []
    typed = [name.partition("_")[2] for name in request.form if name.startswith("name_") and LANGUAGE.fullmatch(name.partition("_")[2])]
    return list(dict.fromkeys((*_languages(), *sorted(text.language for text in organisation.texts), *added, *typed)))[:20]
