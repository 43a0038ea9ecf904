"""Entries of the trail."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
from sqlalchemy.orm import Mapped, mapped_column

from campaign.db import Base, WithId


class AuditEntry(WithId, Base):
    """Somebody did something to one object. The database refuses to change or delete a row (a trigger on each database).

    `actor_id` is an account's, None where the worker or a command did it; no foreign key, for the trail outlives the account. `details` say what
    changed in public words; nothing personal of a supporter ever stands in them.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "object_kind", "object_id"), Index(None, "actor_id"), Index(None, "action"))

    at: Mapped[datetime]
    actor_id: Mapped[uuid.UUID | None]
    action: Mapped[str]  # `case.edited`, `signatures.exported`: the object's kind and what was done, in the past tense
    object_kind: Mapped[str]
    object_id: Mapped[str]
    details: Mapped[dict[str, Any]] = mapped_column(JSON)
