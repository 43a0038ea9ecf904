"""Who is logged in, and who may open a page of the desk. The cookie holds the secret of a login, which is a row that can be ended.

Between the two steps the cookie says under another name whose password was right: to every page that is nobody.
"""

import uuid
from datetime import UTC, datetime, timedelta

from flask import abort, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from campaign.db import db, now_utc
from campaign.organisers import logins, service
from campaign.organisers.matrix import ANYBODY, roles_for
from campaign.organisers.models import Account, Login

HALF_MINUTES = 10
FRESH_MINUTES = 10


def begin(account: Account) -> None:
    """A new session, for somebody who proved both factors; whatever the cookie held before is gone."""
    session.clear()
    session.permanent = True
    session["login"] = logins.begin(account, now=now_utc())
    _forget_who()


def begin_half(account: Account) -> None:
    """The password was right and no more: for ten minutes the second step may be tried."""
    session.clear()
    session["half"] = account.id.hex
    session["generation"] = account.generation
    session["since"] = int(now_utc().timestamp())
    _forget_who()


def end() -> None:
    """Log out here: a copied cookie is worth nothing any more."""
    account, here = current(), login()
    if account is not None and here is not None:
        logins.end(account, here.id, now=now_utc())
    session.clear()
    _forget_who()


def login() -> Login | None:
    """The login of this browser. Twelve hours after it began it is over, used or not."""
    if "login" not in g:
        secret = session.get("login")
        g.login = logins.find(secret, now=now_utc()) if isinstance(secret, str) else None
    found: Login | None = g.login
    return found


def current() -> Account | None:
    """Who is logged in, or nobody."""
    if "account" not in g:
        here = login()
        account = db.session.get(Account, here.account_id) if here is not None else None
        g.account = account if account is not None and account.enrolled else None
    found: Account | None = g.account
    return found


def half() -> Account | None:
    """Whose password was right a few minutes ago in this browser, while the second step is open. Not logged in."""
    return _from_cookie("half", timedelta(minutes=HALF_MINUTES))


def fresh(minutes: int = FRESH_MINUTES) -> bool:
    """Whether whoever is logged in proved the second factor within so many minutes: asked before what can hardly be undone. If not: `return prove_again(…)`."""
    here = login()
    return here is not None and logins.is_fresh(here, minutes=minutes, now=now_utc())


def prove_again(onwards: str) -> ResponseReturnValue:
    """Lead to the page that asks for a code, and from there on to a page of the desk."""
    return redirect(url_for("account.again", next=onwards), 303)


def _forget_who() -> None:
    g.pop("account", None)
    g.pop("login", None)


def me() -> Account:
    """Who is logged in, on a page that only opens for somebody who is."""
    account = current()
    if account is None:
        abort(403)
    return account


def _from_cookie(name: str, lasts: timedelta) -> Account | None:
    try:
        account_id, generation, since = uuid.UUID(session[name]), int(session["generation"]), int(session["since"])
    except (KeyError, TypeError, ValueError):
        return None
    if now_utc() - datetime.fromtimestamp(since, UTC) > lasts:
        return None
    return service.with_session(account_id=account_id, generation=generation)


def guard() -> ResponseReturnValue | None:
    """Before each request: only who stands in the matrix goes on. Without a login it leads to the login; any other role, and a route nobody thought of, is 403."""
    if request.endpoint is None:
        return None  # there is no such page
    roles = roles_for(request.endpoint)
    if ANYBODY in roles:
        return None
    account = current()
    if account is None and roles:
        waiting = half()
        if waiting is not None and not waiting.enrolled:
            return redirect(url_for("organisers.enrol"), 303)
        # A button pressed after the session ended did nothing: the person comes back to a page that says where things stand.
        wanted = request.path if request.method in ("GET", "HEAD") else None
        return redirect(url_for("organisers.login", next=wanted), 303)
    if account is None or account.role not in roles:
        abort(403)
    here = login()
    if here is not None and request.method not in ("GET", "HEAD", "OPTIONS"):  # reading writes nothing
        logins.touch(here, now=now_utc())
    return None


def may(endpoint: str) -> bool:
    """Whether whoever is logged in may open a route: what a page offers, the guard lets through."""
    roles, account = roles_for(endpoint), current()
    return ANYBODY in roles or (account is not None and account.role in roles)


def safe_path(path: str | None) -> str | None:
    """Where to go after the login: a page of the desk and nothing else, whatever the link said."""
    if path and path.startswith("/desk/") and path.isascii() and path.isprintable() and not set(path) & set('\\"<> '):
        return path
    return None
