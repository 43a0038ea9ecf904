"""A petition's book: its text, to whom it goes, how many signed, and the names as each signer allowed."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from campaign.paper.typeset import (
    LONGEST_IN_COLUMN,
    language,
    one_line,
    paragraphs,
    pdf,
    runs,
)


@dataclass(frozen=True)
class NameLine:
    """One signer as the authority may see them, composed by the caller; the comment may be empty."""

    shown: str
    comment: str = ""


@dataclass(frozen=True)
class NamesBook:
    """Everything the book says, composed and translated by the caller; `page` is a pattern with {n} and {m}."""

    title: str
    text: str
    rows: tuple[tuple[str, str], ...]
    countries_title: str
    countries_head: tuple[str, str]
    countries: tuple[tuple[str, str], ...]
    names_title: str
    names: Sequence[NameLine]
    first: int = field(default=1, kw_only=True)  # the number of the first name: a long book is several files
    facts_line: str
    language: str
    lead: str = ""
    page: str = "{n} / {m}"
    mark: str = ""


def names_pdf(book: NamesBook) -> bytes:
    """The book as PDF: text, rows such as to whom and how many, counts by country, names. Raises MissingGlyph."""
    return pdf("names.typ", _data(book))


def _narrow(text: str) -> list[str]:
    line = one_line(text)
    return runs(line, LONGEST_IN_COLUMN) if line else []


def _data(book: NamesBook) -> dict[str, Any]:
    lang, region = language(book.language)
    return {
        "title": one_line(book.title),
        "lead": one_line(book.lead),
        "paragraphs": paragraphs(book.text),
        "rows": [[one_line(label), one_line(value)] for label, value in book.rows],
        "countries_title": one_line(book.countries_title),
        "countries_head": [one_line(head) for head in book.countries_head],
        "countries": [[one_line(country), one_line(count)] for country, count in book.countries],
        "names_title": one_line(book.names_title),
        "first": book.first,
        "names": [[_narrow(name.shown), _narrow(name.comment)] for name in book.names],
        "facts_line": one_line(book.facts_line),
        "page": one_line(book.page),
        "mark": one_line(book.mark),
        "lang": lang,
        "region": region,
    }
