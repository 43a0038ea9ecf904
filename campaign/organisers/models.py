"""Accounts of organisers and volunteers."""

from datetime import datetime

from sqlalchemy import CheckConstraint, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base, Encrypted, WithId, sealed_column

ROLES = ("organiser", "volunteer")


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
    created_at: Mapped[datetime]
