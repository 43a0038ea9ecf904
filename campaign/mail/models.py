"""Outgoing mail to supporters and organisers. Letters to authorities have their own rows in dispatch."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base, Encrypted, WithId, sealed_column
from campaign.mail.states import SQL_STATES


class OutgoingMail(WithId, Base):
    """One mail. `kind` names its template, `values` (JSON, sealed) fill it. The Message-ID is fixed when the row is made."""

    __tablename__ = "outgoing_mail"
    __table_args__ = (Index(None, "state", "not_before"), CheckConstraint(f"state IN ({SQL_STATES})", "state"))

    kind: Mapped[str]
    language: Mapped[str]
    recipient_sealed: Mapped[bytes] = sealed_column()
    recipient = Encrypted()
    values_sealed: Mapped[bytes] = sealed_column()
    values = Encrypted()
    message_id: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="ready")
    not_before: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    answer: Mapped[str | None]  # what the server said: codes and words of the server, never an address
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
