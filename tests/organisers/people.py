"""Plainly fictional people with a password, and a browser that logs them in."""

import re

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from campaign.db import db, now_utc
from campaign.organisers.models import Account
from campaign.organisers.service import make_account

PASSWORD = "a-password-of-a-test"


def make(role: str, email: str | None = None, *, password: str = PASSWORD, country: str = "NO") -> Account:
    """An account that can log in."""
    account = make_account(email=email or f"{role}@example.org", name=f"Test {role.title()}", role=role, country=country, password=password, now=now_utc())
    db.session.commit()
    return account


def csrf(client: FlaskClient, path: str = "/desk/login") -> str:
    """The proof that a form of ours was read before: from the page that `client` sees at `path`, or where that leads."""
    page = client.get(path, follow_redirects=True).text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert found, page
    return found.group(1)


def log_in_as(client: FlaskClient, email: str, *, password: str = PASSWORD, at: str = "/desk/login") -> TestResponse:
    """Fill in the login and press its button."""
    page = client.get(at).text
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    token = found.group(1) if found else csrf(client)
    return client.post(at, data={"csrf_token": token, "email": email, "password": password})
