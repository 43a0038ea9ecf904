"""The signers of a petition, as each of them allowed."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass

import structlog
from sqlalchemy import select, text

from campaign.db import db
from campaign.petitions.lines import line
from campaign.petitions.models import CONFIRMED, LISTED, Signature
from campaign.security.keys import SealBroken
from campaign.supporters.visibility import Shown, Visibility, as_shown

log = structlog.get_logger()
PAGE = 500


@dataclass(frozen=True)
class Signer:
    """One signer as an authority may see them. The comment is empty unless they chose to be more than counted."""

    shown: Shown
    comment: str


def names_for_authority(appeal_id: uuid.UUID) -> Iterator[Signer]:
    """The confirmed signers who let the authority see anything of them, in the order in which they signed; a page in memory at a time."""
    last = uuid.UUID(int=0)
    while True:
        query = select(Signature).where(Signature.appeal_id == appeal_id, Signature.id > last, text(CONFIRMED), Signature.to_authority != Visibility.COUNTED)
        rows = db.session.scalars(query.order_by(Signature.id).limit(PAGE)).all()
        for row in rows:
            last = row.id
            signer = _signer(row)
            db.session.expunge(row)
            if signer is not None:
                yield signer
        if len(rows) < PAGE:
            return


def _signer(row: Signature) -> Signer | None:
    try:
        return Signer(as_shown(row.to_authority, name=row.name, country=row.country), row.comment or "")
    except SealBroken as fault:  # damaged: it stays in the count, and keeps back no other name
        log.warning("a signature does not open", signature=str(row.id), kind=type(fault).__name__)
        return None


def signed_lately(appeal_id: uuid.UUID, *, limit: int = 8) -> list[str]:
    """Lines of those who let the public see something, the newest first."""
    query = select(Signature).where(Signature.appeal_id == appeal_id, text(LISTED)).order_by(Signature.id.desc()).limit(limit)
    return [line(as_shown(row.to_public, name=row.name, country=row.country)) for row in db.session.scalars(query)]
