"""The desk's door: log in, log out."""

from datetime import timedelta

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue

from campaign.db import now_utc
from campaign.organisers import service, sessions
from campaign.organisers.forms import ButtonForm, LoginForm
from campaign.organisers.limits import LoginLimits, TooOften
from campaign.organisers.matrix import roles_for
from campaign.organisers.models import Account
from campaign.text import _

desk = Blueprint("organisers", __name__, url_prefix="/desk")
KNOWN = "known"
KNOWN_FOR = timedelta(days=365)


@desk.record_once
def _set_up(state: BlueprintSetupState) -> None:
    app = state.app
    settings = app.settings  # type: ignore[attr-defined]  # CampaignApp; its module imports this one
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=sessions.HOURS)
    app.extensions["login_limits"] = LoginLimits(settings.redis_url, prefix=settings.redis_prefix)
    app.jinja_env.globals.update(who=sessions.current, may=sessions.may, button_form=ButtonForm)


@desk.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """Ask for address and password; whoever is logged in goes on."""
    account = sessions.current()
    if account is not None and request.method != "POST":
        return redirect(_first_page(account), 303)
    form = LoginForm()
    if request.method != "POST":  # or a HEAD would be answered as a wrong login
        return render_template("organisers/login.html", form=form)
    fault, status = _("The page was open for too long. Type your password again."), 400
    if form.validate():
        try:
            return _let_in(form.email.data or "", form.password.data or "")
        except service.LoginWrong:
            fault = _("Address and password do not belong together. Look at both and try again.")
        except TooOften:
            fault, status = _("That was too often. Wait a quarter of an hour, then try again; nothing is lost."), 429
    elif form.email.errors or form.password.errors:
        fault = ""
    return render_template("organisers/login.html", form=form, fault=fault), status


@desk.post("/logout")
def logout() -> ResponseReturnValue:
    """End every session of the account."""
    if not ButtonForm().validate():
        abort(400)
    sessions.end()
    return redirect(url_for("organisers.login"), 303)


def _let_in(email: str, password: str) -> ResponseReturnValue:
    limits: LoginLimits = current_app.extensions["login_limits"]
    browser = service.known_browser(email=email, proof=request.cookies.get(KNOWN, ""))
    limits.attempt(email=email, remote=request.remote_addr or "", browser=browser, now=now_utc())
    account = service.log_in(email=email, password=password)
    limits.forget(email=email, browser=browser)
    sessions.begin(account)
    wanted = sessions.safe_path(request.args.get("next"))
    # The desk's front page is the organisers': whoever asked for it comes to their own.
    answer = redirect(wanted if wanted and wanted != url_for("desk.today") else _first_page(account), 303)
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(KNOWN, service.proof_for_browser(account), max_age=KNOWN_FOR, path=url_for("organisers.login"), secure=secure, httponly=True, samesite="Lax")
    return answer


def _first_page(account: Account) -> str:
    return url_for("desk.today" if account.role in roles_for("desk.today") else "printing.bundles")
