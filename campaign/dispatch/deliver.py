"""Petitions are delivered when they close or reach a milestone: one mail to each target, under the same rules as a letter.

Written down once for each target and reason; claimed and committed before the first byte; asked again in between.
"""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from campaign.appeals.models import LEAVING_STATES, Appeal
from campaign.appeals.service import closes_at, leaving, may_leave
from campaign.authorities.models import Mailbox
from campaign.authorities.service import mailbox_for, mailbox_open
from campaign.cases.models import Case
from campaign.db import db, new_id, reading
from campaign.dispatch.alias import RETURN, alias
from campaign.dispatch.book import Handover, hand_over_petition
from campaign.dispatch.claim import Room
from campaign.dispatch.message import Sender
from campaign.dispatch.models import PetitionDelivery
from campaign.dispatch.settle import later, rest
from campaign.dispatch.steps import deliveries_before
from campaign.mail.connection import Answer, Post, ServerAway
from campaign.paper import MissingGlyph, TypesettingStopped
from campaign.petitions.counts import is_unsettled

log = structlog.get_logger()
CLOSING = "closing"
MILESTONE = "milestone "
LARGEST = 10_000_000
"""Bytes of a mail that most servers still take."""
_AS_IS = {"synchronize_session": False}


@dataclass(frozen=True)
class Desk:
    """What a delivery is made with: who sends, the languages the site speaks, the sample's mark, and the clock."""

    sender: Sender
    languages: list[str]
    mark: str
    now: Callable[[], datetime]


def plan_deliveries(*, now: datetime) -> int:
    """Write down what is to be delivered: to each target once when a petition closes, and once at each milestone it reaches."""
    petitions = select(Appeal).where(Appeal.kind == "petition", Appeal.state.in_(LEAVING_STATES), Appeal.actions > 0)
    planned = 0
    for appeal in db.session.scalars(petitions).unique().all():
        reason = _reason(appeal, now)
        for target in appeal.targets if reason else ():
            planned += _write_down(appeal, target.authority_id, reason, now=now)
    return planned


def _reason(appeal: Appeal, now: datetime) -> str:
    if appeal.state != "live" or now >= closes_at(appeal):
        # It is handed over once: what was confirmed just before the end must be in its counts.
        return "" if is_unsettled(appeal.id) else CLOSING
    reached = max((milestone for milestone in appeal.milestones if milestone <= appeal.actions), default=0)
    # A signature that was taken back must not bring a smaller milestone round after a greater one.
    return f"{MILESTONE}{reached}" if reached and reached >= _greatest(appeal.id) else ""


def _greatest(appeal_id: uuid.UUID) -> int:
    written = db.session.scalars(select(PetitionDelivery.reason).where(PetitionDelivery.appeal_id == appeal_id, PetitionDelivery.reason != CLOSING))
    return max((int(reason.removeprefix(MILESTONE)) for reason in written), default=0)


def _write_down(appeal: Appeal, authority_id: uuid.UUID, reason: str, *, now: datetime) -> int:
    fresh = new_id()
    row = {
        "id": fresh,
        "appeal_id": appeal.id,
        "authority_id": authority_id,
        "reason": reason,
        "state": "ready",
        "message_id": fresh.hex,
        "attempts": 0,
        "created_at": now,
    }
    insert = postgresql.insert if db.session.get_bind().dialect.name == "postgresql" else sqlite.insert
    written = insert(PetitionDelivery).values(**row).on_conflict_do_nothing(index_elements=["appeal_id", "authority_id", "reason"])
    return len(db.session.execute(written.returning(PetitionDelivery.id)).all())


def deliver(post: Post, desk: Desk, *, limit: int = 20) -> int:
    """Send what is written down, the oldest first. Commits around each one, as its safety needs. Returns how many the server took."""
    now = desk.now()
    due = select(PetitionDelivery.id).where(PetitionDelivery.state == "ready", _due(now)).order_by(PetitionDelivery.created_at, PetitionDelivery.id)
    ids = db.session.scalars(due.limit(limit)).all()
    db.session.commit()
    sent = 0
    for delivery_id in ids:
        try:
            state = _deliver_one(post, desk, delivery_id)
        except ServerAway as fault:
            log.warning("mail server away", kind=str(fault))
            break
        sent += state == "sent"
        if state == "unknown":  # a server that swallowed one gets no other one now
            break
    return sent


def _due(now: datetime) -> ColumnElement[bool]:
    return or_(PetitionDelivery.next_attempt_at.is_(None), PetitionDelivery.next_attempt_at <= now)


