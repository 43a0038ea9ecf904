"""Who is logged in, and who may open a page of the desk. The cookie holds an account's id, a generation and a time."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any

from flask import abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from campaign.db import now_utc
from campaign.organisers import service
from campaign.organisers.models import Account

HOURS = 12
PERMITS: dict[str, frozenset[str]] = {
    "volunteer": frozenset({"volunteer", "organiser"}),
    "organiser": frozenset({"organiser"}),
}
"""Which roles may open a page that needs one."""

View = Callable[..., ResponseReturnValue]


def begin(account: Account) -> None:
    """A new session; whatever the cookie held before is gone."""
    session.clear()
    session.permanent = True
    session["account"] = account.id.hex
    session["generation"] = account.generation
    session["since"] = int(now_utc().timestamp())
    g.account = account


def end() -> None:
    """Log out: this session and every other one of the account, since a copied cookie must not outlive it."""
    account = current()
    if account is not None:
        service.end_sessions(account)
    session.clear()
    g.account = None


def current() -> Account | None:
    """Who is logged in, or nobody. Twelve hours after the login a session is over, used or not."""
    if "account" not in g:
        g.account = _from_cookie()
    account: Account | None = g.account
    return account


def me() -> Account:
    """Who is logged in, on a page that only opens for somebody who is."""
    account = current()
    if account is None:
        abort(403)
    return account


def _from_cookie() -> Account | None:
    try:
        account_id, generation, since = uuid.UUID(session["account"]), int(session["generation"]), int(session["since"])
    except (KeyError, TypeError, ValueError):
        return None
    if now_utc() - datetime.fromtimestamp(since, UTC) > timedelta(hours=HOURS):
        return None
    return service.with_session(account_id=account_id, generation=generation)


def needs(role: str) -> Callable[[View], View]:
    """Guard a page: without a login it leads to the login, for another role it is 403."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(**values: Any) -> ResponseReturnValue:
            account = current()
            if account is None:
                # A button pressed after the session ended did nothing: the person comes back to a page that says where things stand.
                wanted = request.path if request.method in ("GET", "HEAD") else None
                return redirect(url_for("organisers.login", next=wanted), 303)
            if account.role not in PERMITS[role]:
                abort(403)
            return view(**values)

        guarded.needs = role  # type: ignore[attr-defined]  # a test walks all routes and asks for it
        return guarded

    return guard


def safe_path(path: str | None) -> str | None:
    """Where to go after the login: a page of the desk and nothing else, whatever the link said."""
    if path and path.startswith("/desk/") and path.isascii() and path.isprintable() and not set(path) & set('\\"<> '):
        return path
    return None
