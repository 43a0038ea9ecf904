"""Letters opened a few at a time, while they wait in their batch: sealed words do not change any more."""

import uuid
from typing import Any

import structlog
from sqlalchemy import or_, select
from sqlalchemy.orm import Session, selectinload

from campaign.appeals.models import Appeal
from campaign.authorities.models import Authority
from campaign.db import db, reading
from campaign.dispatch.claim import Claim, DueBatch
from campaign.dispatch.message import Words
from campaign.dispatch.models import BatchItem
from campaign.letters.models import Letter
from campaign.letters.sheet import Draft, plain_text
from campaign.security.keys import SealBroken, ring

log = structlog.get_logger()
FEW = 50
"""They are in memory in the clear."""
_COLUMNS = (
    Letter.id,
    Letter.version_id,
    Letter.language,
    Letter.country,
    Letter.to_authority,
    Letter.message_id,
    Letter.subject_sealed,
    Letter.body_sealed,
    Letter.name_sealed,
)


class Frame:
    """What the letters of one appeal to one office have in common: read once, and as it was then for the minute or so that a round of sending takes."""

    def __init__(self, appeal_id: uuid.UUID, authority_id: uuid.UUID) -> None:
        self._session = Session(db.engine, expire_on_commit=False)
        with reading():
            self.authority = self._session.get_one(Authority, authority_id)
            self.appeal = self._session.get_one(Appeal, appeal_id, options=[selectinload(Appeal.targets), selectinload(Appeal.versions)])
            self.versions = {version.id: version for version in self.appeal.versions}
        self.rest()

    def rest(self) -> None:
        """Give back the connection, where something had to be read. Nothing was written."""
        self._session.commit()


class Frames:
    """The frames of one round, each made when its first letter is about to leave."""

    def __init__(self) -> None:
        self._made: dict[tuple[uuid.UUID, uuid.UUID], Frame] = {}

    def around(self, batch: DueBatch, versions: set[uuid.UUID]) -> Frame:
        """The frame of a batch with letters under these versions; made anew where one of them was published since."""
        key = (batch.appeal_id, batch.authority_id)
        if key not in self._made or not versions <= self._made[key].versions.keys():
            self._made[key] = Frame(*key)
        return self._made[key]


class ReadAhead:
    """The words of the letters that come next in one batch."""

    def __init__(self, batch: DueBatch, frames: Frames) -> None:
        self._batch, self._frames = batch, frames
        self._words: dict[uuid.UUID, Words | None] = {}

    def words(self, claim: Claim) -> Words | None:
        """The words of the claimed letter; None where they do not open."""
        if claim.letter_id not in self._words:
            self._words = self._read(claim)
        return self._words.pop(claim.letter_id, None)

    def _read(self, claim: Claim) -> dict[uuid.UUID, Words | None]:
        waiting = select(*_COLUMNS).join(BatchItem, BatchItem.letter_id == Letter.id).where(BatchItem.batch_id == self._batch.id)
        waiting = waiting.where(or_(BatchItem.id == claim.item_id, BatchItem.state == "ready")).order_by(BatchItem.position).limit(FEW)
        with reading(), db.engine.connect() as connection:
            rows = connection.execute(waiting).all()
        frame = self._frames.around(self._batch, {row.version_id for row in rows})
        with reading():
            found = {row.id: _open(row, frame) for row in rows}
        frame.rest()
        return found


def _open(row: Any, frame: Frame) -> Words | None:
    try:
        body, name = _unseal(row, "body_sealed"), _unseal(row, "name_sealed")
        draft = Draft(frame.appeal, frame.versions[row.version_id], frame.authority, row.language, body, name, row.country, row.to_authority)
        return Words(_unseal(row, "subject_sealed"), plain_text(draft), row.language, row.message_id)
    except SealBroken as fault:  # one letter that does not open must not hold up all the others; a person is told
        log.warning("a letter does not open", letter=str(row.id), kind=type(fault).__name__)
        return None


def _unseal(row: Any, column: str) -> str:
    return ring().open(getattr(row, column), place=f"{Letter.__tablename__}/{column}/{row.id}").decode()
