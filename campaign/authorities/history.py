"""Each version of an office as it was typed, and what changed from one to the next."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from campaign.authorities.facts import facts_of, said
from campaign.authorities.models import Authority, AuthorityVersion
from campaign.db import db
from campaign.organisers.approvals import Line, compare


@dataclass(frozen=True)
class Step:
    """One version: who typed it and when, and what is another than before. The first one has no lines before it."""

    number: int
    at: datetime
    by: uuid.UUID | None
    lines: list[Line]


def number_of(authority: Authority) -> int:
    """The number of the version as it stands; 0 where none was kept yet."""
    return db.session.scalar(select(func.max(AuthorityVersion.number)).where(AuthorityVersion.authority_id == authority.id)) or 0


def keep_version(authority: Authority, *, by: uuid.UUID | None, now: datetime) -> None:
    """Keep how it stands now, after it was changed. What says the same as the newest one is kept once."""
    newest = db.session.scalar(select(AuthorityVersion).where(AuthorityVersion.authority_id == authority.id).order_by(AuthorityVersion.number.desc()).limit(1))
    facts = said(facts_of(authority))
    if newest is not None and newest.facts == facts:
        return
    db.session.add(AuthorityVersion(authority_id=authority.id, number=newest.number + 1 if newest else 1, at=now, typed_by=by, facts=facts))
    db.session.flush()


def keep_first(authority: Authority, *, now: datetime) -> None:
    """Keep how it stood before its first change, where it is older than this history."""
    if number_of(authority) == 0:
        keep_version(authority, by=None, now=now)


def steps(authority: Authority) -> list[Step]:
    """Its versions, the newest first, each with its difference to the one before."""
    rows = list(db.session.scalars(select(AuthorityVersion).where(AuthorityVersion.authority_id == authority.id).order_by(AuthorityVersion.number)))
    before = [{}, *(row.facts for row in rows[:-1])]
    return [Step(row.number, row.at, row.typed_by, compare(old, row.facts)) for old, row in zip(before, rows, strict=True)][::-1]
