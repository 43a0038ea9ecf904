"""What is in a bundle and in a file, and which of it must not leave."""

import uuid
from collections.abc import Iterable

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload, lazyload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from campaign.appeals.models import Appeal
from campaign.appeals.owner import OWNER
from campaign.authorities.models import Authority
from campaign.cases.models import Case
from campaign.db import db
from campaign.dispatch.may_leave import leaving_on_paper
from campaign.dispatch.models import Batch, BatchItem
from campaign.letters.models import Letter
from campaign.organisers import belonging
from campaign.organisers.models import Account
from campaign.printing.models import Bundle, BundleBatch, PrintFile

# Without its appeal and office in each row: they are the same for nearly all, and loaded once.
_WITH_LETTER = joinedload(BatchItem.letter).options(lazyload(Letter.appeal), lazyload(Letter.authority))


def batches_of(bundle: Bundle) -> list[Batch]:
    """The batches of a bundle with their letters, as the database has them now."""
    query = (
        select(Batch)
        .join(BundleBatch, BundleBatch.batch_id == Batch.id)
        .where(BundleBatch.bundle_id == bundle.id)
        .options(selectinload(Batch.items).joinedload(BatchItem.letter))
        .order_by(Batch.number)
    )
    return list(db.session.scalars(query, execution_options={"populate_existing": True}))


def file_items(file: PrintFile) -> list[BatchItem]:
    """The letters of a file that are still in it, in the order of their sheets."""
    query = select(BatchItem).where(BatchItem.batch_id == file.batch_id, BatchItem.position.between(file.first, file.last)).order_by(BatchItem.position)
    items = db.session.scalars(query.options(_WITH_LETTER), execution_options={"populate_existing": True}).all()
    _share([item.letter for item in items])
    return open_items(items)


def _share(letters: Iterable[Letter]) -> None:
    # Each appeal and office is looked up for one letter, and handed to all others: a look-up of its own costs half as much as reading the letter.
    appeals: dict[uuid.UUID, Appeal] = {}
    offices: dict[uuid.UUID | None, Authority | None] = {}
    for letter in letters:
        set_committed_value(letter, "appeal", appeals.get(letter.appeal_id) or appeals.setdefault(letter.appeal_id, letter.appeal))
        set_committed_value(letter, "authority", offices.get(letter.authority_id) or offices.setdefault(letter.authority_id, letter.authority))


def open_items(items: Iterable[BatchItem]) -> list[BatchItem]:
    """Those that were neither posted nor returned."""
    return [item for item in items if item.state in ("ready", "stopped")]


def stopped_items(items: Iterable[BatchItem]) -> list[BatchItem]:
    """Those that must not be posted: stopped, or for a case or appeal that is paused, or to an address nobody vouches for."""
    waiting = open_items(items)
    _may, may_not = leaving_on_paper(waiting)
    kept_back = {item.id for item in may_not}
    return [item for item in waiting if item.state == "stopped" or item.id in kept_back]


def theirs(account: Account) -> ColumnElement[bool]:
    """A condition on Bundle: they took it, or no letter in it is for an appeal of an organisation that is not theirs."""
    letters = select(BundleBatch.bundle_id).join(BatchItem, BatchItem.batch_id == BundleBatch.batch_id).join(Letter, Letter.id == BatchItem.letter_id)
    appeals = letters.join(Appeal, Appeal.id == Letter.appeal_id).join(Case, Case.id == Appeal.case_id).where(BundleBatch.bundle_id == Bundle.id)
    return or_(Bundle.volunteer_id == account.id, ~appeals.where(~belonging.condition(account, OWNER)).exists())
