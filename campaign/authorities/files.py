"""Offices in a file: the YAML of an import folder, or CSV for a spreadsheet. Read whole, with every fault by its line, or not at all; written a piece at a time."""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import yaml
from pydantic import ValidationError

from campaign.authorities.facts import CAP, Facts, facts_of
from campaign.authorities.models import Authority
from campaign.authorities.schema import Authority as Said
from campaign.authorities.window import misfits
from campaign.text.faults import FolderFaults
from campaign.text.sentences import sentence
from campaign.text.typed_yaml import Document, Place, plain_text, read_bytes

MOST = 200
"""Offices in one file at the desk: each address is set in type to see whether it fits."""
LINES, PART, LANGUAGES = "address lines", re.compile(r"(title|salutation) \(([A-Za-z-]{2,12})\)"), "reads letters in"
PLAIN = ("key", "country", LINES, LANGUAGES, "mailboxes", "seen")
NO_KEY = "no-key-yet"
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_CAP = re.compile(r"(.+?):\s*([0-9]{1,6})")


@dataclass(frozen=True)
class Entry:
    """An office of a file. `key` is empty where it is to be made; `columns` are the languages that a spreadsheet has columns for."""

    line: int
    key: str
    said: Said
    columns: frozenset[tuple[str, str]] | None = None

    def facts(self, first: str, before: Facts | None) -> Facts:
        """What it says; of an office that is known, what the file does not speak of stays."""
        if before is None:
            return self.said.facts(first)
        facts = self.said.facts_beside(before, first)
        if self.columns is None:
            return facts
        titles = {tag: text for tag, text in before.titles.items() if ("title", tag) not in self.columns}
        salutations = {tag: text for tag, text in before.salutations.items() if ("salutation", tag) not in self.columns}
        return replace(facts, titles={**titles, **self.said.facts(first).titles}, salutations={**salutations, **facts.salutations})


def read(name: str, raw: bytes, *, first: str) -> list[Entry]:
    """The offices of a file; `first` is the language of a title that says none. Raises FolderFaults with all that is wrong in it."""
    document, entries = _read_csv(name, raw) if looks_like_csv(raw) else _read_yaml(name, raw)
    if not document.faults:
        _check(document, entries, first=first)
    if document.faults:
        raise FolderFaults(document.faults)
    return entries


def looks_like_csv(raw: bytes) -> bool:
    """Whether the first line names columns: YAML has a colon there, and no comma before it."""
    head = raw.removeprefix(b"\xef\xbb\xbf").lstrip().partition(b"\n")[0]
    return b"," in head.partition(b":")[0] or b";" in head.partition(b":")[0]


def _read_yaml(name: str, raw: bytes) -> tuple[Document, list[Entry]]:
    document = read_bytes(name, raw)
    data = document.data
    if document.faults:
        return document, []
    offices = data.get("authorities") if isinstance(data, dict) else None
    if not isinstance(offices, list) or len(data) != 1:
        document.fault(0, "this file must be a map with “authorities”, a list, and nothing else; or CSV with a line that names the columns")
        return document, []
    found = (_entry(document, ("authorities", place), data) for place, data in enumerate(offices))
    return document, [entry for entry in found if entry is not None]


def _read_csv(name: str, raw: bytes) -> tuple[Document, list[Entry]]:
    document = Document(name)
    text = plain_text(raw, document)
    if text is None:
        return document, []
    rows = csv.reader(io.StringIO(text), delimiter=";" if ";" in text.partition("\n")[0] else ",")
    columns = [column.strip() for column in next(rows, [])]
    for column in [column for column in columns if column not in PLAIN and not PART.fullmatch(column)]:
        document.fault(1, f"“{column}” is not the name of a column")
    for column in [column for column in ("country", LINES) if column not in columns]:
        document.fault(1, f"the column “{column}” is missing")
    spoken = frozenset((match[1], match[2]) for column in columns if (match := PART.fullmatch(column)))
    begins = 2
    found: list[Entry | None] = []
    for row in rows:
        if any(cell.strip() for cell in row):
            place: Place = (len(found),)
            document.lines[place] = begins
            entry = _entry(document, place, _said(dict(zip(columns, map(_plain, row), strict=False))))
            found.append(replace(entry, columns=spoken) if entry else None)
        begins = rows.line_num + 1
    return document, [entry for entry in found if entry is not None]


