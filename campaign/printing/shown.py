"""A bundle as its page shows it. Letters are known by their codes: no name, no address, no word of a supporter."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from campaign.authorities.service import office
from campaign.dispatch.models import Batch
from campaign.printing.contents import batches_of, open_items, stopped_items
from campaign.printing.models import Bundle, PrintFile
from campaign.text import _

SLOW_AFTER = 2
"""Attempts after which the page says that it takes longer than usual."""


@dataclass(frozen=True)
class Sheet:
    """One letter. `state`: `in`, `stopped`, `returned` or `posted`."""

    id: uuid.UUID
    code: str
    state: str


@dataclass(frozen=True)
class File:
    """One PDF. `state`: `waiting`, `slow`, `ready`, `printed` or `deleted`."""

    id: uuid.UUID
    number: int
    state: str


@dataclass(frozen=True)
class Pile:
    """One batch on the page: where it goes, its files and its sheets."""

    id: uuid.UUID
    number: int
    office: str | None
    country: str | None
    cloth: str
    state: str
    sheets: list[Sheet]
    files: list[File]

    @property
    def left(self) -> list[Sheet]:
        """The sheets that were neither posted nor returned."""
        return [sheet for sheet in self.sheets if sheet.state in ("in", "stopped")]


@dataclass(frozen=True)
class Shown:
    """A bundle. `stroke`: the next of the three, `take` (being made), `print`, `posted`; or how it ended."""

    id: uuid.UUID
    stroke: str
    size: int
    country: str
    lease_until: datetime
    days_left: int
    ended_at: datetime | None
    kept_until: datetime | None
    piles: list[Pile]

    @property
    def letters(self) -> int:
        """How many letters are left in it."""
        return sum(len(pile.left) for pile in self.piles)

    @property
    def sealed(self) -> int:
        """How many were in it when it was taken."""
        return sum(len(pile.sheets) for pile in self.piles)

    @property
    def posted(self) -> int:
        """How many were posted."""
        return sum(sheet.state == "posted" for pile in self.piles for sheet in pile.sheets)

    @property
    def stopped(self) -> list[str]:
        """The codes of sheets that must not be posted."""
        return [sheet.code for pile in self.piles for sheet in pile.sheets if sheet.state == "stopped"]

    @property
    def not_printed(self) -> list[int]:
        """The numbers of batches of which nothing was downloaded yet."""
        return [pile.number for pile in self.piles if pile.state == "taken"]

    def returned(self, asked: str) -> str:
        """What the button pressed before gave back, `stopped` or the id of a batch or a sheet; "" where it is not so: a link alone says nothing."""
        for pile in self.piles:
            if str(pile.id) == asked and pile.state == "returned":
                return _("Batch %(number)s went back to the pool. If you have printed it, tear it up: each letter would arrive twice.", number=pile.number)
            for sheet in pile.sheets:
                if str(sheet.id) == asked and sheet.state == "returned":
                    return _("Sheet %(code)s went back to the pool. If you have printed it, tear it up: it would arrive twice.", code=sheet.code)
        if asked == "stopped" and not self.stopped and any(sheet.state == "returned" for pile in self.piles for sheet in pile.sheets):
            return _("The stopped letters went back to the pool. Tear up their sheets: they wait there until they may leave.")
        return ""

    @property
    def being_made(self) -> bool:
        """Whether the worker is still busy with it: the page then asks again by itself."""
        return self.stroke == "asked" or any(file.state in ("waiting", "slow") for pile in self.piles for file in pile.files)


def bundle_shown(bundle: Bundle, *, now: datetime) -> Shown:
    """Everything the page of a bundle says."""
    batches = batches_of(bundle)
    stopped = {item.id for item in stopped_items(item for batch in batches for item in batch.items)}
    piles = [_pile(batch, [file for file in bundle.files if file.batch_id == batch.id], stopped) for batch in batches]
    return Shown(
        id=bundle.id,
        stroke=bundle.state,
        size=bundle.size,
        country=bundle.country,
        lease_until=bundle.lease_until,
        days_left=max(ceil((bundle.lease_until - now) / timedelta(days=1)), 0),
        ended_at=bundle.ended_at,
        kept_until=max((file.delete_after for file in bundle.files if file.delete_after is not None), default=None),
        piles=piles,
    )


def _pile(batch: Batch, files: list[PrintFile], stopped: set[uuid.UUID]) -> Pile:
    still = {item.id for item in open_items(batch.items)}
    cases = {item.letter.appeal.case.slug for item in batch.items}
    return Pile(
        id=batch.id,
        number=batch.number,
        office=office(batch.authority) if batch.authority is not None else None,
        country=batch.authority.country if batch.authority is not None else None,
        # Piles are told apart by a strip of cloth: the case's where all letters are about one, else the office's own.
        cloth=next(iter(cases)) if len(cases) == 1 else (batch.authority.key if batch.authority is not None else str(batch.number)),
        state=batch.state,
        sheets=[Sheet(item.id, item.letter.code, "stopped" if item.id in stopped else "in" if item.id in still else item.state) for item in batch.items],
        files=[File(file.id, file.number, _file_state(file, batch)) for file in files],
    )


def _file_state(file: PrintFile, batch: Batch) -> str:
    if file.state == "waiting":
        return "slow" if file.attempts > SLOW_AFTER else "waiting"
    if file.state == "rendered":
        return "printed" if batch.state in ("printed", "posted") else "ready"
    return file.state
