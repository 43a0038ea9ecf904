"""Offices of a folder, into the database."""

from datetime import datetime

from campaign.authorities import editing
from campaign.authorities.facts import facts_of
from campaign.authorities.models import Authority
from campaign.commands.folder import Folder, schema
from campaign.commands.importing.rows import find, keep

BY_SAMPLE = "sample"


def load_authorities(folder: Folder, *, now: datetime, sample: bool) -> dict[str, Authority]:
    """Keep the offices with their texts and mailboxes, and give them by key. An address that changes is unverified again."""
    return {said.key: _load_authority(said, folder.manifest.languages[0], now=now, sample=sample) for said in folder.authorities}


def _load_authority(said: schema.Authority, first: str, *, now: datetime, sample: bool) -> Authority:
    authority = find(Authority, key=said.key)
    if authority is None:
        authority = editing.make(said.facts(first), by=None, now=now, key=said.key)
    else:
        editing.keep(authority, said.facts_beside(facts_of(authority), first), by=None, now=now)
    if sample:
        _verify(authority, now=now)
    return authority


def _verify(authority: Authority, *, now: datetime) -> None:
    """In the sample, and only there, fictional mailboxes count as verified; so do the offices, whose sheets are marked."""
    if authority.verified_at is None:
        keep(authority, verified_at=now, verified_by=BY_SAMPLE)
    for mailbox in authority.mailboxes:
        if mailbox.verified_at is None:
            keep(mailbox, verified_at=now)
