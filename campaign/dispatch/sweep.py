"""Nothing stays half done for ever: what was being sent for too long has an unknown fate, and a person decides."""

from datetime import datetime, timedelta

from sqlalchemy import select, update

from campaign.appeals.models import Appeal
from campaign.db import db
from campaign.dispatch.models import Batch, BatchItem, PetitionDelivery
from campaign.dispatch.steps import close_batches, deliveries_before, items_before, step_delivery, step_item
from campaign.letters.models import Letter
from campaign.letters.steps import step, step_many

_AT_ONCE = 500
_AS_IS = {"synchronize_session": False}


def sweep_stuck(*, now: datetime, lease: timedelta) -> int:
    """Make `unknown` what a sender claimed longer than `lease` ago and never answered for; stop what can never leave; close batches.

    Returns how many became unknown. Harmless when run twice, or while somebody sends.
    """
    unknown = _forsaken_items(now - lease, now=now) + _forsaken_deliveries(now - lease)
    _stop_withdrawn(now=now)
    db.session.flush()
    close_batches(db.session.connection(), now=now)
    db.session.expire_all()
    return unknown


def _forsaken_items(before: datetime, *, now: datetime) -> int:
    stuck = update(BatchItem).where(BatchItem.claimed_at < before, items_before("unknown", "sending")).values(state="unknown")
    letters = db.session.scalars(stuck.returning(BatchItem.letter_id), execution_options=_AS_IS).all()
    step_many(letters, "sending", "unknown", now=now)
    return len(letters)


def _forsaken_deliveries(before: datetime) -> int:
    stuck = update(PetitionDelivery).where(PetitionDelivery.claimed_at < before, deliveries_before("unknown", "sending")).values(state="unknown")
    return len(db.session.scalars(stuck.returning(PetitionDelivery.id), execution_options=_AS_IS).all())


def _stop_withdrawn(*, now: datetime) -> None:
    # A pause ends, and what waits goes on; a withdrawn appeal never comes back, and its letters are told so.
    waiting = (
        select(BatchItem.id, BatchItem.letter_id)
        .join(Batch, Batch.id == BatchItem.batch_id)
        .join(Letter, Letter.id == BatchItem.letter_id)
        .join(Appeal, Appeal.id == Letter.appeal_id)
        .where(Batch.channel == "email", BatchItem.state == "ready", Appeal.state == "withdrawn")
        .limit(_AT_ONCE)
    )
    rows = db.session.execute(waiting.with_for_update(skip_locked=True, of=BatchItem)).all()
    stopped = update(BatchItem).where(BatchItem.id.in_([row[0] for row in rows]), items_before("stopped", "ready")).values(state="stopped")
    letters = db.session.scalars(stopped.returning(BatchItem.letter_id), execution_options=_AS_IS).all()
    step_many(letters, "sealed", "stopped", now=now)


def resolve_unknown(item: BatchItem, *, was_sent: bool, now: datetime) -> None:
    """What a person found out about a letter of unknown fate: it arrived, or it did not and goes again. Raises NoSuchStep."""
    step_item(item, "sent" if was_sent else "ready")
    if not was_sent:
        item.claimed_at = item.next_attempt_at = None
    batch = db.session.get_one(Batch, item.batch_id)
    step(item.letter, "sent" if was_sent else "sealed", now=now, batch=batch.number)
    db.session.flush()
    close_batches(db.session.connection(), now=now, batch_id=batch.id)
    db.session.refresh(batch)


def resolve_delivery(delivery: PetitionDelivery, *, was_sent: bool, now: datetime) -> None:
    """The same for a petition that was being delivered. Raises NoSuchStep."""
    step_delivery(delivery, "sent" if was_sent else "ready")
    delivery.sent_at = now if was_sent else None
    delivery.next_attempt_at = None
    db.session.flush()


def send_again(item: BatchItem, *, now: datetime) -> None:
    """A refused letter goes back to the pool, after its office's mailbox was put right. Raises NoSuchStep."""
    step_item(item, "ready")
    step_item(item, "returned")
    step(item.letter, "sealed", now=now)
    step(item.letter, "queued", now=now)
    db.session.flush()
