"""A letter on one sheet: what stands on it, whether it fits, and files of up to a hundred of them."""

import math
import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from campaign.paper.address import address_size, check_line
from campaign.paper.profiles import DIN5008_B, Profile
from campaign.paper.sheet import CoverSheet, LetterSheet, Room
from campaign.paper.typeset import (
    LONGEST_IN_COLUMN,
    MissingGlyph,
    TooLong,
    TypesettingStopped,
    language,
    measured,
    one_line,
    pages,
    paragraphs,
    pdf,
    plain,
    runs,
)

MOST_LETTERS = 100
# Far more than a page holds: longer texts are told so without being set.
MOST_CHARACTERS = 12_000
MOST_LINES = 400
# One point in mm.
PT = 25.4 / 72
# What a page holds, about; only for texts so long that nobody counts.
CHARACTERS_IN_A_LINE = 90
LINES_ON_A_PAGE = 34
# The sender's block beside the window: its lines (mm each), how many stand above the text, and what one holds at least.
INFO_LINE = 3.9
LINES_IN_INFO = 8
WIDE_LETTERS_IN_INFO = 15


def letters_pdf(
    sheets: Sequence[LetterSheet],
    *,
    profile: Profile = DIN5008_B,
    cover: CoverSheet | None = None,
    total: str | None = None,
    first: int = 1,
    counted: str = "{n} of {m}",
    title: str = "",
) -> bytes:
    """One file of letters, a page each, numbered from `first` of `total` (the number here, unless said otherwise).

    `counted` is the pattern of the number in the reader's language. Raises ValueError for none or more than a hundred
    letters, TooLong, AddressDoesNotFit and MissingGlyph for what cannot be printed as it is.
    """
    if not 1 <= len(sheets) <= MOST_LETTERS:
        raise ValueError(f"A file holds 1 to {MOST_LETTERS} letters, not {len(sheets)}")
    of = total if total is not None else str(first + len(sheets) - 1)
    numbers = [counted.replace("{n}", str(first + i)).replace("{m}", of) for i in range(len(sheets))]
    return _file(sheets, numbers, profile=profile, cover=cover, title=title)


def self_print_pdf(sheet: LetterSheet, *, profile: Profile = DIN5008_B, title: str = "") -> bytes:
    """One letter for its writer to print and post, without a number. Raises as `letters_pdf` does."""
    return _file([sheet], [""], profile=profile, cover=None, title=title)


def room(sheet: LetterSheet, *, profile: Profile = DIN5008_B) -> Room:
    """How the letter fits on one page, quick enough for a preview; an estimate where it is many pages too long.

    Raises AddressDoesNotFit and MissingGlyph.
    """
    if _hopeless(sheet.body):
        return _guessed(sheet.body)
    data = _data([sheet], [""], profile=profile, cover=None, title="") | {"trial": True}
    _set(data, [sheet])
    end = measured("letter.typ", data, "end")
    # A hair of tolerance, for what floating point makes of a text that ends exactly at the edge.
    lines = math.floor((profile.body_bottom - end["y"] + 0.01) / end["line"])
    return Room(
        pages=1 if lines >= 0 else 1 + math.ceil(-lines / LINES_ON_A_PAGE),
        lines_left=lines,
    )


def _file(
    sheets: Sequence[LetterSheet],
    numbers: Sequence[str],
    *,
    profile: Profile,
    cover: CoverSheet | None,
    title: str,
) -> bytes:
    for sheet in sheets:
        if _hopeless(sheet.body):
            raise TooLong(sheet.code)
    data = _data(sheets, numbers, profile=profile, cover=cover, title=title)
    made = _set(data, sheets)
    # Each letter begins a page, so that as many pages as letters means a page each.
    if pages(made) != len(sheets) + (1 if cover else 0):
        _set(data | {"searching": True}, sheets)
        raise TypesettingStopped("The file has other pages than letters, and no letter is too long")
    return made


def _set(data: dict[str, Any], sheets: Sequence[LetterSheet]) -> bytes:
    """Sets the sheets in one go. Raises MissingGlyph with the sheet's code, and TooLong where the data asks to search."""
    try:
        return pdf("letter.typ", data)
    except MissingGlyph as missing:
        raise MissingGlyph(missing.character, _where(missing.character, sheets)) from None
    except TypesettingStopped as stopped:
        if "too long: cover" in str(stopped):
            raise TooLong("cover") from None
        # The letters behind a long one stand on wrong pages too: the first is the one.
        late = [int(number) for number in re.findall(r"too long: sheet (\d+)\.", str(stopped))]
        if not late:
            raise
        raise TooLong(sheets[min(late)].code) from None


