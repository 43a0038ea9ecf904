"""Keeping rows as the folder says, and leaving alone what says so already: loading twice changes nothing."""

from typing import Any, TypeVar

from sqlalchemy import select

from campaign.db import Base, db, keep, keep_rows

__all__ = ["find", "find_or_add", "keep", "keep_rows"]

Row = TypeVar("Row", bound=Base)


def find(model: type[Row], **key: Any) -> Row | None:
    """The row with this key."""
    return db.session.scalar(select(model).filter_by(**key))


def find_or_add(model: type[Row], key: dict[str, Any], **values: Any) -> Row:
    """The row with this key, made where it is missing, with these values."""
    row = find(model, **key)
    if row is None:
        row = model(**key, **values)
        db.session.add(row)
    else:
        keep(row, **values)
    return row
