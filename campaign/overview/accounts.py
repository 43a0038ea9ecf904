"""Accounts, for admins: who they are, their roles and organisations, a role for one drive, and their sessions."""

import uuid
from collections.abc import Callable

from flask import Blueprint, abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import HiddenField, RadioField, SelectField, SelectMultipleField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the types are of wtforms 3.2
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.appeals.models import Drive
from campaign.db import db, now_utc
from campaign.organisers import accounts, organisations
from campaign.organisers.forms import ButtonForm
from campaign.organisers.models import ROLES, Account
from campaign.organisers.sessions import me
from campaign.text import _, lazy, one_language

desk = Blueprint("accounts", __name__, url_prefix="/desk/accounts")
ROLE_WORDS = {
    "admin": lazy("Admin"),
    "organiser": lazy("Organiser"),
    "reviewer": lazy("Reviewer"),
    "translator": lazy("Translator"),
    "volunteer": lazy("Volunteer"),
}


class AccountForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Role and organisations of an account."""

    seen = HiddenField()
    role = RadioField(lazy("Role"), choices=[SelectChoice(role, ROLE_WORDS[role]) for role in ROLES])
    organisations = SelectMultipleField(lazy("Organisations"), widget=ListWidget(prefix_label=False), option_widget=CheckboxInput())


class GrantForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A drive to which the account's role is extended."""

    drive = SelectField(lazy("Drive"))


@desk.get("/")
def everybody() -> str:
    """All accounts, by name."""
    rows = [(account, accounts.organisations_of(account), accounts.grants_of(account)) for account in accounts.listed()]
    return render_template("overview/accounts.html", rows=rows, roles=ROLE_WORDS)


@desk.route("/<uuid:account_id>", methods=["GET", "POST"])
def one(account_id: uuid.UUID) -> ResponseReturnValue:
    """One account."""
    account = _find(account_id)
    form = _form(account)
    if not form.is_submitted():
        return _page(account, form)
    if not form.validate():
        return _page(account, form), 400
    try:
        accounts.change(account, role=form.role.data or "", organisations=form.organisations.data or [], seen=form.seen.data or "", by=me(), now=now_utc())
    except accounts.Changed:
        form.seen.data = accounts.stamp(account)
        return _page(
            account,
            form,
            fault=_(
                "Somebody else changed this account since you opened it: now it is %(now)s. Your choice is still below; save it again if it holds.", now=form.seen.data
            ),
        ), 409
    except accounts.LastAdmin:
        return _page(account, form, fault=_("This is the only admin. Make somebody else one first: nobody could undo it.")), 409
    return redirect(url_for("accounts.one", account_id=account_id), 303)


@desk.post("/<uuid:account_id>/grants")
def give(account_id: uuid.UUID) -> ResponseReturnValue:
    """Their role, for one drive more, whatever organisation it belongs to."""
    account, form = _find(account_id), _grant_form()
    if not form.validate():
        return _page(account, _form(account, fresh=True), grant=form), 400
    accounts.give(account, role=account.role, drive_id=uuid.UUID(form.drive.data), by=me(), now=now_utc())
    return redirect(url_for("accounts.one", account_id=account_id), 303)


@desk.post("/<uuid:account_id>/grants/<uuid:grant_id>/take")
def take(account_id: uuid.UUID, grant_id: uuid.UUID) -> ResponseReturnValue:
    """Take a role for one drive away."""
    return _press(account_id, lambda account: accounts.take(account, grant_id, by=me(), now=now_utc()))


@desk.post("/<uuid:account_id>/sessions/end")
def end_sessions(account_id: uuid.UUID) -> ResponseReturnValue:
    """Log somebody out everywhere."""
    return _press(account_id, lambda account: accounts.end_sessions(account, by=me(), now=now_utc()))


def _press(account_id: uuid.UUID, do: Callable[[Account], None]) -> ResponseReturnValue:
    if not ButtonForm().validate():
        abort(400)
    try:
        do(_find(account_id))
    except accounts.AccountUnknown:
        abort(404)
    return redirect(url_for("accounts.one", account_id=account_id), 303)


def _find(account_id: uuid.UUID) -> Account:
    try:
        return accounts.find(account_id)
    except accounts.AccountUnknown:
        abort(404)


def _form(account: Account, *, fresh: bool = False) -> AccountForm:
    kept = {"role": account.role, "organisations": [one.slug for one in accounts.organisations_of(account)], "seen": accounts.stamp(account)}
    form = AccountForm(None, data=kept) if fresh else AccountForm(data=kept)
    form.organisations.choices = [SelectChoice(one.slug, organisations.named(one)) for one in organisations.listed(me())]
    return form


def _grant_form(formdata: object = ...) -> GrantForm:
    form = GrantForm() if formdata is ... else GrantForm(formdata)
    form.drive.choices = [SelectChoice(str(drive.id), _drive_name(drive)) for drive in db.session.scalars(select(Drive).order_by(Drive.starts_on.desc()))]
    return form


def _drive_name(drive: Drive | None) -> str:
    words = one_language(drive.texts) if drive is not None else None
    return words.name if words is not None else drive.slug if drive is not None else _("a drive that is gone")


def _page(account: Account, form: AccountForm, *, grant: GrantForm | None = None, fault: str = "") -> str:
    return render_template(
        "overview/account.html",
        one=account,
        form=form,
        grant=grant or _grant_form(None),
        grants=[(grant, _drive_name(db.session.get(Drive, grant.drive_id))) for grant in accounts.grants_of(account)],
        roles=ROLE_WORDS,
        fault=fault,
    )
