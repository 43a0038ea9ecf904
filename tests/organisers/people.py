"""Plainly fictional people with a password and an app that shows codes, and a browser that logs them in."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.db import db, now_utc, start_reading
from campaign.organisers import factors
from campaign.organisers.models import Account
from campaign.organisers.service import find_account, make_account

PASSWORD = "a-password-of-a-test"


def make(role: str, email: str | None = None, *, password: str = PASSWORD, country: str = "NO", enrolled: bool = True) -> Account:
    """An account that can log in, in two steps."""
    account = make_account(email=email or f"{role}@example.org", name=f"Test {role.title()}", role=role, country=country, password=password, now=now_utc())
    if enrolled and not account.enrolled:
        factors.offer(account)
        account.enrolled_at = now_utc()
    db.session.commit()
    return account


def one_time_code(email: str) -> str:
    """A code that works now. People of a test log in more often than every half a minute: what they used is forgotten."""
    start_reading(None)
    account = find_account(email=email)
    assert account is not None
    account.totp_step = None
    db.session.commit()
    code = factors.code_now(account, now=now_utc())
    assert code is not None
    return code


def csrf(client: FlaskClient, path: str = "/desk/login") -> str:
    """The proof that a form of ours was read before: from the page that `client` sees at `path`, or where that leads."""
    page = client.get(path, follow_redirects=True).text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def type_password(client: FlaskClient, email: str, *, password: str = PASSWORD, at: str = "/desk/login") -> TestResponse:
    """The first step of a login: fill it in and press its button."""
    page = client.get(at).text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    token = found.group(1) if found else csrf(client)
    return client.post(at, data={"csrf_token": token, "email": email, "password": password})


def type_code(client: FlaskClient, code: str, *, at: str = "/desk/login/code") -> TestResponse:
    """The second step."""
    return client.post(at, data={"csrf_token": csrf(client, at), "code": code})


def log_in_as(client: FlaskClient, email: str, *, password: str = PASSWORD, at: str = "/desk/login") -> TestResponse:
    """Both steps of a login; what the first one says where it leads to no second one."""
    answer = type_password(client, email, password=password, at=at)
    if not answer.headers.get("Location", "").startswith("/desk/login/code"):
        return answer
    return type_code(client, one_time_code(email), at=answer.headers["Location"])
