"""An office's address is another one: what was printed under the old one is kept back, and what was set is set anew."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from campaign.authorities.editing import HOLD, when_moved
from campaign.authorities.models import Authority
from campaign.db import db
from campaign.dispatch import paper as dispatch
from campaign.dispatch.models import Batch, BatchItem
from campaign.printing.models import Bundle, BundleBatch, PrintFile
from campaign.printing.steps import make_again

MOST = 50
"""Batches of one channel that are listed; an office with more of them is busy, and the list says that there are more."""


@dataclass(frozen=True)
class Way:
    """A batch that has not left: how many letters, whether some of them have, and the bundle it is in where a volunteer has it."""

    number: int
    letters: int
    begun: bool
    bundle_id: uuid.UUID | None = None


@dataclass(frozen=True)
class UnderWay:
    """What holds letters to one office and has not left. `taken` is not printed yet; `printed` are sheets in somebody's hands."""

    email: list[Way]
    taken: list[Way]
    printed: list[Way]

    def __bool__(self) -> bool:
        return bool(self.email or self.taken or self.printed)


def under_way(authority: Authority) -> UnderWay:
    """The batches to an office that have not left."""
    query = select(Batch).where(Batch.authority_id == authority.id, Batch.channel == "email", Batch.state.in_(("ready", "sending"))).order_by(Batch.number)
    email = [Way(batch.number, batch.size, batch.state == "sending") for batch in db.session.scalars(query.limit(MOST)).unique()]
    paper = [
        (batch.state, Way(batch.number, batch.size, batch.state == "printed", bundle_id))
        for batch, bundle_id in db.session.execute(_on_paper(authority).order_by(Batch.number).limit(MOST)).unique()
    ]
    return UnderWay(email, [way for state, way in paper if state == "taken"], [way for state, way in paper if state == "printed"])


def recall(authority: Authority, sheets: str, now: datetime) -> None:
    """Set anew what is not printed. What is printed stays with its volunteer, stopped, until it is torn up and returned; or may go, where that was decided.

    The bundles are locked: somebody may be downloading or posting at this moment.
    """
    found = db.session.execute(_on_paper(authority)).unique().all()
    bundles = [bundle_id for _batch, bundle_id in found]
    locked = select(Bundle).where(Bundle.id.in_(bundles)).order_by(Bundle.id).with_for_update(of=Bundle)
    db.session.scalars(locked, execution_options={"populate_existing": True}).all()
    for batch, _bundle_id in found:
        db.session.refresh(batch)
        for file in db.session.scalars(select(PrintFile).where(PrintFile.batch_id == batch.id, PrintFile.state != "deleted")):
            make_again(file)
        if batch.state == "printed" and sheets == HOLD:
            for item in db.session.scalars(select(BatchItem).where(BatchItem.batch_id == batch.id, BatchItem.state == "ready")).all():
                dispatch.stop_item(item, now=now)
    db.session.flush()


def _on_paper(authority: Authority):  # type: ignore[no-untyped-def]  # a Select of a batch and its bundle's id
    return (
        select(Batch, BundleBatch.bundle_id)
        .join(BundleBatch, BundleBatch.batch_id == Batch.id)
        .where(Batch.authority_id == authority.id, Batch.channel == "print", Batch.state.in_(("taken", "printed")))
    )


when_moved(recall)
