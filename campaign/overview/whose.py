"""Whose things a page of the desk lists: conditions for the queries behind it."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import InstrumentedAttribute

from campaign.appeals.models import Appeal
from campaign.appeals.owner import OWNER
from campaign.cases.models import Case
from campaign.dispatch.models import Batch, BatchItem
from campaign.letters.models import Letter
from campaign.organisers import belonging
from campaign.organisers.models import Account
from campaign.printing.contents import theirs


@dataclass(frozen=True)
class Whose:
    """What this account works on; without one, everything there is."""

    account: Account | None = None

    def of(self, organisation: InstrumentedAttribute[Any] | ColumnElement[Any]) -> ColumnElement[bool]:
        """On rows that belong to this organisation."""
        return true() if self.account is None else belonging.condition(self.account, organisation)

    def cases(self) -> ColumnElement[bool]:
        """On Case."""
        return self.of(Case.organisation_id)

    def appeals(self, appeal_id: InstrumentedAttribute[uuid.UUID]) -> ColumnElement[bool]:
        """On rows that are about one appeal: a letter, a delivery."""
        if self.sees_all:
            return true()
        return select(Appeal.id).join(Case, Case.id == Appeal.case_id).where(Appeal.id == appeal_id, self.of(OWNER)).exists()

    def batches(self) -> ColumnElement[bool]:
        """On Batch: those in which at least one letter is for an appeal of theirs."""
        if self.sees_all:
            return true()
        letters = select(BatchItem.id).join(Letter, Letter.id == BatchItem.letter_id).where(BatchItem.batch_id == Batch.id)
        return letters.where(self.appeals(Letter.appeal_id)).exists()

    def bundles(self) -> ColumnElement[bool]:
        """On Bundle: those they may open."""
        return true() if self.account is None else theirs(self.account)

    @property
    def sees_all(self) -> bool:
        return self.account is None or belonging.own(self.account) is None
