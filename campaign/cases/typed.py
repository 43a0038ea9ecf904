"""What somebody typed at the desk, as plain data: from the rows, from a form, and checked by the rules that hold for folders too."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from campaign.cases import facts
from campaign.cases.filing import CaseFile
from campaign.cases.models import Case
from campaign.db import new_id

Typed = dict[str, Any]
"""The fields of the form by name; lists hold a line each."""
Fault = tuple[str, str]
"""The id of a field, and the name of the sentence that says what it wants."""


class FactsWrong(Exception):
    """What was typed cannot stand in a case. Nothing was changed."""

    def __init__(self, faults: list[Fault]) -> None:
        self.faults = list(dict.fromkeys(faults))
        super().__init__(str(self.faults))


@dataclass(frozen=True)
class Checked:
    """A whole file, with its sources by key."""

    file: CaseFile
    sources: dict[str, facts.Source]


def of_case(case: Case, *, first: str) -> Typed:
    """What the rows say, as it would have been typed."""
    texts = {text.language: text for text in case.texts}
    languages = [first, *sorted(texts.keys() - {first} | {text.language for entry in case.timeline for text in entry.texts if text.language != first})]
    sources = [link.source for link in sorted(case.source_links, key=lambda link: link.position)]
    places = {source.id: str(place) for place, source in enumerate(sources)}
    named = {name.kind: name for name in case.names if name.kind != "other"}
    return {
        "slug": case.slug,
        "organisation": str(case.organisation_id or ""),
        "name": named["main"].text if "main" in named else "",
        "native_name": named["native"].text if "native" in named else "",
        "native_language": (named["native"].language or "") if "native" in named else "",
        "names": [{"text": name.text, "language": name.language or ""} for name in case.names if name.kind == "other"],
        "pronoun": case.pronoun or "",
        "country": case.country,
        "status": case.status,
        "as_of": str(case.as_of),
        "held_since": case.held_since.isoformat() if case.held_since else "",
        "confidence": case.confidence,
        "demands": sorted(case.demands),
        "texts": [_text(texts.get(language), language) for language in languages],
        "sources": [_source(source, first) for source in sources],
        "timeline": [_entry(entry, languages, places) for entry in case.timeline],
    }


def _text(text: Any, language: str) -> Typed:
    return {"language": language, "roles": "\n".join(text.roles) if text else "", "note": (text.note or "") if text else ""}


def title_of(source: Any, first: str) -> str:
    """A source's title in the first language of a case, or in the one it has."""
    titles = {text.language: text.title for text in source.texts}
    return str(titles.get(first) or next(iter(titles.values()), ""))


def _source(source: Any, first: str) -> Typed:
    return {"key": source.key, "title": title_of(source, first), "publisher": source.publisher, "date": source.published_on or "", "url": source.url or ""}


def _entry(entry: Any, languages: Iterable[str], places: dict[Any, str]) -> Typed:
    told = {text.language: text.text for text in entry.texts}
    words = [{"language": language, "text": told.get(language, "")} for language in languages]
    return {"date": str(entry.day), "kind": entry.kind, "source": places.get(entry.source_id, ""), "words": words}


def tidy(typed: Typed) -> Typed:
    """Without lines that say nothing and white space around words; events keep pointing at their sources."""
    sources = [row for row in typed["sources"] if _says(row, "title", "publisher", "date", "url")]
    moved = {str(place): str(sources.index(row)) for place, row in enumerate(typed["sources"]) if row in sources}
    timeline = [{**row, "source": moved.get(row["source"], "")} for row in typed["timeline"] if _says(row, "date") or any(_says(one, "text") for one in row["words"])]
    names = [row for row in typed["names"] if _says(row, "text")]
    return {**typed, "demands": sorted(set(typed["demands"])), "names": names, "sources": sources, "timeline": timeline}


def _says(row: Typed, *names: str) -> bool:
    return any(row[name] for name in names)


def mark(typed: Typed) -> str:
    """The same for the same facts: what somebody saw before they changed it."""
    return hashlib.sha256(json.dumps(typed, sort_keys=True, ensure_ascii=False).encode()).hexdigest()[:32]


