"""Pages for supporters: the petition and its form, what to do next, the link that confirms."""

import uuid
from collections.abc import Callable
from functools import partial

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.appeals.service import AppealClosed, AppealPaused, AppealUnknown
from campaign.db import now_utc
from campaign.petitions import page, service, signing
from campaign.petitions.forms import UPDATES_WORDING, ButtonForm, SignForm
from campaign.petitions.service import SignatureGone
from campaign.petitions.signing import Given, NameAtRisk, TextChanged
from campaign.security import tokens
from campaign.security.tokens import TokenWrong
from campaign.supporters.visibility import Visibility
from campaign.text import reading_language

pages = Blueprint("petitions", __name__)
LARGEST_FORM = 64 * 1024
"""Bytes: many times what the fields hold, in any script."""
SHUT_CODES = {"paused": 403, "closed": 410, "withdrawn": 410}


@pages.route("/petitions/<slug>", methods=["GET", "POST"])
def sign(slug: str) -> ResponseReturnValue:
    """The petition with its form; POST makes a signature that waits for its confirmation."""
    request.max_content_length = LARGEST_FORM
    form = SignForm()
    try:
        if request.method != "POST":
            return _petition(slug, form), 200
        if not form.validate():
            return _petition(slug, form), 400
        signing.sign(slug=slug, given=_given(form), link=partial(_link, slug), now=now_utc())
    except TextChanged:
        return _petition(slug, form), 409
    except NameAtRisk:
        form.to_authority.data, form.insists.data = Visibility.COUNTED.value, False
        return _petition(slug, form, at_risk=True), 400
    except AppealUnknown:
        return render_template("error.html", code=404), 404
    except (AppealPaused, AppealClosed) as why:
        return _shut(str(why), form)
    return redirect(url_for("petitions.thanks"), 303)


def _petition(slug: str, form: SignForm, *, at_risk: bool = False) -> str:
    shown = page.read(slug=slug, language=form.text_language.data or request.args.get("text"), now=now_utc())
    on_page = (str(shown.version), shown.words.language)
    changed = form.is_submitted() and (form.version.data, form.text_language.data) != on_page
    form.version.data, form.text_language.data = on_page
    form.offer_countries()
    return render_template(
        "petitions/sign.html", form=form, petition=shown, changed=changed, at_risk=at_risk, lines=page.lines_for(name=form.name.data, country=form.country.data)
    )


def _given(form: SignForm) -> Given:
    version = form.version.data or ""
    return Given(
        name=form.clean_name,
        email=form.address,
        comment=form.clean_comment,
        country=form.country.data,
        to_public=form.to_public.data,
        to_authority=form.to_authority.data,
        insists=form.insists.data,
        version=int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0,
        language=form.text_language.data or "",
        page_language=reading_language(),
        updates_wording=str(UPDATES_WORDING) if form.updates.data else None,
    )


def _link(slug: str, signature_id: uuid.UUID) -> str:
    # The petition's name is for the way back alone, when the signature is gone.
    path = url_for("petitions.confirm", token=tokens.make("signature", signature_id), petition=slug)
    return f"{current_app.jinja_env.globals['site_url']}{path}"


def _shut(slug: str, form: SignForm | None = None) -> ResponseReturnValue:
    shown = page.shut(slug=slug)
    typed = [(field.label.text, field.data) for field in (form.name, form.email, form.comment) if field.data] if form else []
    return render_template("petitions/shut.html", petition=shown, slug=slug, typed=typed), SHUT_CODES[shown.state]


@pages.get("/petitions/thanks")
def thanks() -> ResponseReturnValue:
    """What to do next: the same for everybody, whoever signed before."""
    return render_template("petitions/thanks.html")


@pages.route("/signatures/<token>", methods=["GET", "POST"])
def confirm(token: str) -> ResponseReturnValue:
    """What is about to be signed, with a button; POST signs. A mail scanner that follows the link changes nothing."""
    return _with_link(token, service.confirm)


@pages.post("/signatures/<token>/withdraw")
def withdraw(token: str) -> ResponseReturnValue:
    """Take a signature back."""
    return _with_link(token, service.withdraw)


def _with_link(token: str, change: Callable[..., object]) -> ResponseReturnValue:
    request.max_content_length = LARGEST_FORM
    form = ButtonForm()
    try:
        signature_id = tokens.read("signature", token).id
        if request.method == "POST" and form.validate():
            change(signature_id=signature_id, now=now_utc())
            return redirect(url_for("petitions.confirm", token=token, petition=request.args.get("petition")), 303)
        signed = service.look_up(signature_id=signature_id, now=now_utc())
    except TokenWrong:
        return render_template("petitions/link.html", gone=False, back=None), 404
    except SignatureGone:
        return render_template("petitions/link.html", gone=True, back=request.args.get("petition")), 410
    except (AppealPaused, AppealClosed) as why:
        return _shut(str(why))
    return render_template("petitions/signature.html", form=form, shown=page.signature(signed), token=token), 400 if form.errors else 200
