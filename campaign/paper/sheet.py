"""What stands on a sheet, word for word: the caller has composed and translated every line."""

from dataclasses import dataclass


@dataclass(frozen=True)
class LetterSheet:
    """What is printed on one sheet, word for word; the caller has composed and translated every line."""

    code: str
    address: tuple[str, ...]
    return_line: str
    sender: tuple[str, ...]
    date_line: str
    salutation: str
    body: str
    closing: str
    signature: str
    facts_line: str
    language: str
    mark: str = ""


@dataclass(frozen=True)
class CoverSheet:
    """The page in front of a file of letters: what is in it, what to do with it, and boxes to tick."""

    title: str
    lead: str = ""
    steps: tuple[str, ...] = ()
    rows: tuple[tuple[str, str], ...] = ()
    checklist: tuple[str, ...] = ()
    mark: str = ""
    language: str = "en"


@dataclass(frozen=True)
class Room:
    """How a letter fits its page: pages it would take, and lines left (below nought: lines too many)."""

    pages: int
    lines_left: int
