"""What can be done with the trail: add to it, read it."""

import re
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from campaign.audit.models import AuditEntry
from campaign.db import db

ACTION = re.compile(r"[a-z_]+\.[a-z_]+")
PAGE = 100
SPARE = timedelta(days=1)


def record(*, by: uuid.UUID | None, action: str, of: object, now: datetime, details: Mapping[str, Any] | None = None) -> None:
    """Write down that `by` did `action` (`case.edited`) to the object `of` (its id or slug). Part of the caller's transaction: both are kept or neither."""
    if not ACTION.fullmatch(action):
        raise ValueError(f"“{action}” is not an object's kind and what was done to it")
    db.session.add(AuditEntry(at=now, actor_id=by, action=action, object_kind=action.partition(".")[0], object_id=str(of), details=dict(details or {})))


def trail(
    *,
    kind: str = "",
    object_id: str = "",
    actor_id: uuid.UUID | None = None,
    action: str = "",
    since: datetime | None = None,
    until: datetime | None = None,
    before: uuid.UUID | None = None,
    limit: int = PAGE,
) -> list[AuditEntry]:
    """Entries that match, the newest first: from `since` until before `until`; `before` is the last one of the page before."""
    asked = {AuditEntry.object_kind: kind, AuditEntry.object_id: object_id, AuditEntry.actor_id: actor_id, AuditEntry.action: action}
    query = select(AuditEntry).where(*(column == value for column, value in asked.items() if value))
    # Ids sort by time: the primary key finds the days, with a day to spare for a clock that was set; the moment itself decides.
    if since is not None:
        query = query.where(AuditEntry.id >= _id_at(since - SPARE), AuditEntry.at >= since)
    if until is not None:
        query = query.where(AuditEntry.id < _id_at(until + SPARE), AuditEntry.at < until)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    return list(db.session.scalars(query.order_by(AuditEntry.id.desc()).limit(limit)))


def _id_at(moment: datetime) -> uuid.UUID:
    """The least id that could have been made then (`campaign.db.new_id`)."""
    return uuid.UUID(int=max(0, int(max(moment, datetime(1970, 1, 1, tzinfo=UTC)).timestamp() * 1000)) << 80)
