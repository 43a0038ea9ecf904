"""Two steps in one go, for the loop that sends letters by e-mail: the last letter has left, the next one is being sent.

The loop commits between any two letters, so each statement counts: these are prepared once and bypass the session.
`step_many` does the same for everybody else.
"""

import uuid
from datetime import datetime
from typing import cast

from sqlalchemy import CTE, Integer, Table, Uuid, and_, bindparam, case, insert, literal, null, or_, select, update
from sqlalchemy.engine import Connection

from campaign.db import Instant, new_id
from campaign.letters.models import LETTER_STATES, Letter, LetterStep
from campaign.mail.states import check_step
from campaign.prepared import Prepared

for _before, _after in (("sealed", "sending"), ("sending", "sent"), ("unknown", "sent")):
    check_step(LETTER_STATES, _before, _after)

_MOVE = Prepared(
    update(Letter.__table__)  # type: ignore[arg-type]  # a mapped class's table is a Table
    .where(
        or_(
            and_(Letter.__table__.c.id == bindparam("left"), Letter.__table__.c.state.in_(["sending", "unknown"])),
            and_(Letter.__table__.c.id == bindparam("next"), Letter.__table__.c.state == "sealed"),
        )
    )
    .values(state=case((Letter.__table__.c.id == bindparam("left"), "sent"), else_="sending"))
)
_COLUMNS = ("id", "letter_id", "step", "at", "batch", "country")
_TELL = Prepared(insert(cast(Table, LetterStep.__table__)).values({column: bindparam(f"new_{column}") for column in _COLUMNS}))


def hand_over(connection: Connection, *, left: uuid.UUID | None, following: uuid.UUID | None, batch: int, now: datetime) -> None:
    """Move `left` to sent, with its step, and `following` to sending; either may be None. The caller commits.

    A letter that is not where it should be stays there: whoever sends asks for its state again before the first byte.
    """
    _MOVE.run(connection, {"left": left, "next": following})
    if left is not None:
        told = {"new_id": new_id(), "new_letter_id": left, "new_step": "sent", "new_at": now, "new_batch": batch, "new_country": None}
        _TELL.run(connection, told)


def follow(items: CTE) -> tuple[CTE, CTE]:
    """The same as parts of one statement (PostgreSQL), for the letters of `items`: rows of letter_id and state, `sent` or `sending`.

    To be filled in: `new_id`, `number` of the batch, `now`.
    """
    letter = cast(Table, Letter.__table__)
    where_it_should_be = or_(and_(items.c.state == "sent", letter.c.state.in_(["sending", "unknown"])), and_(items.c.state == "sending", letter.c.state == "sealed"))
    moved = update(letter).where(letter.c.id == items.c.letter_id, where_it_should_be).values(state=items.c.state).returning(letter.c.id, letter.c.state).cte("moved")
    step = select(bindparam("new_id", type_=Uuid()), moved.c.id, literal("sent"), bindparam("now", type_=Instant()), bindparam("number", type_=Integer()), null())
    table = cast(Table, LetterStep.__table__)
    told = insert(table).from_select(list(_COLUMNS), step.where(moved.c.state == "sent")).returning(table.c.id).cte("told")
    return moved, told
