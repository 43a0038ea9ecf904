"""Logins that last: a row for each browser in which somebody is logged in. What the browser holds is kept as a hash; no device and no address is.

When a login was last used is kept to the hour, and only where something was done with it: reading a page writes nothing.
"""

import hashlib
import secrets
import uuid
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from campaign.audit import service as audit
from campaign.db import db
from campaign.organisers.models import Account, Login

HOURS = 12
LONGEST_NAME = 60


def begin(account: Account, *, now: datetime) -> str:
    """A new login of somebody who proved both factors just now. Gives the secret that the browser keeps."""
    secret = secrets.token_urlsafe(32)
    db.session.add(Login(account_id=account.id, secret_hash=_hash(secret), begun_at=now, used_at=_hour(now), proved_at=now))
    db.session.flush()
    return secret


def find(secret: str, *, now: datetime) -> Login | None:
    """The login this secret opens, unless it was ended or is twelve hours old, used or not."""
    login = db.session.scalar(select(Login).where(Login.secret_hash == _hash(secret)))
    return login if login is not None and now - login.begun_at <= timedelta(hours=HOURS) else None


def of(account: Account, *, now: datetime) -> list[Login]:
    """Where somebody is logged in, the newest first."""
    query = select(Login).where(Login.account_id == account.id, Login.begun_at >= now - timedelta(hours=HOURS))
    return list(db.session.scalars(query.order_by(Login.id.desc())))


def touch(login: Login, *, now: datetime) -> None:
    """Something was done with it in this hour."""
    if login.used_at != _hour(now):
        login.used_at = _hour(now)


def is_fresh(login: Login, *, minutes: int, now: datetime) -> bool:
    """Whether the second factor was proved within so many minutes."""
    return now - login.proved_at <= timedelta(minutes=minutes)


def name(login: Login, *, text: str) -> None:
    """What its owner calls it: “the laptop at home”. Nothing else tells one browser from another."""
    login.name = " ".join(text.split())[:LONGEST_NAME] or None


def end(account: Account, login_id: uuid.UUID, *, now: datetime) -> None:
    """End one login of this account. One of somebody else is left alone."""
    ended = db.session.execute(delete(Login).where(Login.id == login_id, Login.account_id == account.id).returning(Login.id)).all()
    if ended:
        audit.record(by=account.id, action="account.logged_out", of=account.id, now=now)


def forget(*, now: datetime) -> None:
    """Those that are over go."""
    db.session.execute(delete(Login).where(Login.begun_at < now - timedelta(hours=HOURS)))


def _hash(secret: str) -> bytes:
    # 256 random bits: a plain hash gives nothing back.
    return hashlib.sha256(b"login\0" + secret.encode()).digest()


def _hour(now: datetime) -> datetime:
    return now.replace(minute=0, second=0, microsecond=0)
