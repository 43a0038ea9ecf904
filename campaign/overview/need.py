"""What a need is: something that waits for a person, with what follows from it and what can be decided."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

from babel.dates import format_timedelta
from sqlalchemy import Select

from campaign.db import db
from campaign.text import _, number_text, reading_language

MOST = 20
"""Lines that one need lists; the rest is “more than 20”."""
Row = TypeVar("Row")


@dataclass(frozen=True)
class Button:
    """Something an organiser can decide: a label, and where it is posted to."""

    label: str
    endpoint: str
    values: dict[str, Any]
    style: str = "second"


@dataclass(frozen=True)
class Line:
    """One thing among those a need is about."""

    text: str
    buttons: tuple[Button, ...] = ()
    link: tuple[str, str, dict[str, Any]] | None = None  # label, endpoint, values


@dataclass(frozen=True)
class Need:
    """Something that waits for a person: what it is, what follows from it, since when."""

    key: str
    title: str
    consequence: str
    since: datetime
    lines: tuple[Line, ...]


def waited(since: datetime, *, now: datetime) -> str:
    """How long ago, as it is said: “2 days”."""
    return format_timedelta(max(now - since, timedelta()), threshold=1.2, locale=reading_language().replace("-", "_"))


def said(rows: Sequence[object]) -> str:
    """How many: exactly up to twenty, then “more than 20”."""
    return _("more than %(count)s", count=number_text(MOST)) if len(rows) > MOST else number_text(len(rows))


def rows_of(query: Select[Row]) -> list[Row]:
    """As many rows as are listed, and one more where there are more."""
    return list(db.session.scalars(query.limit(MOST + 1)).unique())


def need(key: str, rows: Sequence[Row], title: str, consequence: str, since: datetime | None, lines: Iterable[Line], now: datetime) -> Need | None:
    """A need, or none where there are no rows."""
    return Need(key, title, consequence, since or now, tuple(lines)[:MOST]) if rows else None
