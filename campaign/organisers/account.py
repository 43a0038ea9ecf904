"""Somebody's own account: where they are logged in, their recovery codes, and the code that is asked for again before what cannot be undone."""

import uuid

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from campaign.audit import service as audit
from campaign.db import now_utc
from campaign.organisers import factors, logins, service, sessions
from campaign.organisers.desk import code_was_right, stale
from campaign.organisers.forms import ButtonForm, CodeForm
from campaign.organisers.limits import TooOften
from campaign.text import _

desk = Blueprint("account", __name__, url_prefix="/desk/account")


@desk.get("/")
def mine() -> ResponseReturnValue:
    """Where I am logged in, and how many recovery codes are left."""
    account = sessions.me()
    here = sessions.login()
    return render_template("organisers/account.html", logins=logins.of(account, now=now_utc()), here=here, left=factors.recovery_codes_left(account))


@desk.post("/logins/<uuid:login_id>/end")
def end(login_id: uuid.UUID) -> ResponseReturnValue:
    """End one login of mine."""
    _check_button()
    logins.end(sessions.me(), login_id, now=now_utc())
    return redirect(url_for("account.mine"), 303)


@desk.post("/logins/end")
def end_all() -> ResponseReturnValue:
    """Sign out everywhere, here too."""
    _check_button()
    account = sessions.me()
    service.end_sessions(account)
    audit.record(by=account.id, action="account.logged_out_everywhere", of=account.id, now=now_utc())
    return redirect(url_for("organisers.login"), 303)


@desk.post("/name")
def name() -> ResponseReturnValue:
    """What I call this browser."""
    _check_button()
    here = sessions.login() or abort(403)
    logins.name(here, text=request.form.get("name", ""))
    return redirect(url_for("account.mine"), 303)


@desk.post("/recovery-codes")
def recovery_codes() -> ResponseReturnValue:
    """Ten new ones, shown this once; the older ones are void."""
    _check_button()
    if not sessions.fresh():
        return sessions.prove_again(url_for("account.mine"))
    codes = factors.new_recovery_codes(sessions.me(), now=now_utc())
    return render_template("organisers/recovery_codes.html", codes=codes, onwards=url_for("account.mine"))


@desk.route("/again", methods=["GET", "POST"])
def again() -> ResponseReturnValue:
    """Ask whoever is logged in for a code again, then lead on."""
    form, fault, status = CodeForm(), "", 200
    if request.method == "POST":
        fault, status = stale(form), 400
        if form.validate():
            try:
                code_was_right(sessions.me(), form.code.data or "")
                here = sessions.login() or abort(403)
                here.proved_at = now_utc()
                return redirect(sessions.safe_path(request.args.get("next")) or url_for("account.mine"), 303)
            except factors.CodeWrong:
                fault = _("That code does not fit, or it was used before. Wait for the next one, or take a recovery code.")
            except TooOften:
                fault, status = _("That was too often. Wait a quarter of an hour, then try again; nothing is lost."), 429
    return render_template("organisers/again.html", form=form, fault=fault), status


def _check_button() -> None:
    if not ButtonForm().validate():
        abort(400)
