"""Whether a letter can be taken as it is: something written, on one page, in characters that its way can carry."""

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache

from campaign.letters.sheet import Draft, sheet_of
from campaign.letters.words import has_letters
from campaign.paper import AddressDoesNotFit, LetterSheet, MissingGlyph, Room, room

__all__ = ["AddressDoesNotFit", "LetterEmpty", "LetterTooLong", "Unprintable", "check_fits", "outline_room", "printed_room", "room_for"]


class LetterEmpty(Exception):
    """Nothing was written."""


class LetterTooLong(Exception):
    """The letter takes more than one page; `lines` is how many are too many."""

    def __init__(self, lines: int) -> None:
        super().__init__(f"{lines} lines too many")
        self.lines = lines


class Unprintable(Exception):
    """No font here prints `character`: such a letter can go by e-mail only."""

    def __init__(self, character: str) -> None:
        super().__init__(f"U+{ord(character[0]):04X}")
        self.character = character


def room_for(draft: Draft, *, channel: str, posted_from: str, mark: str, today: date) -> Room:
    """How the letter fits its page. Raises Unprintable and AddressDoesNotFit for paper; a mail's other characters count as wide letters."""
    sheet = sheet_of(draft, posted_from=posted_from, mark=mark, today=today)
    if channel != "email":
        return printed_room(sheet)
    sheet = replace(sheet, address=("m",))  # no envelope, no window
    for keep in (None, "[^\u0000-\u04ff\u2000-\u206f]", "[^\u0000-\u007f]"):
        try:
            return room(sheet if keep is None else _with_wide_letters(sheet, keep))
        except MissingGlyph:
            continue
    raise AssertionError("plain letters are in every font")


def printed_room(sheet: LetterSheet) -> Room:
    """How a sheet fits its page. Raises Unprintable and AddressDoesNotFit."""
    try:
        return room(sheet)
    except MissingGlyph as missing:
        raise Unprintable(missing.character) from None


@lru_cache(maxsize=256)
def outline_room(sheet: LetterSheet) -> Room:
    """The same for an appeal's own outline, which is measured once: only for words that nobody typed."""
    return printed_room(sheet)


def check_fits(draft: Draft, *, channel: str, posted_from: str, mark: str, today: date) -> Room:
    """The room that is left. Raises LetterEmpty, LetterTooLong, Unprintable and AddressDoesNotFit."""
    if not has_letters(draft.body):
        raise LetterEmpty
    left = room_for(draft, channel=channel, posted_from=posted_from, mark=mark, today=today)
    if left.lines_left < 0:
        raise LetterTooLong(-left.lines_left)
    return left


def _with_wide_letters(sheet: LetterSheet, others: str) -> LetterSheet:
    wide = re.compile(others)

    def plain(text: str) -> str:
        return wide.sub("m", text)

    return replace(
        sheet,
        date_line=plain(sheet.date_line),
        salutation=plain(sheet.salutation),
        body=plain(sheet.body),
        closing=plain(sheet.closing),
        signature=plain(sheet.signature),
        facts_line=plain(sheet.facts_line),
    )
