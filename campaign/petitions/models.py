"""Signatures: a supporter's name under one version of a petition's text."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base, Encrypted, WithId, sealed_column
from campaign.supporters.visibility import Visibility

SIGNATURE_STATES: dict[str, frozenset[str]] = {
    "pending": frozenset({"confirmed"}),  # or purged after seven days
    "confirmed": frozenset({"withdrawn"}),
    "withdrawn": frozenset(),
}
UNSETTLED = "counted <> (state = 'confirmed')"
"""Signatures that the kept counts do not tell truly yet: confirmed and not counted, or withdrawn and still counted."""
LISTED = "state = 'confirmed' AND to_public <> 'counted'"
"""Signatures of which the public may see something."""
CONFIRMED = "state = 'confirmed'"
UNCONFIRMED = "state <> 'confirmed'"
# Conditions are compared as text with those of an index, so both say them in the same words.
_VISIBILITIES = ", ".join(repr(str(choice)) for choice in Visibility)


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


class Signature(WithId, Base):
    """Pinned to the version and language that was on the page. `counted` says whether the kept counts include it.

    `page_language` is the language the page itself was in: that of its mails and of the wording of the consent.
    """

    __tablename__ = "signature"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in SIGNATURE_STATES)})", "state"),
        CheckConstraint(f"to_public IN ({_VISIBILITIES})", "to_public"),
        CheckConstraint(f"to_authority IN ({_VISIBILITIES})", "to_authority"),
        CheckConstraint("(state = 'pending') = (confirmed_at IS NULL)", "confirmed_at"),
        # One signature a person: the database says so, whatever happens at the same moment.
        _partial("uq_signature_confirmed", "appeal_id", "supporter_id", unique=True, where=CONFIRMED),
        _partial("ix_signature_unsettled", "appeal_id", where=UNSETTLED),
        _partial("ix_signature_unconfirmed", "created_at", where=UNCONFIRMED),
        _partial("ix_signature_listed", "appeal_id", "id", where=LISTED),
        Index(None, "supporter_id", "appeal_id"),
        Index(None, "appeal_id", "id"),
    )

    appeal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appeal.id"))
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appeal_version.id"))
    language: Mapped[str]
    page_language: Mapped[str]
    supporter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supporter.id"))
    state: Mapped[str] = mapped_column(default="pending")
    name_sealed: Mapped[bytes] = sealed_column()
    name = Encrypted()
    comment_sealed: Mapped[bytes | None] = sealed_column(nullable=True)
    comment = Encrypted()
    country: Mapped[str]
    to_public: Mapped[str]
    to_authority: Mapped[str]
    wants_updates: Mapped[bool] = mapped_column(default=False)
    updates_wording: Mapped[str | None]
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    counted: Mapped[bool] = mapped_column(default=False)
    reminded: Mapped[bool] = mapped_column(default=False)  # mailed once more: with another link, or that it was signed already
