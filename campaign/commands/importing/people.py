"""People of a folder who get a login. A password stands in no file: it is given from outside, or made and shown once."""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from campaign.commands.folder import Folder, schema
from campaign.commands.importing.rows import keep
from campaign.organisers import factors
from campaign.organisers.models import Account
from campaign.organisers.service import end_sessions, find_account, make_account, password_fits, set_password


@dataclass(frozen=True)
class Login:
    """A login whose password was made just now."""

    email: str
    password: str = field(repr=False)


def load_people(folder: Folder, *, now: datetime, passwords: dict[str, str], totp: dict[str, str] | None) -> list[Login]:
    """Keep the accounts. Gives those whose password was made here.

    `totp`, in a sample alone: secrets of one-time codes by a person's key. Everybody there has a second factor from the start, since nobody has a telephone.
    """
    logins = []
    for said in folder.people:
        account = find_account(email=said.email)
        given = passwords.get(said.key)
        if account is None:
            password = given or make_password()
            make_account(email=said.email, name=said.name, role=said.role, country=said.country, password=password, now=now)
            if not given:
                logins.append(Login(said.email, password))
        else:
            _keep_account(account, said, given)
        if totp is not None:
            _enrol(said.email, totp.get(said.key), now)
    return logins


def make_password() -> str:
    """Four groups that can be read aloud, 80 bits."""
    text = base64.b32encode(secrets.token_bytes(10)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))


def _enrol(email: str, secret: str | None, now: datetime) -> None:
    # The secret stays in the database; `python -m campaign account ADDRESS --code` shows a code of it.
    account = find_account(email=email)
    assert account is not None, "it was kept a moment ago"
    if not account.enrolled:
        factors.offer(account)
        account.enrolled_at = now
    if secret and account.totp != secret:
        account.totp = secret


def _keep_account(account: Account, said: schema.Person, given: str | None) -> None:
    # Looked at before it is written: what is sealed is other bytes each time, and loading the same again must write nothing.
    if given and not password_fits(account, given):
        set_password(account, given)
    if keep(account, role=said.role):
        end_sessions(account)
    keep(account, name=said.name, country=said.country)
