"""Batches and what is in them, and petition deliveries. Each state machine is a table beside its model."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.appeals.models import Appeal
from campaign.authorities.models import Authority
from campaign.db import Base, WithId
from campaign.letters.models import Letter
from campaign.mail.states import SENDING_STATES, SQL_STATES

BATCH_STATES: dict[str, frozenset[str]] = {
    "ready": frozenset({"sending", "sent", "taken", "returned"}),
    "sending": frozenset({"sent"}),
    "taken": frozenset({"printed", "returned"}),
    "printed": frozenset({"posted", "returned"}),
    "sent": frozenset(),
    "posted": frozenset(),
    "returned": frozenset(),
}
ITEM_STATES: dict[str, frozenset[str]] = {
    **SENDING_STATES,
    "ready": SENDING_STATES["ready"] | {"posted", "returned"},
    "posted": frozenset(),
    "returned": frozenset(),
    "stopped": frozenset({"ready", "returned"}),
}


class Batch(WithId, Base):
    """Letters that leave together for one authority by one channel. The worker seals it."""

    __tablename__ = "batch"
    __table_args__ = (CheckConstraint(f"state IN ({', '.join(repr(state) for state in BATCH_STATES)})", "state"), Index(None, "state", "channel"))

    number: Mapped[int] = mapped_column(unique=True)
    authority_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("authority.id"))  # null: solidarity messages
    appeal_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("appeal.id"))  # null: letters of several appeals, on paper
    channel: Mapped[str]
    state: Mapped[str] = mapped_column(default="ready")
    size: Mapped[int]
    country: Mapped[str | None]  # where a batch on paper is posted
    sealed_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    authority: Mapped[Authority | None] = relationship(lazy="joined")
    items: Mapped[list["BatchItem"]] = relationship(cascade="all, delete-orphan", order_by="BatchItem.position")


class BatchItem(WithId, Base):
    """One letter's place in a batch, and for e-mail its sending."""

    __tablename__ = "batch_item"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in ITEM_STATES)})", "state"),
        UniqueConstraint("batch_id", "letter_id"),
        # A letter is in one batch at a time: the database says so.
        Index("uq_batch_item_letter", "letter_id", unique=True, sqlite_where=text("state != 'returned'"), postgresql_where=text("state != 'returned'")),
        Index("ix_batch_item_ready", "batch_id", "position", sqlite_where=text("state = 'ready'"), postgresql_where=text("state = 'ready'")),
        Index("ix_batch_item_sending", "claimed_at", sqlite_where=text("state = 'sending'"), postgresql_where=text("state = 'sending'")),
    )

    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("batch.id"))
    letter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("letter.id"))
    position: Mapped[int]
    state: Mapped[str] = mapped_column(default="ready")
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    letter: Mapped[Letter] = relationship()


class PetitionDelivery(WithId, Base):
    """A petition handed to one target, when it closes or reaches a milestone: one mail with the count and the book of names."""

    __tablename__ = "petition_delivery"
    __table_args__ = (UniqueConstraint("appeal_id", "authority_id", "reason"), CheckConstraint(f"state IN ({SQL_STATES})", "state"), Index(None, "state"))

    appeal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appeal.id"))
    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("authority.id"))
    reason: Mapped[str]  # "closing", or "milestone 1000"
    state: Mapped[str] = mapped_column(default="ready")
    signatures: Mapped[int | None]  # how many were handed over, known once it was built
    message_id: Mapped[str] = mapped_column(unique=True)
    attempts: Mapped[int] = mapped_column(default=0)
    next_attempt_at: Mapped[datetime | None]
    claimed_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    appeal: Mapped[Appeal] = relationship(lazy="joined")
    authority: Mapped[Authority] = relationship(lazy="joined")
