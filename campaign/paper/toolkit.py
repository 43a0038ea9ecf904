"""Sheets for an evening of letters: a card of the person, how to do it, sample letters, addresses, codes; knows no drive and no case."""

from dataclasses import dataclass
from typing import Any

from campaign.paper.typeset import language, one_line, paragraphs, pdf


@dataclass(frozen=True)
class Code:
    """A square that a phone reads: drawn by the caller as SVG, with what it leads to."""

    drawing: str
    title: str
    address: str
    note: str
    spoken: str  # what a reader's programme says of the drawing


@dataclass(frozen=True)
class Event:
    """A dated line of what happened; `language` is its words'."""

    day: str
    text: str
    source: str
    language: str


@dataclass(frozen=True)
class CardSheet:
    """Who it is, what happened, what is asked. `cloth` is a drawing as SVG."""

    cloth: str
    name: str
    native: str
    native_language: str
    rows: tuple[tuple[str, str], ...]
    asks_title: str
    asks: str
    events_title: str
    events: tuple[Event, ...]
    code: Code


@dataclass(frozen=True)
class StepsSheet:
    """How something is done: sections of steps."""

    title: str
    lead: str
    sections: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True)
class SampleSheet:
    """A letter to start from. `rules`: what it must not say; `signing` stands where the writer signs."""

    title: str
    lead: str
    address: tuple[str, ...]
    salutation: str
    body: str
    closing: str
    signing: str
    rules_title: str
    rules: tuple[str, ...]
    language: str


@dataclass(frozen=True)
class AddressSheet:
    """Where letters go: a title, the lines of the envelope and a note for each."""

    title: str
    lead: str
    places: tuple[tuple[str, tuple[str, ...], str], ...]


@dataclass(frozen=True)
class CodesSheet:
    """Codes to hang up or to lay on a table."""

    title: str
    lead: str
    codes: tuple[Code, ...]


Sheet = CardSheet | StepsSheet | SampleSheet | AddressSheet | CodesSheet
KINDS = {CardSheet: "card", StepsSheet: "steps", SampleSheet: "sample", AddressSheet: "addresses", CodesSheet: "codes"}


@dataclass(frozen=True)
class Toolkit:
    """Everything the file says, composed and translated by the caller; `page` is a pattern with {n} and {m}."""

    title: str
    language: str
    facts_line: str
    page: str
    sheets: tuple[Sheet, ...]
    mark: str = ""


def toolkit_pdf(kit: Toolkit) -> bytes:
    """The sheets as one PDF, each beginning a page. Raises MissingGlyph."""
    lang, region = language(kit.language)
    return pdf(
        "toolkit.typ",
        {
            "title": one_line(kit.title),
            "lang": lang,
            "region": region,
            "facts_line": one_line(kit.facts_line),
            "page": one_line(kit.page),
            "mark": one_line(kit.mark),
            "sheets": [{"kind": KINDS[type(sheet)], **_plain(sheet)} for sheet in kit.sheets],
        },
    )


def _plain(value: Any) -> dict[str, Any]:
    """A sheet as plain data: drawings as they are, a body in paragraphs, all else on one line."""
    return {name: _said(name, one) for name, one in vars(value).items()}


def _said(name: str, value: Any) -> Any:
    if name in ("cloth", "drawing"):
        return value
    if name == "body":
        return paragraphs(value)
    if name in ("language", "native_language"):
        return language(value)[0]
    if isinstance(value, str):
        return one_line(value)
    if isinstance(value, tuple):
        return [_said("", one) for one in value]
    return _plain(value)