def check(typed: Typed) -> Checked:
    """The file that was typed, tidied. Raises FactsWrong with every fault, by the field it is in."""
    faults: list[Fault] = []
    keys = [row["key"] or f"source-{new_id().hex[-12:]}" for row in typed["sources"]]
    sources = {}
    for place, row in enumerate(typed["sources"]):
        data = {"title": row["title"], "publisher": row["publisher"], "date": row["date"] or None, "url": row["url"] or None}
        sources[keys[place]] = _valid(facts.Source, data, faults, lambda loc, place=place: f"sources-{place}-{loc[0]}")
    said = _valid(facts.Case, _case(typed, keys), faults, lambda loc: _field(loc, typed))
    words = {}
    for place, row in enumerate(typed["texts"][1:], 1):
        words[row["language"]] = _valid(facts.CaseWords, _words(typed, place), faults, lambda loc, place=place: _word_field(loc, place))
        if row["roles"] and len(_lines(row["roles"])) != len(_lines(typed["texts"][0]["roles"])):
            faults.append((f"texts-{place}-roles", "roles"))
    if faults:
        raise FactsWrong(faults)
    return Checked(CaseFile(said, words, typed["texts"][0]["language"]), sources)


def _case(typed: Typed, keys: list[str]) -> Typed:
    first = typed["texts"][0]
    return {
        **{name: typed[name] for name in ("slug", "name", "country", "status", "as_of", "confidence", "demands")},
        "native_name": typed["native_name"] or typed["name"],
        "native_language": typed["native_language"] or None,
        "also_known_as": [row["text"] for row in typed["names"] if not row["language"]],
        "spellings": [{"name": row["text"], "language": row["language"]} for row in typed["names"] if row["language"]],
        "pronoun": typed["pronoun"] or None,
        "held_since": typed["held_since"] or None,
        "roles": _lines(first["roles"]),
        "note": first["note"] or None,
        "timeline": [
            {
                "date": row["date"],
                "kind": row["kind"],
                "text": row["words"][0]["text"],
                "source": keys[int(row["source"])] if row["source"].isdecimal() and int(row["source"]) < len(keys) else "",
            }
            for row in typed["timeline"]
        ],
        "sources": keys,
    }


def _words(typed: Typed, place: int) -> Typed:
    row = typed["texts"][place]
    lines = [entry["words"][place]["text"] or None for entry in typed["timeline"]]
    return {"slug": typed["slug"], "roles": _lines(row["roles"]) or None, "note": row["note"] or None, "timeline": lines if any(lines) else None}


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _valid(model: type[BaseModel], data: Typed, faults: list[Fault], field: Any) -> Any:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            loc = detail["loc"] or ("held_since",)
            names = [str(part) for part in loc if isinstance(part, str)]
            wrong = detail["type"] if detail["type"] in ("held_and_free", "held_after_news") else names[-1]
            faults.append((field(loc), "name" if wrong == "also_known_as" else wrong))
        return None


def _field(loc: tuple[Any, ...], typed: Typed) -> str:
    """The field of the form in which a part of the case's file is typed."""
    plain = [place for place, row in enumerate(typed["names"]) if not row["language"]]
    spelled = [place for place, row in enumerate(typed["names"]) if row["language"]]
    match loc:
        case ("also_known_as", int(place), *_):
            return f"names-{plain[place]}-text"
        case ("spellings", int(place), name):
            return f"names-{spelled[place]}-{'text' if name == 'name' else name}"
        case ("timeline", int(place), name):
            return f"timeline-{place}-{'words-0-text' if name == 'text' else name}"
        case (("roles" | "note") as name, *_):
            return f"texts-0-{name}"
        case ("sources", *_):
            return "sources-0-title"
    return str(loc[0])


def _word_field(loc: tuple[Any, ...], place: int) -> str:
    if loc[0] == "timeline" and len(loc) > 1:
        return f"timeline-{loc[1]}-words-{place}-text"
    return f"texts-{place}-{loc[0]}" if loc[0] in ("roles", "note") else "slug"


def difference(mine: Typed, theirs: Typed) -> list[tuple[str, str, str]]:
    """What two versions say differently: the field, mine, theirs."""
    return [(name, told(mine[name]), told(theirs[name])) for name in theirs if name != "slug" and mine.get(name) != theirs[name]]


def told(value: Any) -> str:
    """A part of a file as plain lines."""
    if isinstance(value, list):
        return "\n".join(told(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(filter(None, (told(one) for name, one in value.items() if name not in ("key", "language", "source"))))
    return str(value)
