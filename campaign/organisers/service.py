"""What can be done with accounts: made, logged in, their browsers known again, their sessions ended."""

import unicodedata
import uuid
from datetime import datetime
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, select

from campaign.db import db, new_id
from campaign.organisers.models import ROLES, Account, Login
from campaign.security import tokens
from campaign.security.keys import ring

# argon2id with OWASP's parameters: a server with sixteen threads must survive sixteen logins at the same moment.
_hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1000
LONGEST_ADDRESS = 254


class LoginWrong(Exception):
    """The address is not known, or the password is not its own. Nobody is told which."""


class PasswordWeak(ValueError):
    """A password needs at least twelve characters."""


def account_index(email: str) -> bytes:
    """The keyed hash by which an account is found; not the supporters', so that nobody can be found in both tables."""
    return ring().index(unicodedata.normalize("NFKC", email).strip().casefold(), purpose="account")


def find_account(*, email: str) -> Account | None:
    """The account with this address, if there is one."""
    return db.session.scalar(select(Account).where(Account.address_index == account_index(email)))


def make_account(*, email: str, name: str, role: str, country: str, password: str, now: datetime) -> Account:
    """Make an account, or bring the one with this address up to date. Raises PasswordWeak.

    Safe to run twice; where password or role changes, all sessions of the account end.
    """
    _check(password)
    if role not in ROLES:
        raise ValueError(f"“{role}” is none of the roles {', '.join(ROLES)}")
    account = find_account(email=email)
    if account is None:
        account = Account(id=new_id(), address_index=account_index(email), email=email.strip(), password_hash=_hash(password), created_at=now, generation=0)
        db.session.add(account)
    elif account.role != role or not password_fits(account, password):
        set_password(account, password)
    account.name, account.role, account.country = name, role, country
    db.session.flush()
    return account


def log_in(*, email: str, password: str) -> Account:
    """The account of somebody who knows its password. Raises LoginWrong, after the same work for any address."""
    account = find_account(email=email[:LONGEST_ADDRESS])
    known = account.password_hash if account is not None else _nobodys_hash()
    fits = _fits(known, password)
    if account is None or not fits:
        raise LoginWrong
    if _hasher.check_needs_rehash(account.password_hash):
        account.password_hash = _hash(password)
    return account


def proof_for_browser(account: Account) -> str:
    """What a browser keeps to prove that somebody logged in to this account with it: it names only the browser, and another password voids it."""
    return tokens.make(_proof_purpose(account.address_index, account.password_hash), uuid.uuid4())


def known_browser(*, email: str, proof: str) -> uuid.UUID | None:
    """The browser that holds this proof for the account with this address, if it does; after the same work for any address."""
    account = find_account(email=email[:LONGEST_ADDRESS])
    purpose = _proof_purpose(account_index(email[:LONGEST_ADDRESS]), account.password_hash if account is not None else _nobodys_hash())
    try:
        return tokens.read(purpose, proof).id
    except tokens.TokenWrong:
        return None


def _proof_purpose(address_index: bytes, password_hash: str) -> str:
    return f"known browser\0{address_index.hex()}\0{password_hash}"


def password_fits(account: Account, password: str) -> bool:
    """Whether this is the account's password."""
    return _fits(account.password_hash, password)


def set_password(account: Account, password: str) -> None:
    """Give an account another password, and end all its sessions. Raises PasswordWeak."""
    _check(password)
    account.password_hash = _hash(password)
    end_sessions(account)


def with_session(*, account_id: uuid.UUID, generation: int) -> Account | None:
    """The account a session belongs to, unless the session was ended."""
    account = db.session.get(Account, account_id)
    return account if account is not None and account.generation == generation else None


def end_sessions(account: Account) -> None:
    """End every session of an account, wherever it was begun."""
    account.generation += 1
    db.session.execute(delete(Login).where(Login.account_id == account.id))


def _check(password: str) -> None:
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordWeak(f"a password needs at least {SHORTEST_PASSWORD} characters")


def _plain(password: str) -> str:
    # The same password may be typed in two ways of composing letters; what is too long is cut before it costs anything.
    return unicodedata.normalize("NFKC", password[:LONGEST_PASSWORD])


def _hash(password: str) -> str:
    return _hasher.hash(_plain(password))


def _fits(known: str, password: str) -> bool:
    try:
        return _hasher.verify(known, _plain(password))
    except (VerificationError, InvalidHashError):
        return False


@lru_cache(maxsize=1)
def _nobodys_hash() -> str:
    return _hasher.hash(uuid.uuid4().hex)


_nobodys_hash()  # at the start, so that the first unknown address costs no more than any other
