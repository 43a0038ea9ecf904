"""What can be done with supporters: found by the keyed hash of their address, mailed with restraint, forgotten."""

import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from datetime import time as clock
from typing import Any

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute

from campaign.db import db, new_id
from campaign.security.keys import ring
from campaign.supporters.addresses import check_address, fold
from campaign.supporters.models import Consent, Supporter

MAILS_A_DAY = 3
DAYS_AHEAD = 5
"""A mail over the day's limit waits for the next day with room, no later than this: unconfirmed actions end after seven."""
UNUSED_AFTER = timedelta(days=7)

Holding = Callable[[InstrumentedAttribute[uuid.UUID]], ColumnElement[bool]]
_holdings: dict[str, Holding] = {}


def address_index(email: str) -> bytes:
    """The keyed hash by which an address is found, the same for every spelling of one mailbox."""
    return ring().index(fold(email), purpose="address")


def find(*, email: str) -> Supporter | None:
    """The supporter with this address, if there is one."""
    return db.session.scalar(select(Supporter).where(Supporter.address_index == address_index(email)))


def find_or_make(*, email: str, now: datetime) -> Supporter:
    """The supporter with this address, made where there is none. Raises AddressWrong.

    One statement, which locks the row until the transaction ends: requests at the same moment find one row, one after the other.
    """
    address = check_address(email)
    fresh = Supporter(id=new_id(), address_index=address_index(address), email=address, created_at=now)
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    row = insert(Supporter).values(id=fresh.id, address_index=fresh.address_index, email_sealed=fresh.email_sealed, created_at=now, mails_that_day=0)
    kept = row.on_conflict_do_update(index_elements=["address_index"], set_={"mails_that_day": Supporter.mails_that_day}).returning(Supporter)
    found: Supporter = db.session.scalars(select(Supporter).from_statement(kept), execution_options={"populate_existing": True}).one()
    return found


NEW_SUPPORTER = ("id", "address_index", "email_sealed", "created_at", "mail_day", "mails_that_day")


def newcomer(*, address: str, now: datetime) -> dict[str, Any]:
    """The row of somebody new, with the first of today's mails on its way: for a statement that inserts it unless somebody has the address.

    It stands for `find_or_make` and `mail_slot`, since most who act are new. The address is one that `check_address` gave.
    """
    id = new_id()
    return {
        "id": id,
        "address_index": address_index(address),
        "email_sealed": Supporter.email.seal(address, id=id),
        "created_at": now,
        "mail_day": now.astimezone(UTC).date(),
        "mails_that_day": 1,
    }


def mail_slot(supporter: Supporter, *, now: datetime, locked: bool = False) -> datetime | None:
    """When the next confirmation mail may go to this address: three a day (UTC), the rest on the days after.

    None where the next days are full too: then no mail goes, whatever is submitted. The row is locked, so that requests at the same
    moment cannot take the same place twice; `locked` where `find_or_make` has done so in this transaction.
    """
    if not locked:
        db.session.flush()
        db.session.refresh(supporter, with_for_update=True)
    today = now.astimezone(UTC).date()
    if supporter.mail_day is None or supporter.mail_day < today:
        supporter.mail_day, supporter.mails_that_day = today, 0
    elif supporter.mails_that_day >= MAILS_A_DAY:
        supporter.mail_day, supporter.mails_that_day = supporter.mail_day + timedelta(days=1), 0
    if supporter.mail_day > today + timedelta(days=DAYS_AHEAD):
        supporter.mail_day, supporter.mails_that_day = today + timedelta(days=DAYS_AHEAD), MAILS_A_DAY
        return None
    supporter.mails_that_day += 1
    return now if supporter.mail_day == today else datetime.combine(supporter.mail_day, clock(6), UTC)


def give_consent(supporter_id: uuid.UUID, *, purpose: str, about: uuid.UUID | None, wording: str, language: str, now: datetime) -> None:
    """Write down that somebody agreed: to these words, in this language, at this time."""
    db.session.add(Consent(supporter_id=supporter_id, purpose=purpose, about=about, wording=wording, language=language, given_at=now))


def register_holding(name: str, held: Holding) -> None:
    """Let a feature say whether it holds something about a supporter, as a condition on their id. The last word before somebody is forgotten."""
    _holdings[name] = held


def purge_unused(*, now: datetime, limit: int = 500) -> int:
    """Forget supporters about whom no feature holds anything any more, `limit` at most. Returns how many."""
    old = select(Supporter.id).where(Supporter.created_at < now - UNUSED_AFTER)
    for held in _holdings.values():
        old = old.where(~held(Supporter.id))
    # Locked, so that nobody of them acts at this moment; who does just now is left for the next time.
    unused = db.session.scalars(old.limit(limit).with_for_update(skip_locked=True, of=Supporter)).all()
    db.session.execute(delete(Supporter).where(Supporter.id.in_(unused)), execution_options={"synchronize_session": False})
    return len(unused)
