"""Letters and solidarity messages: a supporter's own words, and each step of their way."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.appeals.models import Appeal
from campaign.authorities.models import Authority
from campaign.db import Base, Encrypted, WithId, sealed_column
from campaign.supporters.visibility import Visibility

CHANNELS = ("email", "print", "self")
LETTER_STATES: dict[str, frozenset[str]] = {
    "pending": frozenset({"queued", "with_writer", "withdrawn"}),  # or purged after seven days
    "with_writer": frozenset({"posted", "withdrawn"}),  # "I'll print it myself": the writer has the sheet; withdrawn after 180 days
    "queued": frozenset({"sealed", "withdrawn"}),
    "sealed": frozenset({"queued", "sending", "printed", "stopped"}),  # back to queued when a volunteer returns it
    "sending": frozenset({"sent", "sealed", "failed", "unknown"}),
    "printed": frozenset({"posted", "queued", "stopped"}),
    "stopped": frozenset({"queued", "withdrawn"}),
    "unknown": frozenset({"sent", "sealed"}),
    "failed": frozenset({"sealed", "withdrawn"}),
    "sent": frozenset(),
    "posted": frozenset(),
    "withdrawn": frozenset(),
}
_ACTIVE = "state = 'queued'"
_NOT_LEFT = "state NOT IN ('sent', 'posted', 'withdrawn')"


def _words(values: object) -> str:
    return ", ".join(repr(str(value)) for value in values)  # type: ignore[attr-defined]  # any iterable of words


class Letter(WithId, Base):
    """One letter to one authority, in one language, by one channel; or a solidarity message, which has no authority.

    `links` is the generation of its private links: raising it closes the tracking page for good.
    """

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint(f"state IN ({_words(LETTER_STATES)})", "state"),
        CheckConstraint(f"channel IN ({_words(CHANNELS)})", "channel"),
        CheckConstraint(f"to_authority IN ({_words(Visibility)})", "to_authority"),
        Index("ix_letter_queued", "channel", "authority_id", "appeal_id", "confirmed_at", sqlite_where=text(_ACTIVE), postgresql_where=text(_ACTIVE)),
        Index("ix_letter_uncounted", "appeal_id", sqlite_where=text("countable AND NOT counted"), postgresql_where=text("countable AND NOT counted")),
        Index("ix_letter_pending", "created_at", sqlite_where=text("state = 'pending'"), postgresql_where=text("state = 'pending'")),
        Index("ix_letter_with_writer", "confirmed_at", sqlite_where=text("state = 'with_writer'"), postgresql_where=text("state = 'with_writer'")),
        # What a stop would hold back is asked for one appeal at a time, among however many that left long ago.
        Index("ix_letter_not_left", "appeal_id", "state", "channel", sqlite_where=text(_NOT_LEFT), postgresql_where=text(_NOT_LEFT)),
        Index(None, "supporter_id", "appeal_id"),
    )

    appeal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appeal.id"))
    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appeal_version.id"))
    authority_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("authority.id"))
    supporter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supporter.id"))
    channel: Mapped[str]
    language: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")
    code: Mapped[str] = mapped_column(unique=True)  # on the sheet; says nothing by itself
    subject_sealed: Mapped[bytes] = sealed_column()
    subject = Encrypted()
    body_sealed: Mapped[bytes] = sealed_column()
    body = Encrypted()
    name_sealed: Mapped[bytes] = sealed_column()
    name = Encrypted()
    country: Mapped[str]
    to_authority: Mapped[str]
    wants_updates: Mapped[bool] = mapped_column(default=False)
    updates_wording: Mapped[str | None]
    page_language: Mapped[str] = mapped_column(default="en")  # the language the page spoke, and mails about the letter speak
    message_id: Mapped[str] = mapped_column(unique=True)  # the part before the @, fixed from the start, so that a second sending could be told
    created_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    countable: Mapped[bool] = mapped_column(default=False)  # confirmed; for "self": said to be posted
    counted: Mapped[bool] = mapped_column(default=False)
    links: Mapped[int] = mapped_column(default=0)
    appeal: Mapped[Appeal] = relationship(lazy="joined")
    authority: Mapped[Authority | None] = relationship(lazy="joined")
    steps: Mapped[list["LetterStep"]] = relationship(cascade="all, delete-orphan", order_by="LetterStep.at, LetterStep.id")


class LetterStep(WithId, Base):
    """A step of a letter's way, as the supporter sees it: which, when, and where it concerns one the country."""

    __tablename__ = "letter_step"
    __table_args__ = (Index(None, "letter_id"),)

    letter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("letter.id", ondelete="CASCADE"))
    step: Mapped[str]
    at: Mapped[datetime]
    batch: Mapped[int | None]  # the number of the batch it concerns
    country: Mapped[str | None]
