"""Authorities: offices, not their holders. One row per office, one per language of its texts, one per mailbox; who checked it, and how it stood before."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, WithId

FOUND = ("right", "doubted")


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
    verified_by: Mapped[str | None]  # who, where it was said by a command; the desk writes an `AuthorityCheck`
    address_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))  # who typed the address as it stands: somebody else verifies it
    search: Mapped[str] = mapped_column(default="")  # all that it is found by, folded
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


class AuthorityVersion(WithId, Base):
    """How an office stood from a moment on: everything about it that organisers type, which is public. `number` counts up; who edits says which one they saw."""

    __tablename__ = "authority_version"
    __table_args__ = (UniqueConstraint("authority_id", "number"),)

    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("authority.id", ondelete="CASCADE"))
    number: Mapped[int]
    at: Mapped[datetime]
    typed_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))  # null: a command
    facts: Mapped[dict[str, Any]] = mapped_column(JSON)


class AuthorityCheck(WithId, Base):
    """Somebody compared an address with the office's own, or doubts it. `postal` and `mailboxes`: what they looked at, as it stood."""

    __tablename__ = "authority_check"
    __table_args__ = (
        CheckConstraint(f"found IN ({', '.join(repr(found) for found in FOUND)})", "found"),
        CheckConstraint("checked_by IS NOT NULL OR said_by IS NOT NULL", "somebody"),
        Index(None, "authority_id"),
    )

    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("authority.id", ondelete="CASCADE"))
    at: Mapped[datetime]
    checked_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    said_by: Mapped[str | None]  # the name a command was given
    found: Mapped[str]
    postal: Mapped[list[str]]  # empty: not looked at
    mailboxes: Mapped[list[str]]
    source: Mapped[str]  # an address of a page, or how
