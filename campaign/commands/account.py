"""Make an account, or give somebody a new password. It is shown once, and all sessions of the account end. Or invite them. In the sample: show a one-time code."""

import argparse
import re
import time

from flask import Flask

from campaign.commands.importing.people import make_password
from campaign.db import db, now_utc
from campaign.organisers import factors
from campaign.organisers.invitations import LASTS, invite
from campaign.organisers.models import ROLES, Account
from campaign.organisers.service import find_account, make_account, set_password


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whose account; and for a new one who it is."""
    parser.add_argument("email", help="the address that is typed at the login")
    parser.add_argument("--name", help="for a new account: what the person is called")
    parser.add_argument("--role", choices=ROLES, help="for a new account: what the person may do")
    parser.add_argument("--country", help="for a new account: where letters are posted from, as two letters (ISO 3166-1)")
    parser.add_argument(
        "--invite", action="store_true", help="send an invitation: the person chooses the password, and sets up the second factor (again, where the telephone is gone)"
    )
    parser.add_argument("--code", action="store_true", help="in the sample: show a one-time code that works now, and change nothing")


def run(arguments: argparse.Namespace, app: Flask) -> int:
    """Make or change it. Gives 1, and changes nothing, where something is missing."""
    account = find_account(email=arguments.email)
    if arguments.code:
        return _show_code(account, sample=bool(app.settings.sample))  # type: ignore[attr-defined]  # set in create_app
    missing = [f"--{name}" for name in ("name", "role", "country") if not getattr(arguments, name)] if account is None else []
    if missing or (account is None and not re.fullmatch("[A-Z]{2}", arguments.country)):
        print(f"There is no such account yet; a new one needs {', '.join(missing) or '--country as two capital letters'}. Nothing was changed.")
        return 1
    if arguments.invite:
        return _invite(arguments, app)
    password = make_password()
    if account is not None:
        set_password(account, password)
    else:
        make_account(email=arguments.email, name=arguments.name, role=arguments.role, country=arguments.country, password=password, now=now_utc())
    db.session.commit()
    print(f"{arguments.email}, password {password} (shown this once). The second factor is set up at the first login.")
    return 0


def _invite(arguments: argparse.Namespace, app: Flask) -> int:
    settings = app.settings  # type: ignore[attr-defined]  # set in create_app
    links: list[str] = []

    def link(token: str) -> str:
        links.append(f"{settings.site_url}/desk/invitation/{token}")
        return links[-1]

    given = {name: getattr(arguments, name) or "" for name in ("email", "name", "country")}
    invite(**given, role=arguments.role or "volunteer", by=None, link=link, language=settings.language_list[0], now=now_utc())
    db.session.commit()
    print(f"The invitation goes out by mail, and works once, for {LASTS.days} days. Its link, where no mail arrives: {links[0]}")
    return 0


def _show_code(account: Account | None, *, sample: bool) -> int:
    if not sample:
        print("Codes are shown in sample mode only: on a real site the secret is in the person's own telephone.")
        return 1
    if account is None or not account.enrolled or account.totp is None:
        print("There is no such account, or it has no one-time codes.")
        return 1
    while (code := factors.code_now(account, now=now_utc())) is None:  # the last one was used a moment ago: the next step is half a minute away at most
        db.session.rollback()
        time.sleep(1)
    print(code)
    return 0
