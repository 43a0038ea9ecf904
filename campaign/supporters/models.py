"""Supporters, known by a keyed hash of their address, and the ledger of what they agreed to."""

import uuid
from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base, Encrypted, WithId, sealed_column


class Supporter(WithId, Base):
    """Somebody who acts. `mail_day` and `mails_that_day` keep confirmation mails to three a day (UTC days)."""

    __tablename__ = "supporter"

    address_index: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    email_sealed: Mapped[bytes] = sealed_column()
    email = Encrypted()
    created_at: Mapped[datetime]
    mail_day: Mapped[date | None]
    mails_that_day: Mapped[int] = mapped_column(default=0)


class Consent(WithId, Base):
    """One thing a supporter agreed to: the exact wording, its language and the time. Withdrawn, never deleted, until erasure."""

    __tablename__ = "consent"
    __table_args__ = (Index(None, "supporter_id"),)

    supporter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("supporter.id", ondelete="CASCADE"))
    purpose: Mapped[str]  # "updates"
    about: Mapped[uuid.UUID | None]  # the case it is about
    wording: Mapped[str]
    language: Mapped[str]
    given_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
