"""What becomes of signatures: confirmed, taken back, purged. How one is made: see signing.py."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, CursorResult, and_, delete, exists, or_, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute

from campaign.appeals import service as appeals
from campaign.appeals.models import Appeal, AppealText
from campaign.db import db
from campaign.mail.states import check_step
from campaign.petitions.models import CONFIRMED, SIGNATURE_STATES, UNCONFIRMED, Signature
from campaign.supporters import service as supporters
from campaign.supporters.visibility import Visibility

PENDING_KEPT = timedelta(days=7)
"""A signature that is not confirmed by then is purged."""


class SignatureGone(Exception):
    """The signature was not confirmed in time, or was taken back."""


@dataclass(frozen=True)
class Signed:
    """A signature, the petition it is under, and whether this person's name stands there for good."""

    signature: Signature
    appeal: Appeal
    title: str
    confirmed: bool


def look_up(*, signature_id: uuid.UUID, now: datetime) -> Signed:
    """What a link leads to. Raises SignatureGone, and for a signature that waits AppealPaused and AppealClosed."""
    row = db.session.execute(
        select(Signature, Appeal, AppealText.title)
        .join(Appeal, Appeal.id == Signature.appeal_id)
        .join(AppealText, (AppealText.version_id == Signature.version_id) & (AppealText.language == Signature.language))
        .where(Signature.id == signature_id)
    ).first()
    if row is None:
        raise SignatureGone
    signature, appeal, title = row
    if signature.state == "withdrawn" or (signature.state == "pending" and now - signature.created_at > PENDING_KEPT):
        raise SignatureGone
    confirmed = signature.state == "confirmed" or _has_signed(signature)
    if not confirmed:
        appeals.check_open(appeal, now=now)
    return Signed(signature, appeal, title, confirmed)


def _has_signed(signature: Signature) -> bool:
    found = select(Signature.id).where(Signature.supporter_id == signature.supporter_id, Signature.appeal_id == signature.appeal_id, text(CONFIRMED))
    return db.session.scalar(found.limit(1)) is not None


def confirm(*, signature_id: uuid.UUID, now: datetime) -> bool:
    """Put a signature under its petition. False where this person's name stands there already. Raises as `look_up` does."""
    signed = look_up(signature_id=signature_id, now=now)
    signature = signed.signature
    if signed.confirmed:
        return False
    try:
        # A savepoint: at the same moment another link of the same person may win, and the unique index says so.
        with db.session.begin_nested():
            won = _step(signature, "confirmed", confirmed_at=now)
    except IntegrityError:
        return False
    if won and signature.wants_updates and signature.updates_wording is not None:
        supporters.give_consent(
            signature.supporter_id, purpose="updates", about=signed.appeal.case_id, wording=signature.updates_wording, language=signature.page_language, now=now
        )
    return won


def withdraw(*, signature_id: uuid.UUID, now: datetime) -> None:
    """Take a confirmed signature back: its name and words are erased at once, and the worker takes it from the counts. Raises SignatureGone."""
    signed = look_up(signature_id=signature_id, now=now)
    signature = signed.signature
    if signature.state != "confirmed":
        raise SignatureGone
    _step(signature, "withdrawn")
    signature.name, signature.comment = "", None
    signature.to_public = signature.to_authority = Visibility.COUNTED.value


def _step(signature: Signature, state: str, **values: datetime) -> bool:
    """The one way from state to state, atomically: False where somebody else was first. Raises NoSuchStep."""
    check_step(SIGNATURE_STATES, signature.state, state)
    change = update(Signature).where(Signature.id == signature.id, Signature.state == signature.state).values(state=state, **values)
    done = db.session.execute(change, execution_options={"synchronize_session": False})
    assert isinstance(done, CursorResult), "an UPDATE without RETURNING"
    if done.rowcount == 1:
        db.session.refresh(signature)
    return done.rowcount == 1


def purge(*, now: datetime) -> int:
    """Forget signatures that nobody confirmed within seven days, and withdrawn ones that the counts have let go. Returns how many."""
    over = or_(and_(Signature.state == "pending", Signature.created_at < now - PENDING_KEPT), and_(Signature.state == "withdrawn", Signature.counted.is_(False)))
    done = db.session.execute(delete(Signature).where(text(UNCONFIRMED), over), execution_options={"synchronize_session": False})
    assert isinstance(done, CursorResult), "a DELETE without RETURNING"
    return done.rowcount


def holds(supporter_id: InstrumentedAttribute[uuid.UUID]) -> ColumnElement[bool]:
    """Whether a signature of a supporter is kept: a condition."""
    return exists().where(Signature.supporter_id == supporter_id)


supporters.register_holding("petitions", holds)
