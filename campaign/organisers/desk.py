"""The desk's door: log in with a password and a code, set up the second factor, log out."""

import uuid
from datetime import timedelta

import segno
from flask import Blueprint, abort, current_app, make_response, redirect, render_template, request, url_for
from flask.blueprints import BlueprintSetupState
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from campaign.db import now_utc
from campaign.organisers import factors, logins, service, sessions
from campaign.organisers.forms import ButtonForm, CodeForm, LoginForm
from campaign.organisers.limits import LoginLimits, TooOften
from campaign.organisers.matrix import roles_for
from campaign.organisers.models import Account
from campaign.text import _, lazy

desk = Blueprint("organisers", __name__, url_prefix="/desk")
KNOWN = "known"
KNOWN_FOR = timedelta(days=365)
TOO_OFTEN = lazy("That was too often. Wait a quarter of an hour, then try again; nothing is lost.")


@desk.record_once
def _set_up(state: BlueprintSetupState) -> None:
    app = state.app
    settings = app.settings  # type: ignore[attr-defined]  # CampaignApp; its module imports this one
    app.config["PERMANENT_SESSION_LIFETIME"] = timedelta(hours=logins.HOURS)
    app.extensions["login_limits"] = LoginLimits(settings.redis_url, prefix=settings.redis_prefix)
    app.jinja_env.globals.update(who=sessions.current, may=sessions.may, button_form=ButtonForm)


@desk.route("/login", methods=["GET", "POST"])
def login() -> ResponseReturnValue:
    """The first step: ask for address and password; whoever is logged in goes on."""
    account = sessions.current()
    if account is not None and request.method != "POST":
        return redirect(_first_page(account), 303)
    form = LoginForm()
    if request.method != "POST":  # or a HEAD would be answered as a wrong login
        return render_template("organisers/login.html", form=form)
    fault, status = _("The page was open for too long. Type your password again."), 400
    if form.validate():
        try:
            return _password_was_right(form.email.data or "", form.password.data or "")
        except service.LoginWrong:
            fault = _("Address and password do not belong together. Look at both and try again.")
        except TooOften:
            fault, status = str(TOO_OFTEN), 429
    elif form.email.errors or form.password.errors:
        fault = ""
    return render_template("organisers/login.html", form=form, fault=fault), status


@desk.route("/login/code", methods=["GET", "POST"])
def code() -> ResponseReturnValue:
    """The second step: ask for a code of the app, or one of the recovery codes."""
    account = sessions.half()
    if account is None or not account.enrolled:
        return redirect(_with_next("organisers.login"), 303)
    form = CodeForm()
    if request.method != "POST":
        return render_template("organisers/code.html", form=form)
    fault, status = stale(form), 400
    if form.validate():
        try:
            code_was_right(account, form.code.data or "")
            return _let_in(account, redirect(_wanted(account), 303))
        except factors.CodeWrong:
            fault = _("That code does not fit, or it was used before. Wait for the next one, or take a recovery code.")
        except TooOften:
            fault, status = str(TOO_OFTEN), 429
    return render_template("organisers/code.html", form=form, fault=fault), status


@desk.route("/login/set-up", methods=["GET", "POST"])
def enrol() -> ResponseReturnValue:
    """Somebody without a second factor gets one; nothing else opens before that."""
    account = sessions.half()
    if account is None or account.enrolled or account.totp is None:
        return redirect(_with_next("organisers.login"), 303)
    form, fault, status = CodeForm(), "", 200
    if request.method == "POST":
        fault, status = stale(form), 400
        if form.validate():
            try:
                _limits().attempt_code(account.id)
                codes = factors.enrol(account, code=form.code.data or "", now=now_utc())
                page = render_template("organisers/recovery_codes.html", codes=codes, onwards=_wanted(account))
                return _let_in(account, make_response(page))
            except factors.CodeWrong:
                fault = _("That code does not fit. Look whether the telephone’s clock is right, and type the newest code.")
            except TooOften:
                fault, status = str(TOO_OFTEN), 429
    address = factors.address_of(account, site_name=current_app.settings.site_name)  # type: ignore[attr-defined]  # CampaignApp
    picture = segno.make(address, error="m", micro=False).svg_data_uri(scale=5, border=4, dark="#000", light="#fff", omitsize=False)
    return render_template("organisers/enrol.html", form=form, fault=fault, secret=account.totp, picture=picture), status


@desk.post("/logout")
def logout() -> ResponseReturnValue:
    """End the login of this browser."""
    if not ButtonForm().validate():
        abort(400)
    sessions.end()
    return redirect(url_for("organisers.login"), 303)


def _password_was_right(email: str, password: str) -> ResponseReturnValue:
    limits, browser = _limits(), _known_browser(email)
    limits.attempt(email=email, remote=request.remote_addr or "", browser=browser, now=now_utc())
    account = service.log_in(email=email, password=password)
    limits.forget(email=email, browser=browser)
    factors.offer(account)
    sessions.begin_half(account)
    return redirect(_with_next("organisers.code" if account.enrolled else "organisers.enrol"), 303)


def code_was_right(account: Account, typed: str) -> None:
    """Use up a code, within the limits. Raises CodeWrong and TooOften."""
    limits, browser = _limits(), _known_browser(account.email)
    limits.attempt_code(account.id, browser=browser)
    factors.prove(account, code=typed, now=now_utc())
    limits.forget_codes(account.id, browser=browser)


def _let_in(account: Account, answer: Response) -> ResponseReturnValue:
    """Both factors were proved: a session begins, and the browser is known from now on."""
    sessions.begin(account)
    secure = current_app.config["SESSION_COOKIE_SECURE"]
    answer.set_cookie(KNOWN, service.proof_for_browser(account), max_age=KNOWN_FOR, path=url_for("organisers.login"), secure=secure, httponly=True, samesite="Lax")
    return answer


def _limits() -> LoginLimits:
    limits: LoginLimits = current_app.extensions["login_limits"]
    return limits


def _known_browser(email: str) -> uuid.UUID | None:
    return service.known_browser(email=email, proof=request.cookies.get(KNOWN, ""))


def stale(form: CodeForm) -> str:
    """What to say of a form that did not come from a page of ours, or came too late."""
    form.validate()
    return "" if form.code.errors else _("The page was open for too long. Type the code again.")


def _with_next(endpoint: str) -> str:
    return url_for(endpoint, next=sessions.safe_path(request.args.get("next")))


def _wanted(account: Account) -> str:
    wanted = sessions.safe_path(request.args.get("next"))
    # The desk's front page is the organisers': whoever asked for it comes to their own.
    return wanted if wanted and wanted != url_for("desk.today") else _first_page(account)


def _first_page(account: Account) -> str:
    return url_for("desk.today" if account.role in roles_for("desk.today") else "printing.bundles")
