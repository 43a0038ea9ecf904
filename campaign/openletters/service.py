"""What can be done with open letters: listed and read, with their signatories in the order of signature."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from campaign.db import db
from campaign.openletters.models import OpenLetter


class OpenLetterUnknown(Exception):
    """There is no such open letter."""


def all_letters() -> list[OpenLetter]:
    """All open letters with their signatories, the newest first."""
    query = select(OpenLetter).order_by(OpenLetter.published_on.desc(), OpenLetter.key)
    return list(db.session.scalars(query.options(selectinload(OpenLetter.signatories))))


def find(key: str) -> OpenLetter:
    """The open letter of this name. Raises OpenLetterUnknown."""
    letter = db.session.scalar(select(OpenLetter).where(OpenLetter.key == key).options(selectinload(OpenLetter.signatories)))
    if letter is None:
        raise OpenLetterUnknown(key)
    return letter