def _said(row: dict[str, str]) -> dict[str, Any]:
    """A row of a spreadsheet in the words of the YAML."""
    titles, salutations = (
        {match[2]: cell for name, cell in row.items() if (match := PART.fullmatch(name)) and match[1] == part and cell} for part in ("title", "salutation")
    )
    boxes = [_CAP.fullmatch(line) or line for line in _lines(row.get("mailboxes", ""))]
    addresses = [box if isinstance(box, str) else box[1].strip() for box in boxes]
    language, title = next(iter(titles.items()), ("en", ""))
    rest = {tag: words for tag, words in titles.items() if tag != language}
    return {
        "key": row.get("key") or NO_KEY,
        "office": title,
        "office_language": language,
        "country": row.get("country", ""),
        "lines": _lines(row.get(LINES, "")),
        "salutation": salutations,
        "languages": row.get(LANGUAGES, "").replace(",", " ").split(),
        "email": addresses[0] if addresses else None,
        "seen": row.get("seen") or None,
        "titles": rest or None,
        "more_mailboxes": addresses[1:],
        "hourly_caps": {box[1].strip(): int(box[2]) for box in boxes if not isinstance(box, str)},
    }


def _lines(cell: str) -> list[str]:
    return [line.strip() for line in cell.splitlines() if line.strip()]


def _entry(document: Document, place: Place, data: Any) -> Entry | None:
    try:
        said = Said.model_validate(data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            document.fault(document.line((*place, *detail["loc"])), sentence(detail))
        return None
    return Entry(document.line(place), "" if said.key == NO_KEY else said.key, said)


def _check(document: Document, entries: list[Entry], *, first: str) -> None:
    if not entries:
        document.fault(0, "there is no office in this file")
    if len(entries) > MOST:
        document.fault(0, f"there are {len(entries)} offices in this file; take at most {MOST} at a time")
        return
    known: dict[str, int] = {}
    for entry in entries:
        if entry.key in known:
            document.fault(entry.line, f"the office “{entry.key}” is here twice; the first is on line {known[entry.key]}")
        if entry.key:
            known[entry.key] = entry.line
        for fault in misfits(entry.said.facts(first)):
            words = f"no font here prints “{fault.character}” in this address" if fault.character else f"“{fault.line}” does not fit the window of an envelope"
            document.fault(entry.line, words)


def csv_parts(offices: Iterable[Authority], *, languages: list[str]) -> Iterator[str]:
    """A spreadsheet, row by row; cells that a spreadsheet would run as a formula begin with an apostrophe."""
    names = ["key", "country", LINES, *(f"{part} ({language})" for part in ("title", "salutation") for language in languages), LANGUAGES, "mailboxes", "seen"]
    yield "\ufeff" + _csv_row(names)
    for office in offices:
        facts = facts_of(office)
        words = [texts.get(language, "") for texts in (facts.titles, facts.salutations) for language in languages]
        boxes = "\n".join(f"{address}: {cap}" for address, cap in facts.mailboxes.items())
        yield _csv_row([office.key, facts.country, "\n".join(facts.lines), *words, " ".join(facts.languages), boxes, facts.seen or ""])


def yaml_parts(offices: Iterable[Authority], *, first: str) -> Iterator[str]:
    """The file of an import folder, office by office."""
    yield "authorities:\n"
    for office in offices:
        yield yaml.safe_dump([_folder_entry(office.key, facts_of(office), first)], allow_unicode=True, sort_keys=False, width=10_000)


def _folder_entry(key: str, facts: Facts, first: str) -> dict[str, Any]:
    language = first if first in facts.titles else next(iter(facts.titles), first)
    boxes = list(facts.mailboxes)
    entry = {
        "key": key,
        "office": facts.titles.get(language, key),
        "office_language": language if language != first else None,
        "country": facts.country,
        "lines": list(facts.lines),
        "salutation": dict(facts.salutations),
        "languages": list(facts.languages),
        "email": boxes[0] if boxes else None,
        "seen": facts.seen,
        "titles": {tag: title for tag, title in facts.titles.items() if tag != language} or None,
        "more_mailboxes": boxes[1:],
        "hourly_caps": {address: cap for address, cap in facts.mailboxes.items() if cap != CAP},
    }
    return {name: value for name, value in entry.items() if value or name in ("key", "office", "country", "lines", "salutation", "languages")}


def _csv_row(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out).writerow(["'" + cell if cell.startswith(_FORMULA) else cell for cell in cells])
    return out.getvalue()


def _plain(cell: str) -> str:
    cell = cell.strip()
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell
