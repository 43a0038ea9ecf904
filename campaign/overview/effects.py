"""What a transition would do: asked of the database when its page is opened, and again when the button is pressed."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field

from sqlalchemy import Select, func, select

from campaign.db import db
from campaign.dispatch.models import Batch, BatchItem, PetitionDelivery
from campaign.letters.models import Letter
from campaign.petitions.models import Signature
from campaign.printing.models import BundleBatch

OURS = ("queued", "sealed", "printed", "stopped", "failed")
"""The states of a letter that we carry, and that has not left."""
BEYOND_RECALL = ("sending", "unknown")
WITH_VOLUNTEERS = ("taken", "printed")


@dataclass(frozen=True)
class Effects:
    """What is under way for some appeals, exactly: this is one of the few places where rows are counted, since somebody is about to decide by the number."""

    letters: int = 0  # confirmed, and not left
    unconfirmed: int = 0
    with_writers: int = 0
    beyond_recall: int = 0  # handed to a mail server at this moment, or of unknown fate
    batches: int = 0  # with volunteers
    bundles: int = 0
    signatures: int = 0  # not confirmed yet
    deliveries: int = 0  # of petitions, not handed over yet
    appeals: tuple[uuid.UUID, ...] = field(default=(), repr=False)

    def said(self) -> dict[str, int]:
        """The numbers that are not nought, for the trail."""
        return {name: value for name, value in asdict(self).items() if name != "appeals" and value}


def effects(appeals: Sequence[uuid.UUID]) -> Effects:
    """What is under way for these appeals at this moment."""
    letters = _letters(appeals)
    batches, bundles = _with_volunteers(appeals)
    return Effects(
        letters=sum(letters[state] for state in OURS),
        unconfirmed=letters["pending"],
        with_writers=letters["with_writer"],
        beyond_recall=sum(letters[state] for state in BEYOND_RECALL),
        batches=batches,
        bundles=bundles,
        signatures=_rows(select(func.count()).where(Signature.appeal_id.in_(appeals), Signature.state == "pending", Signature.confirmed_at.is_(None))),
        deliveries=_rows(select(func.count()).where(PetitionDelivery.appeal_id.in_(appeals), PetitionDelivery.state.in_(("ready", "failed")))),
        appeals=tuple(appeals),
    )


def _letters(appeals: Sequence[uuid.UUID]) -> dict[str, int]:
    # In the words of the index of what has not left: the millions that did are not looked at.
    not_left = Letter.state.not_in(("sent", "posted", "withdrawn"))
    rows = db.session.execute(select(Letter.state, func.count()).where(Letter.appeal_id.in_(appeals), not_left).group_by(Letter.state))
    return defaultdict(int, ((state, count) for state, count in rows))


def _with_volunteers(appeals: Sequence[uuid.UUID]) -> tuple[int, int]:
    query = (
        select(func.count(Batch.id.distinct()), func.count(BundleBatch.bundle_id.distinct()))
        .join(BatchItem, BatchItem.batch_id == Batch.id)
        .join(Letter, Letter.id == BatchItem.letter_id)
        .outerjoin(BundleBatch, BundleBatch.batch_id == Batch.id)
        .where(Letter.appeal_id.in_(appeals), Letter.state.in_(("sealed", "printed", "stopped")), Letter.channel == "print")
        .where(BatchItem.state.in_(("ready", "stopped")), Batch.state.in_(WITH_VOLUNTEERS))
    )
    batches, bundles = db.session.execute(query).one()
    return batches, bundles


def _rows(query: Select[int]) -> int:
    return int(db.session.scalar(query) or 0)
