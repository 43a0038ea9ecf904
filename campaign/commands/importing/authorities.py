"""Offices of a folder, into the database."""

from datetime import datetime

from campaign.authorities.models import Authority, AuthorityText, Mailbox
from campaign.commands.folder import Folder, schema
from campaign.commands.importing.rows import find, keep, keep_rows
from campaign.db import db

BY_SAMPLE = "sample"


def load_authorities(folder: Folder, *, now: datetime, sample: bool) -> dict[str, Authority]:
    """Keep the offices with their texts and mailboxes, and give them by key. An address that changes is unverified again."""
    return {said.key: _load_authority(said, folder.manifest.languages[0], now=now, sample=sample) for said in folder.authorities}


def _load_authority(said: schema.Authority, first: str, *, now: datetime, sample: bool) -> Authority:
    authority = find(Authority, key=said.key)
    if authority is None:
        authority = Authority(key=said.key, country=said.country, lines=said.lines, languages=said.languages, seen=said.seen)
        db.session.add(authority)
    else:
        if keep(authority, country=said.country, lines=said.lines):
            keep(authority, verified_at=None, verified_by=None)
        keep(authority, languages=said.languages, seen=said.seen)
    texts = [
        AuthorityText(language=language, office=said.office if language == first else None, salutation=said.salutation.get(language))
        for language in {first: None, **said.salutation}
    ]
    keep_rows(authority.texts, texts, facts=lambda row: (row.language, row.office or "", row.salutation or ""))
    if said.email is not None:
        _keep_mailbox(authority, said.email)
    if sample:
        _verify(authority, now=now)
    return authority


def _keep_mailbox(authority: Authority, address: str) -> None:
    if any(mailbox.address == address for mailbox in authority.mailboxes):
        return
    if authority.mailboxes:  # moved: what was known of the old address does not hold for the new one
        keep(authority.mailboxes[0], address=address, verified_at=None, paused_until=None)
    else:
        authority.mailboxes.append(Mailbox(address=address))


def _verify(authority: Authority, *, now: datetime) -> None:
    """In the sample, and only there, fictional mailboxes count as verified; so do the offices, whose sheets are marked."""
    if authority.verified_at is None:
        keep(authority, verified_at=now, verified_by=BY_SAMPLE)
    for mailbox in authority.mailboxes:
        if mailbox.verified_at is None:
            keep(mailbox, verified_at=now)
