"""The one way from state to state, for one letter and for many, and the counts that follow from it."""

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from campaign.appeals import service as appeals
from campaign.db import db, new_id
from campaign.letters.models import LETTER_STATES, Letter, LetterStep
from campaign.mail.states import NoSuchStep, check_step


def step(letter: Letter, state: str, *, now: datetime, batch: int | None = None, country: str | None = None, told: str | None = None) -> None:
    """Move one letter to another state and write the step down. Raises NoSuchStep, also when somebody else was faster.

    `told`: the step's name where its writer reads of it in other words than the state's.
    """
    db.session.flush()
    before = letter.state
    if not step_many([letter.id], before, state, now=now, batch=batch, country=country, told=told):
        raise NoSuchStep(f"the letter is no longer {before}")
    db.session.refresh(letter, ["state", "confirmed_at", "countable", "counted", "steps"])


def step_many(
    ids: Sequence[uuid.UUID], before: str, after: str, *, now: datetime, batch: int | None = None, country: str | None = None, told: str | None = None
) -> list[uuid.UUID]:
    """Move those of the letters that are still `before`, in three statements however many they are; returns their ids.

    Raises NoSuchStep where the table of states has no such step. Rows already loaded in the session keep their old values.
    """
    check_step(LETTER_STATES, before, after)
    values: dict[str, Any] = {"state": after}
    if before == "pending" and after in ("queued", "with_writer"):
        values |= {"confirmed_at": now, "countable": after == "queued"}
    if before == "with_writer" and after == "posted":
        values["countable"] = True
    if after == "withdrawn":
        values["countable"] = False
    changed = update(Letter).where(Letter.id.in_(ids), Letter.state == before).values(**values)
    returned = changed.returning(Letter.id, Letter.appeal_id, Letter.country, Letter.confirmed_at, Letter.counted)
    moved = db.session.execute(returned, execution_options={"synchronize_session": False}).all()
    if moved and _is_told(before, after):
        rows = [{"id": new_id(), "letter_id": row.id, "step": told or after, "at": now, "batch": batch, "country": country} for row in moved]
        db.session.execute(insert(LetterStep), rows)
    if after == "withdrawn":
        _uncount([row for row in moved if row.counted])
    return [row.id for row in moved]


def _is_told(before: str, after: str) -> bool:
    # That a mail is just being handed over, or that the server asked for patience, says nothing to the writer.
    return after != "sending" and (before, after) != ("sending", "sealed")


def _uncount(rows: list[Any]) -> None:
    if not rows:
        return
    gone = update(Letter).where(Letter.id.in_([row.id for row in rows])).values(counted=False)
    db.session.execute(gone, execution_options={"synchronize_session": False})
    _add(rows, -1)


def _add(rows: Sequence[Any], sign: int) -> None:
    by_country = [(row.appeal_id, row.country, sign) for row in rows]
    appeals.add_counts(by_country, days=[(row.appeal_id, row.confirmed_at.date(), sign) for row in rows])


def count_confirmed(*, limit: int = 1000) -> int:
    """Add letters that count, and are not counted yet, to the kept counts. Returns how many; harmless when run twice."""
    waiting = select(Letter.id).where(Letter.countable, ~Letter.counted).limit(limit)
    if db.session.get_bind().dialect.name == "postgresql":
        waiting = waiting.with_for_update(skip_locked=True)
    ids = db.session.scalars(waiting).all()
    if not ids:
        return 0
    counted = update(Letter).where(Letter.id.in_(ids), Letter.countable, ~Letter.counted).values(counted=True)
    rows = db.session.execute(counted.returning(Letter.appeal_id, Letter.country, Letter.confirmed_at), execution_options={"synchronize_session": False}).all()
    _add(rows, 1)
    return len(rows)
