"""What an organiser decides at the desk about what is theirs, each decision in the trail. Of two at the same moment the first counts, the second is told by the page."""

import uuid
from datetime import datetime

from sqlalchemy import select

from campaign.appeals.owner import owner
from campaign.audit import service as audit
from campaign.db import db
from campaign.dispatch import paper, sweep
from campaign.dispatch.models import BatchItem, PetitionDelivery
from campaign.letters.models import Letter
from campaign.letters.steps import step as step_letter
from campaign.mail import service as mail
from campaign.mail.models import OutgoingMail
from campaign.organisers import belonging
from campaign.organisers.models import Account

FOUND = ("sent", "again")
"""What a person found out: it was sent, or it was not and goes again."""


class NothingToDecide(Exception):
    """There is no such thing, or somebody else has decided."""


def letter(item_id: uuid.UUID, found: str, *, by: Account, now: datetime) -> None:
    """The fate of a letter by e-mail. Raises NothingToDecide and NotTheirs."""
    item = db.session.scalar(_locked(BatchItem, item_id))
    if item is not None:
        belonging.check(by, owner(item.letter.appeal))
    if item is not None and item.state == "unknown":
        sweep.resolve_unknown(item, was_sent=found == "sent", now=now)
    elif item is not None and item.state == "failed" and found == "again":
        sweep.send_again(item, now=now)
    else:
        raise NothingToDecide
    audit.record(by=by.id, action="letter.decided", of=item.letter_id, now=now, details={"found": found})


def delivery(delivery_id: uuid.UUID, found: str, *, by: Account, now: datetime) -> None:
    """The fate of a petition that was being handed over. Raises NothingToDecide and NotTheirs."""
    row = db.session.scalar(_locked(PetitionDelivery, delivery_id))
    if row is not None:
        belonging.check(by, owner(row.appeal))
    if row is None or row.state not in ("unknown", "failed") or (row.state == "failed" and found == "sent"):
        raise NothingToDecide
    sweep.resolve_delivery(row, was_sent=found == "sent", now=now)
    audit.record(by=by.id, action="delivery.decided", of=row.id, now=now, details={"found": found})


def supporter_mail(mail_id: uuid.UUID, found: str, *, by: Account, now: datetime) -> None:
    """The fate of a mail to a supporter: it is the site's, and names no appeal. Raises NothingToDecide."""
    row = db.session.scalar(_locked(OutgoingMail, mail_id))
    if row is None or row.state not in ("unknown", "failed") or (row.state == "failed" and found == "sent"):
        raise NothingToDecide
    mail.step(row, "sent" if found == "sent" else "ready")
    if found == "sent":
        row.sent_at = now
    else:
        row.not_before, row.claimed_at, row.attempts = now, None, 0
    audit.record(by=by.id, action="mail.decided", of=row.id, now=now, details={"found": found})
    db.session.flush()


def requeue(letter_id: uuid.UUID, *, by: Account, now: datetime) -> None:
    """A letter that could not be printed waits for paper again. Raises NothingToDecide and NotTheirs."""
    row = db.session.scalar(_locked(Letter, letter_id))
    if row is not None:
        belonging.check(by, owner(row.appeal))
    if row is None or row.state != "stopped" or row.channel != "print":
        raise NothingToDecide
    # Its place in the old batch is given up with it: a letter is in one batch at a time.
    for item in db.session.scalars(select(BatchItem).where(BatchItem.letter_id == row.id, BatchItem.state == "stopped")).all():
        paper.return_item(item, now=now)
    if row.state == "stopped":
        step_letter(row, "queued", now=now)
    audit.record(by=by.id, action="letter.requeued", of=row.id, now=now)


def _locked(model: type, row_id: uuid.UUID):  # type: ignore[no-untyped-def]  # a Select of whatever the model is
    return select(model).where(model.id == row_id).with_for_update(of=model).execution_options(populate_existing=True)  # type: ignore[attr-defined]  # WithId
