"""Accounts and their roles, invitations, organisations and who belongs to them, and what waits for a second person."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, LargeBinary, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, Encrypted, WithId, sealed_column

ROLES = ("admin", "organiser", "reviewer", "translator", "volunteer")
APPROVAL_STATES: dict[str, frozenset[str]] = {
    "asked": frozenset({"granted", "refused", "withdrawn"}),
    "granted": frozenset(),
    "refused": frozenset(),
    "withdrawn": frozenset(),
}
INVITATION_STATES: dict[str, frozenset[str]] = {
    "waiting": frozenset({"accepted", "withdrawn", "expired"}),
    "accepted": frozenset(),
    "withdrawn": frozenset(),
    "expired": frozenset(),
}


class Account(WithId, Base):
    """Somebody who logs in. Raising `generation` ends all their sessions."""

    __tablename__ = "account"
    __table_args__ = (CheckConstraint(f"role IN ({', '.join(repr(role) for role in ROLES)})", "role"),)

    address_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    email_sealed: Mapped[bytes] = sealed_column()
    email = Encrypted()
    name_sealed: Mapped[bytes] = sealed_column()
    name = Encrypted()
    password_hash: Mapped[str]
    role: Mapped[str]
    country: Mapped[str]  # where a volunteer posts from
    generation: Mapped[int] = mapped_column(default=0)
    totp_sealed: Mapped[bytes | None] = sealed_column(nullable=True)
    totp = Encrypted()  # the secret of one-time codes, in base32; offered until `enrolled_at`
    totp_step: Mapped[int | None]  # of the last code that was used: none works twice
    enrolled_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    @property
    def enrolled(self) -> bool:
        """Whether there is a second factor. Without one an account can do nothing but set it up."""
        return self.enrolled_at is not None


class RecoveryCode(WithId, Base):
    """One of ten codes on paper, as a keyed hash; each opens the door once."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("account_id", "code_hash"),)

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    used_at: Mapped[datetime | None]


class Login(WithId, Base):
    """A browser in which somebody is logged in. Neither device nor address: only the name its owner gives it."""

    __tablename__ = "login"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    name_sealed: Mapped[bytes | None] = sealed_column(nullable=True)
    name = Encrypted()
    begun_at: Mapped[datetime]
    used_at: Mapped[datetime]  # to the hour
    proved_at: Mapped[datetime]  # when the second factor was last proved


class Invitation(WithId, Base):
    """Somebody is asked to the desk by mail; the link works once, for seven days. `account_id`: whose it became, or who is let in again."""

    __tablename__ = "invitation"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in INVITATION_STATES)})", "state"),
        CheckConstraint(f"role IN ({', '.join(repr(role) for role in ROLES)})", "role"),
        Index("uq_invitation_waiting", "address_index", unique=True, sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")),
    )

    address_index: Mapped[bytes] = mapped_column(LargeBinary(32))
    email_sealed: Mapped[bytes] = sealed_column()
    email = Encrypted()
    name_sealed: Mapped[bytes] = sealed_column()
    name = Encrypted()
    role: Mapped[str]
    country: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    account_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    invited_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id", ondelete="SET NULL"))  # None: whoever runs the site
    created_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    decided_at: Mapped[datetime | None]


class Organisation(WithId, Base):
    """Who campaigns. Cases, drives and appeals belong to one. `single_handed`: a team of one has switched the second person off, and the desk says so on every page."""

    __tablename__ = "organisation"
    __public__ = True

    slug: Mapped[str] = mapped_column(unique=True)
    single_handed: Mapped[bool] = mapped_column(default=False)
    links: Mapped[list[str]]  # follow, give, join: `kind address`, in the order in which they are shown
    texts: Mapped[list["OrganisationText"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class OrganisationText(Base):
    """An organisation's name and who it is, in one language; `about` in Markdown."""

    __tablename__ = "organisation_text"
    __public__ = True

    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    about: Mapped[str]


class Membership(Base):
    """Somebody belongs to an organisation: what is its own is theirs to work on, in the roles they have."""

    __tablename__ = "membership"

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)


class Grant(WithId, Base):
    """One more role, for one drive alone. No foreign key to the drive: it is a feature above this one."""

    __tablename__ = "role_grant"
    __table_args__ = (
        UniqueConstraint("account_id", "role", "drive_id"),
        CheckConstraint(f"role IN ({', '.join(repr(role) for role in ROLES)})", "role"),
    )

    account_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id", ondelete="CASCADE"))
    role: Mapped[str]
    drive_id: Mapped[uuid.UUID]


class Approval(WithId, Base):
    """What one person asked for and a second one decides: `before` and `after` in words that can be compared line by line."""

    __tablename__ = "approval"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in APPROVAL_STATES)})", "state"),
        CheckConstraint("decided_by IS NULL OR decided_by <> asked_by OR alone", "second_person"),
        Index(None, "state"),
        Index(None, "kind", "object_id"),
    )

    kind: Mapped[str]  # what is asked: `appeal.publish`, `authority.change`, `signatures.export`
    object_id: Mapped[str]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    after: Mapped[dict[str, Any]] = mapped_column(JSON)
    state: Mapped[str] = mapped_column(default="asked")
    alone: Mapped[bool] = mapped_column(default=False)  # granted by the one who asked, where the organisation is single-handed
    asked_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    asked_at: Mapped[datetime]
    decided_by: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("account.id"))
    decided_at: Mapped[datetime | None]
