"""Bundles that volunteers take, and the files that are printed from them."""

import uuid
from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, WithId
from campaign.dispatch.models import Batch
from campaign.organisers.models import Account

BUNDLE_STATES: dict[str, frozenset[str]] = {
    "asked": frozenset({"taken", "empty", "returned"}),  # the worker has yet to seal and render
    "taken": frozenset({"printed", "returned"}),
    "printed": frozenset({"posted", "returned"}),  # downloaded: only a person can say that it was not posted
    "posted": frozenset(),
    "returned": frozenset(),
    "empty": frozenset(),  # nothing was left in the pool
}
FILE_STATES: dict[str, frozenset[str]] = {
    "waiting": frozenset({"rendered", "deleted"}),
    "rendered": frozenset({"waiting", "deleted"}),  # waiting again when a letter in it was returned or stopped before it was printed
    "deleted": frozenset(),
}


class Bundle(WithId, Base):
    """What a volunteer takes for an evening: one batch per authority in it, on a lease."""

    __tablename__ = "bundle"
    __table_args__ = (CheckConstraint(f"state IN ({', '.join(repr(state) for state in BUNDLE_STATES)})", "state"), Index(None, "volunteer_id"), Index(None, "state"))

    volunteer_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    state: Mapped[str] = mapped_column(default="asked")
    size: Mapped[int]  # how many letters were asked for
    country: Mapped[str]
    asked_at: Mapped[datetime]
    lease_until: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    volunteer: Mapped[Account] = relationship(lazy="joined")
    batches: Mapped[list["BundleBatch"]] = relationship(cascade="all, delete-orphan")
    files: Mapped[list["PrintFile"]] = relationship(cascade="all, delete-orphan", order_by="PrintFile.number")


class BundleBatch(Base):
    """A batch in a bundle."""

    __tablename__ = "bundle_batch"

    bundle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bundle.id", ondelete="CASCADE"), primary_key=True)
    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("batch.id"), primary_key=True, unique=True)
    batch: Mapped[Batch] = relationship(lazy="joined")


class PrintFile(WithId, Base):
    """One PDF of at most 100 letters of one batch, encrypted on disk as INSTANCE/files/<id>. Items `first` to `last` of the batch."""

    __tablename__ = "print_file"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in FILE_STATES)})", "state"),
        Index(None, "bundle_id"),
        Index(None, "state", "delete_after"),
    )

    bundle_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("bundle.id", ondelete="CASCADE"))
    batch_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("batch.id"))
    number: Mapped[int]
    first: Mapped[int]
    last: Mapped[int]
    state: Mapped[str] = mapped_column(default="waiting")
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_at: Mapped[datetime | None]
    rendered_at: Mapped[datetime | None]
    delete_after: Mapped[datetime | None]
