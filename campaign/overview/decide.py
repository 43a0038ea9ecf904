"""What an organiser decides at the desk. Two who decide at the same moment: the first one counts, the second is told by the page."""

import uuid
from datetime import datetime

from sqlalchemy import select

from campaign.appeals import service as appeals
from campaign.appeals.models import Appeal
from campaign.cases.models import Case
from campaign.db import db
from campaign.dispatch import paper, sweep
from campaign.dispatch.models import BatchItem, PetitionDelivery
from campaign.letters.models import Letter
from campaign.letters.steps import step as step_letter
from campaign.mail import service as mail
from campaign.mail.models import OutgoingMail

FOUND = ("sent", "again")
"""What a person found out: it was sent, or it was not and goes again."""


class NothingToDecide(Exception):
    """There is no such thing, or somebody else has decided."""


def letter(item_id: uuid.UUID, found: str, *, now: datetime) -> None:
    """The fate of a letter by e-mail. Raises NothingToDecide."""
    item = db.session.scalar(_locked(BatchItem, item_id))
    if item is not None and item.state == "unknown":
        sweep.resolve_unknown(item, was_sent=found == "sent", now=now)
    elif item is not None and item.state == "failed" and found == "again":
        sweep.send_again(item, now=now)
    else:
        raise NothingToDecide


def delivery(delivery_id: uuid.UUID, found: str, *, now: datetime) -> None:
    """The fate of a petition that was being handed over. Raises NothingToDecide."""
    row = db.session.scalar(_locked(PetitionDelivery, delivery_id))
    if row is None or row.state not in ("unknown", "failed") or (row.state == "failed" and found == "sent"):
        raise NothingToDecide
    sweep.resolve_delivery(row, was_sent=found == "sent", now=now)


def supporter_mail(mail_id: uuid.UUID, found: str, *, now: datetime) -> None:
    """The fate of a mail to a supporter. Raises NothingToDecide."""
    row = db.session.scalar(_locked(OutgoingMail, mail_id))
    if row is None or row.state not in ("unknown", "failed") or (row.state == "failed" and found == "sent"):
        raise NothingToDecide
    mail.step(row, "sent" if found == "sent" else "ready")
    if found == "sent":
        row.sent_at = now
    else:
        row.not_before, row.claimed_at, row.attempts = now, None, 0
    db.session.flush()


def requeue(letter_id: uuid.UUID, *, now: datetime) -> None:
    """A letter that could not be printed waits for paper again. Raises NothingToDecide."""
    row = db.session.scalar(_locked(Letter, letter_id))
    if row is None or row.state != "stopped" or row.channel != "print":
        raise NothingToDecide
    # Its place in the old batch is given up with it: a letter is in one batch at a time.
    for item in db.session.scalars(select(BatchItem).where(BatchItem.letter_id == row.id, BatchItem.state == "stopped")).all():
        paper.return_item(item, now=now)
    if row.state == "stopped":
        step_letter(row, "queued", now=now)


def move_appeal(slug: str, state: str) -> None:
    """Pause an appeal, or let it go on: from this moment nothing of it leaves, or what waits leaves again. Raises NothingToDecide."""
    appeal = db.session.scalar(select(Appeal).where(Appeal.slug == slug).with_for_update(of=Appeal).execution_options(populate_existing=True))
    if appeal is None or appeal.state == "draft":
        raise NothingToDecide
    try:
        appeals.step(appeal, state)
    except appeals.StepRefused as fault:
        raise NothingToDecide from fault


def stop_case(slug: str, *, now: datetime) -> None:
    """Stop everything about a case. Raises NothingToDecide."""
    appeals.stop_case(_case(slug), now=now)


def resume_case(slug: str) -> None:
    """Let what waits about a case go on. Raises NothingToDecide."""
    appeals.resume_case(_case(slug))


def _case(slug: str) -> Case:
    case = db.session.scalar(select(Case).where(Case.slug == slug).with_for_update().execution_options(populate_existing=True))
    if case is None:
        raise NothingToDecide
    return case


def _locked(model: type, row_id: uuid.UUID):  # type: ignore[no-untyped-def]  # a Select of whatever the model is
    return select(model).where(model.id == row_id).with_for_update(of=model).execution_options(populate_existing=True)  # type: ignore[attr-defined]  # WithId
