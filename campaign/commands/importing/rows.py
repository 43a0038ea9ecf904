"""Keeping rows as the folder says, and leaving alone what says so already: loading twice changes nothing."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from sqlalchemy import select

from campaign.db import Base, db

Row = TypeVar("Row", bound=Base)


def keep(row: Base, **values: Any) -> bool:
    """Set what differs. Whether anything did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


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


def keep_rows(kept: list[Row], wanted: Sequence[Row], *, facts: Callable[[Row], Any]) -> bool:
    """Put `wanted` in the place of the rows that are kept, unless both state the same facts. Whether they did not."""
    if sorted(map(facts, kept)) == sorted(map(facts, wanted)):
        return False
    kept.clear()
    db.session.flush()  # gone before the new ones come: they may have the same keys
    kept.extend(wanted)
    return True
