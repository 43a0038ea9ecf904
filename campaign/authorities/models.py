"""Authorities: offices, not their holders. One row per office, one per language of its texts, one per mailbox."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, WithId


class Authority(WithId, Base):
    """An office. `lines` are the postal lines as typed, without office and country. Unverified: nothing goes there."""

    __tablename__ = "authority"
    __public__ = True

    key: Mapped[str] = mapped_column(unique=True)
    country: Mapped[str]
    lines: Mapped[list[str]]
    languages: Mapped[list[str]]
    seen: Mapped[str | None]  # where the address was printed
    verified_at: Mapped[datetime | None]
    verified_by: Mapped[str | None]
    texts: Mapped[list["AuthorityText"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    mailboxes: Mapped[list["Mailbox"]] = relationship(cascade="all, delete-orphan", lazy="selectin", order_by="Mailbox.id")


class AuthorityText(Base):
    """The office's title and salutation in one language. The title is null where no translation is known."""

    __tablename__ = "authority_text"
    __public__ = True

    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("authority.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    office: Mapped[str | None]
    salutation: Mapped[str | None]


class Mailbox(WithId, Base):
    """One e-mail address of an authority, with its own cap. `hour` and `sent_that_hour` count what left in that hour (UTC)."""

    __tablename__ = "mailbox"
    __table_args__ = (Index(None, "authority_id"),)

    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("authority.id", ondelete="CASCADE"))
    address: Mapped[str]
    hourly_cap: Mapped[int] = mapped_column(default=60)
    hour: Mapped[datetime | None]
    sent_that_hour: Mapped[int] = mapped_column(default=0)
    verified_at: Mapped[datetime | None]
    paused_until: Mapped[datetime | None]  # its server pushed back
