"""What must agree between the entries and the files of a folder.

Looks at the plain data and not at checked models, so that a wrong word in one place hides no wrong link in another.
"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from campaign.commands.folder.schema import MOST_LINES
from campaign.paper import AddressDoesNotFit, MissingGlyph, check_address
from campaign.text import country_name
from campaign.text.typed_yaml import Document, Place

Documents = Mapping[str, Document]
Linked = tuple[tuple[str, tuple[str, ...], str], ...]
Places = tuple[tuple[str, tuple[str, ...]], ...]
EACH = "*"
# Where keys are made (each may be made once), and where they are used: file, pattern of places, what it is a key of.
MADE: Linked = (
    ("cases.yaml", ("cases", EACH, "slug"), "case"),
    ("authorities.yaml", ("authorities", EACH, "key"), "authority"),
    ("organisations.yaml", ("organisations", EACH, "key"), "organisation"),
    ("organisations.yaml", ("open_letters", EACH, "key"), "open letter"),
    ("appeals.yaml", ("appeals", EACH, "key"), "appeal"),
    ("drives.yaml", ("groups", EACH, "key"), "group"),
    ("drives.yaml", ("drives", EACH, "key"), "drive"),
    ("people.yaml", ("people", EACH, "key"), "person"),
    ("people.yaml", ("people", EACH, "email"), "e-mail address"),
    ("partners.yaml", ("partners", EACH, "key"), "partner"),
)
USED: Linked = (
    ("cases.yaml", ("cases", EACH, "sources", EACH), "source"),
    ("cases.yaml", ("cases", EACH, "timeline", EACH, "source"), "source"),
    ("organisations.yaml", ("open_letters", EACH, "signed", EACH), "organisation"),
    ("appeals.yaml", ("appeals", EACH, "case"), "case"),
    ("appeals.yaml", ("appeals", EACH, "targets", EACH, "authority"), "authority"),
    ("drives.yaml", ("drives", EACH, "cases", EACH), "case"),
    ("drives.yaml", ("drives", EACH, "partners", EACH), "group"),
    ("folder.yaml", ("featured", EACH), "case"),
    ("partners.yaml", ("partners", EACH, "cases", EACH), "case"),
    ("partners.yaml", ("partners", EACH, "drives", EACH), "drive"),
    ("partners.yaml", ("partners", EACH, "people", EACH), "person"),
)
# Lists in which the same word may stand once only.
ONCE: Places = (
    ("cases.yaml", ("cases", EACH, "sources")),
    ("cases.yaml", ("cases", EACH, "demands")),
    ("organisations.yaml", ("open_letters", EACH, "signed")),
    ("appeals.yaml", ("appeals", EACH, "targets")),
    ("appeals.yaml", ("appeals", EACH, "channels")),
    ("drives.yaml", ("drives", EACH, "cases")),
    ("drives.yaml", ("drives", EACH, "partners")),
    ("folder.yaml", ("featured",)),
)
# A sample's mailboxes count as verified, so none of them may be anybody's: names reserved by RFC 2606 and 6761.
RESERVED = (".example", ".invalid", ".test", "@example.org", "@example.com", "@example.net")
MAILBOXES: Places = (
    ("authorities.yaml", ("authorities", EACH, "email")),
    ("people.yaml", ("people", EACH, "email")),
)
TEXTS = (("appeals.yaml", "appeals"), ("drives.yaml", "drives"), ("drives.yaml", "groups"), ("partners.yaml", "partners"))
OWNED = ("cases", "drives")
"""What belongs to one partner at most."""


def check_links(documents: Documents) -> None:
    """Note in each document what does not agree with the others."""
    known = _known(documents)
    unread = {kind for file, _pattern, kind in MADE if file in documents and documents[file].data is None and documents[file].faults}
    for file, pattern, kind in USED:
        if kind in unread:
            continue  # what the other file says is not known; its own fault is enough
        for place, value in _found(documents, file, pattern):
            if value not in known[kind]:
                _fault(documents, file, place, f"there is no {kind} “{value}”")
    for file, pattern in ONCE:
        for place, values in _found(documents, file, pattern):
            _once(documents[file], place, values)
    _check_languages(documents)
    _check_case_words(documents, known["case"])
    _check_demands(documents)
    _check_owners(documents)
    _check_sample_mailboxes(documents)
    _check_windows(documents)


def _known(documents: Documents) -> dict[str, set[Any]]:
    sources = _part(documents, "cases.yaml", "sources")
    known: dict[str, set[Any]] = {"source": set(sources) if isinstance(sources, dict) else set()}
    for file, pattern, kind in MADE:
        keys = known.setdefault(kind, set())
        for place, value in _found(documents, file, pattern):
            if isinstance(value, str) and value in keys:
                _fault(documents, file, place, f"the {kind} “{value}” is here twice")
            elif isinstance(value, str):
                keys.add(value)
    return known


def _once(document: Document, place: Place, values: Any) -> None:
    seen: list[Any] = []
    for index, value in enumerate(values if isinstance(values, list) else []):
        word = value.get("authority") if isinstance(value, dict) else value
        if word in seen:
            document.fault(document.line((*place, index)), f"“{word}” is in this list twice")
        seen.append(word)


def _check_languages(documents: Documents) -> None:
    languages = _part(documents, "folder.yaml", "languages")
    if not isinstance(languages, list) or not languages:
        return
    for file, section in TEXTS:
        for place, texts in _found(documents, file, (section, EACH, "texts")):
            words = texts if isinstance(texts, dict) else {}
            for language in [one for one in words if one not in languages]:
                _fault(documents, file, (*place, language), f"the folder has no language “{language}” (folder.yaml, languages)")
            if languages[0] not in words:
                _fault(documents, file, place, f"the texts in “{languages[0]}”, the folder's first language, are missing")
    for file in documents:
        if file.startswith("cases.") and file != "cases.yaml" and file.split(".")[1] not in languages:
            documents[file].fault(0, f"the folder has no language “{file.split('.')[1]}” (folder.yaml, languages)")


def _check_case_words(documents: Documents, known: set[Any]) -> None:
    cases = {value["slug"]: value for _, value in _found(documents, "cases.yaml", ("cases", EACH)) if isinstance(value, dict) and isinstance(value.get("slug"), str)}
    for file in [file for file in documents if file.startswith("cases.") and file != "cases.yaml"]:
        seen: set[str] = set()
        for place, words in _found(documents, file, ("cases", EACH)):
            slug = words.get("slug") if isinstance(words, dict) else None
            if not isinstance(slug, str):
                continue  # the schema says so
            if slug not in known:
                _fault(documents, file, (*place, "slug"), f"there is no case “{slug}”")
            if slug in seen:
                _fault(documents, file, (*place, "slug"), f"the case “{slug}” is here twice")
            seen.add(slug)
            for name in ("timeline", "roles"):
                ours, theirs = words.get(name), cases.get(slug, {}).get(name)
                if isinstance(ours, list) and isinstance(theirs, list) and len(ours) != len(theirs):
                    _fault(documents, file, (*place, name), f"{name} has {len(ours)} entries, and cases.yaml has {len(theirs)} for “{slug}”")


def _check_demands(documents: Documents) -> None:
    # A petition or letter asks what the case demands; one without demands has nothing to ask.
    asks_nothing = {case.get("slug") for _, case in _found(documents, "cases.yaml", ("cases", EACH)) if isinstance(case, dict) and case.get("demands") == []}
    for place, appeal in _found(documents, "appeals.yaml", ("appeals", EACH)):
        if isinstance(appeal, dict) and appeal.get("case") in asks_nothing and appeal.get("kind") in ("petition", "letter"):
            _fault(documents, "appeals.yaml", (*place, "case"), f"the case “{appeal['case']}” has no demands, so there is nothing to ask for")


def _check_owners(documents: Documents) -> None:
    for name in OWNED:
        seen: set[str] = set()
        for place, key in _found(documents, "partners.yaml", ("partners", EACH, name, EACH)):
            if key in seen:
                _fault(documents, "partners.yaml", place, f"“{key}” belongs to a partner already")
            seen.add(str(key))


def _check_sample_mailboxes(documents: Documents) -> None:
    if _part(documents, "folder.yaml", "sample") is not True:
        return
    for file, pattern in MAILBOXES:
        for place, value in _found(documents, file, pattern):
            if isinstance(value, str) and not value.strip().lower().endswith(RESERVED):
                _fault(documents, file, place, f"“{value}” could be somebody's; a sample may only hold addresses such as name@office.example")
    for place, address in _found(documents, "partners.yaml", ("partners", EACH, "links", EACH, "address")):
        if isinstance(address, str) and not (urlsplit(address).hostname or "").endswith(RESERVED):
            _fault(documents, "partners.yaml", place, f"“{address}” could be somebody's; a sample may only link to hosts such as name.example")


def _check_windows(documents: Documents) -> None:
    # What shows in the window of an envelope: office, lines, country. Told here and not when a volunteer waits for a file.
    for place, office in _found(documents, "authorities.yaml", ("authorities", EACH)):
        shown = _shown_in_window(office)
        if not shown:
            continue
        try:
            check_address(shown)
        except AddressDoesNotFit as fault:
            where = "office" if fault.line == shown[0] else "lines"
            _fault(documents, "authorities.yaml", (*place, where), f"“{fault.line}” does not fit the window of an envelope")
        except MissingGlyph as fault:
            _fault(documents, "authorities.yaml", (*place, "lines"), f"no font here prints “{fault.character}” in this address")


def _shown_in_window(office: Any) -> list[str]:
    # Empty where the schema has something to say already.
    if not isinstance(office, dict) or not isinstance(office.get("lines"), list):
        return []
    shown = [office.get("office"), *office["lines"], office.get("country")]
    if not 3 <= len(shown) <= MOST_LINES + 2 or not all(isinstance(line, str) and line.strip() for line in shown):
        return []
    return [*shown[:-1], country_name(shown[-1], "en").upper()]


def _fault(documents: Documents, file: str, place: Place, message: str) -> None:
    documents[file].fault(documents[file].line(place), message)


def _part(documents: Documents, file: str, name: str) -> Any:
    data = documents[file].data if file in documents else None
    return data.get(name) if isinstance(data, dict) else None


def _found(documents: Documents, file: str, pattern: tuple[str, ...]) -> Iterator[tuple[Place, Any]]:
    if file in documents:
        yield from _walk(documents[file].data, pattern, ())


def _walk(data: Any, pattern: tuple[str, ...], place: Place) -> Iterator[tuple[Place, Any]]:
    if not pattern:
        if data is not None:
            yield place, data
    elif pattern[0] == EACH and isinstance(data, list):
        for index, item in enumerate(data):
            yield from _walk(item, pattern[1:], (*place, index))
    elif isinstance(data, dict) and pattern[0] in data:
        yield from _walk(data[pattern[0]], pattern[1:], (*place, pattern[0]))