def _data(
    sheets: Sequence[LetterSheet],
    numbers: Sequence[str],
    *,
    profile: Profile,
    cover: CoverSheet | None,
    title: str,
) -> dict[str, Any]:
    lang, region = language(cover.language if cover else sheets[0].language)
    return {
        "profile": vars(profile),
        # The viewer's title bar: never a person's name.
        "title": one_line(title or (cover.title if cover else sheets[0].code)) or profile.code,
        "lang": lang,
        "region": region,
        "cover": _cover(cover) if cover else None,
        "first_page": 2 if cover else 1,
        "trial": False,
        "searching": False,
        "sheets": [_sheet(s, n, profile) for s, n in zip(sheets, numbers, strict=True)],
    }


def _sheet(sheet: LetterSheet, number: str, profile: Profile) -> dict[str, Any]:
    try:
        sender = [one_line(line) for line in sheet.sender if line.strip()]
        lang, region = language(sheet.language)
        return {
            **_window(sheet.address, sheet.return_line, sheet.mark, profile),
            "sender": [runs(line, LONGEST_IN_COLUMN) for line in sender],
            "date_line": one_line(sheet.date_line),
            "salutation": one_line(sheet.salutation),
            "paragraphs": paragraphs(sheet.body),
            "closing": one_line(sheet.closing),
            "signature": runs(plain(sheet.signature).strip()),
            "facts_line": one_line(sheet.facts_line),
            "below": one_line(f"{sheet.code}\u2002·\u2002{number}" if number else sheet.code),
            "pushed": _pushed(sender),
            "lang": lang,
            "region": region,
        }
    except MissingGlyph as missing:
        raise MissingGlyph(missing.character, sheet.code) from None


@lru_cache(maxsize=512)
def _window(address: tuple[str, ...], return_line: str, mark: str, profile: Profile) -> dict[str, Any]:
    """What shows in the envelope's window, and the mark. Kept: a batch has one office for all its letters, and nothing of a writer is in it."""
    lines = tuple(one_line(line) for line in address)
    size = address_size(lines, profile)
    check_line(one_line(return_line), profile)
    check_line(one_line(mark), profile)
    return {
        "address": lines,
        "address_size": size,
        "address_pitch": min(size * 1.2 * PT, (profile.address_bottom - profile.address_top) / len(lines)),
        "return_line": one_line(return_line),
        "mark": one_line(mark),
    }


def _cover(cover: CoverSheet) -> dict[str, Any]:
    lang, region = language(cover.language)
    return {
        "title": one_line(cover.title),
        "lead": one_line(cover.lead),
        "steps": [one_line(step) for step in cover.steps],
        "rows": [[one_line(label), one_line(value)] for label, value in cover.rows],
        "checklist": [one_line(item) for item in cover.checklist],
        "mark": one_line(cover.mark),
        "lang": lang,
        "region": region,
    }


def _pushed(sender: Sequence[str]) -> float:
    """How far in mm a long sender pushes the text down, reckoned with the widest letters there are."""
    lines = sum(math.ceil(len(line) / WIDE_LETTERS_IN_INFO) for line in sender)
    return max(0, lines - LINES_IN_INFO) * INFO_LINE


def _hopeless(body: str) -> bool:
    return len(body) > MOST_CHARACTERS or body.count("\n") > MOST_LINES


def _guessed(body: str) -> Room:
    lines = max(len(body) // CHARACTERS_IN_A_LINE, body.count("\n"))
    return Room(pages=1 + lines // LINES_ON_A_PAGE, lines_left=LINES_ON_A_PAGE - lines)


def _where(character: str, sheets: Sequence[LetterSheet]) -> str:
    """The code of the first sheet on which the character stands; empty where it is the cover's."""
    for sheet in sheets:
        texts = (
            sheet.body,
            sheet.signature,
            *sheet.sender,
            sheet.salutation,
            *sheet.address,
            sheet.return_line,
        )
        if any(
            character in text
            for text in (
                *texts,
                sheet.closing,
                sheet.date_line,
                sheet.facts_line,
                sheet.code,
            )
        ):
            return sheet.code
    return ""
