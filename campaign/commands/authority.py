"""Show an office as letters are addressed to it; with --verified-by, write down that its address was checked."""

import argparse
import sys

from flask import Flask
from sqlalchemy import select

from campaign.authorities.models import Authority, Mailbox
from campaign.authorities.service import address_block, verify
from campaign.db import db, now_utc


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
        verify(authority, by=arguments.verified_by.strip(), now=now_utc())
        db.session.commit()
    print("\n".join((*address_block(authority, posted_from=app.settings.posting_country), "", *map(_mailbox, authority.mailboxes))))  # type: ignore[attr-defined]  # CampaignApp
    print(f"Verified on {authority.verified_at:%Y-%m-%d} by {authority.verified_by}." if authority.verified_at else "Not verified: nothing goes there.")
    return 0


def _mailbox(mailbox: Mailbox) -> str:
    return mailbox.address if mailbox.verified_at else f"{mailbox.address} (not verified)"