def _deliver_one(post: Post, desk: Desk, delivery_id: uuid.UUID) -> str:
    # The book takes seconds: it is made before the claim, so that the claim is short, and while only reading, so that nobody waits.
    with reading():
        delivery = db.session.get_one(PetitionDelivery, delivery_id, populate_existing=True)
        mailbox = mailbox_for(delivery.authority, now=desk.now())
        if mailbox is None or not may_leave(delivery.appeal):
            db.session.rollback()
            return "ready"
        mailbox_id, address = mailbox.id, mailbox.address
        made = _made(delivery, address, desk)
        db.session.rollback()
    post.open()
    room = Room(mailbox_id, at_once=1)
    if not _claim(delivery_id, room, now=desk.now()):
        return "ready"
    if made is None or len(made.message) > LARGEST:
        words = "too large for e-mail: hand it over on paper" if made else "the book of names cannot be printed"
        return _settle(delivery_id, mailbox_id, Answer("refused", words), None, now=desk.now())
    if not _may_still_leave(delivery_id, mailbox_id, now=desk.now()):
        return _put_back(delivery_id, None)
    try:
        answer = post.send(made.message, sender=alias(RETURN, delivery_id, domain=desk.sender.domain), recipients=[address])
    except ServerAway:
        _put_back(delivery_id, desk.now() + later(1))
        raise
    return _settle(delivery_id, mailbox_id, answer, made.signatures, now=desk.now())


def _made(delivery: PetitionDelivery, address: str, desk: Desk) -> Handover | None:
    try:
        return hand_over_petition(delivery, address=address, sender=desk.sender, languages=desk.languages, mark=desk.mark)
    except (MissingGlyph, TypesettingStopped, ValueError) as fault:  # a person is told, and the petitions behind it go their way
        log.warning("a book of names cannot be made", delivery=str(delivery.id), kind=type(fault).__name__)
        return None


def _claim(delivery_id: uuid.UUID, room: Room, *, now: datetime) -> bool:
    if not room.take(db.session.connection(), now=now):
        db.session.commit()
        return False
    claim = update(PetitionDelivery).where(PetitionDelivery.id == delivery_id, deliveries_before("sending", "ready"), _due(now))
    claimed = db.session.execute(
        claim.values(state="sending", claimed_at=now, attempts=PetitionDelivery.attempts + 1).returning(PetitionDelivery.id), execution_options=_AS_IS
    ).first()
    if claimed is None:
        room.left += 1
        room.give_back(db.session.connection())
    db.session.commit()
    return claimed is not None


def _may_still_leave(delivery_id: uuid.UUID, mailbox_id: uuid.UUID, *, now: datetime) -> bool:
    asked = (
        select(PetitionDelivery.id)
        .join(Appeal, Appeal.id == PetitionDelivery.appeal_id)
        .join(Case, Case.id == Appeal.case_id)
        .join(Mailbox, Mailbox.authority_id == PetitionDelivery.authority_id)
        .where(PetitionDelivery.id == delivery_id, PetitionDelivery.state == "sending", Mailbox.id == mailbox_id, leaving(), mailbox_open(now))
    )
    with reading():
        may = db.session.execute(asked).first() is not None
        db.session.rollback()
    return may


def _put_back(delivery_id: uuid.UUID, next_attempt_at: datetime | None) -> str:
    back = update(PetitionDelivery).where(PetitionDelivery.id == delivery_id, deliveries_before("ready", "sending"))
    db.session.execute(back.values(state="ready", claimed_at=None, next_attempt_at=next_attempt_at), execution_options=_AS_IS)
    db.session.commit()
    return "ready"


def _settle(delivery_id: uuid.UUID, mailbox_id: uuid.UUID, answer: Answer, signatures: int | None, *, now: datetime) -> str:
    state = {"sent": "sent", "later": "ready", "refused": "failed", "unknown": "unknown"}[answer.outcome]
    values: dict[str, object] = {"state": state, "answer": answer.words, "signatures": signatures}
    if state == "ready":
        values["next_attempt_at"] = now + later(db.session.get_one(PetitionDelivery, delivery_id, populate_existing=True).attempts)
    if state == "sent":
        values["sent_at"] = now
    if state == "unknown":
        rest(mailbox_id, now=now)
    settled = update(PetitionDelivery).where(PetitionDelivery.id == delivery_id, deliveries_before(state, "sending"))
    db.session.execute(settled.values(**values), execution_options=_AS_IS)
    db.session.commit()
    if state != "sent":
        log.warning("petition not delivered", delivery=str(delivery_id), outcome=answer.outcome)
    return state
