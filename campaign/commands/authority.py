"""Show an office as letters are addressed to it; with --verified-by, write down that its address was checked."""

import argparse
import sys

from flask import Flask
from sqlalchemy import select

from campaign.authorities.checking import by_command, checks
from campaign.authorities.models import Authority, Mailbox
from campaign.authorities.service import address_block, verify
from campaign.db import db, now_utc
from campaign.organisers.models import Account


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which office, and who checked it."""
    parser.add_argument("key", help="the office's key in the folder it was loaded from")
    parser.add_argument("--verified-by", default="", metavar="NAME", help="who has checked the lines and the mailboxes, today")


def run(arguments: argparse.Namespace, app: Flask) -> int:
    """Print the address. 1 where there is no such office."""
    authority = db.session.scalar(select(Authority).where(Authority.key == arguments.key))
    if authority is None:
        print(f"There is no office with the key “{arguments.key}”.", file=sys.stderr)
        return 1
    if arguments.verified_by.strip():
        name, now = arguments.verified_by.strip(), now_utc()
        verify(authority, by=name, now=now)
        by_command(authority, name=name, now=now)
        db.session.commit()
    print("\n".join((*address_block(authority, posted_from=app.settings.posting_country), "", *map(_mailbox, authority.mailboxes))))  # type: ignore[attr-defined]  # CampaignApp
    print(f"Verified on {authority.verified_at:%Y-%m-%d} by {_who(authority)}." if authority.verified_at else "Not verified: nothing goes there.")
    return 0


def _who(authority: Authority) -> str:
    newest = next((check for check in checks(authority) if check.found == "right" and check.postal and check.checked_by), None)
    account = db.session.get(Account, newest.checked_by) if newest is not None and authority.verified_by is None else None
    return account.name if account is not None else authority.verified_by or "nobody who is known"


def _mailbox(mailbox: Mailbox) -> str:
    return mailbox.address if mailbox.verified_at else f"{mailbox.address} (not verified)"
