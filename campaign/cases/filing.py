"""A case's facts into the database and out of it, whoever states them: an import folder or somebody at the desk."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from campaign.cases import facts
from campaign.cases.models import Case, CaseName, CaseSource, CaseText, Source, SourceText, TimelineEntry, TimelineText
from campaign.cases.spelling import fold
from campaign.db import PartialDate, db, keep, keep_rows


@dataclass(frozen=True)
class CaseFile:
    """Everything that is said of a case: its facts in the first language, and the words of the others."""

    said: facts.Case
    words: Mapping[str, facts.CaseWords] = field(default_factory=dict)
    first: str = "en"


def add(slug: str, *, checked_on: date, review_on: date, publication: str = "draft") -> Case:
    """A new case that says nothing yet; `keep_file` comes next, before anything is flushed."""
    case = Case(slug=slug, checked_on=checked_on, review_on=review_on, publication=publication, basis="public_sources", featured=False)
    case.names, case.texts, case.timeline, case.source_links = [], [], [], []
    with db.session.no_autoflush:
        db.session.add(case)
    return case


def unsaved(file: CaseFile, sources: Mapping[str, facts.Source], *, checked_on: date) -> Case:
    """The case as it would be, for a look at its page; it belongs to no session, and nothing of it is kept."""
    told = {key: _unsaved_source(key, source, file.first) for key, source in sources.items()}
    case = Case(slug=file.said.slug, checked_on=checked_on, review_on=date.max, publication="draft", basis="public_sources", featured=False, **plain(file.said))
    case.names, case.texts, case.timeline = names(file), texts(file), timeline(file, told)
    for entry, said in zip(case.timeline, file.said.timeline, strict=True):
        entry.source = told[said.source]
    case.source_links = [CaseSource(source_id=told[key].id, position=position, source=told[key]) for position, key in enumerate(file.said.sources)]
    return case


def _unsaved_source(key: str, said: facts.Source, first: str) -> Source:
    source = Source(key=key, publisher=said.publisher, published_on=PartialDate(said.date) if said.date else None, url=said.url)
    source.texts = [SourceText(language=first, title=said.title)]
    return source


def plain(said: facts.Case) -> dict[str, Any]:
    """The facts that stand in the case's own row."""
    return {
        "country": said.country,
        "status": said.status,
        "as_of": PartialDate(said.as_of),
        "held_since": said.held_since,
        "confidence": said.confidence,
        "pronoun": said.pronoun,
        "demands": list(said.demands),
    }


def keep_file(case: Case, file: CaseFile, sources: Mapping[str, Source]) -> bool:
    """Make the case say what the file says; `sources` by key. Whether anything but a spelling of the name changed."""
    changed = keep(case, **plain(file.said))
    keep_rows(case.names, names(file), facts=lambda row: (row.position, row.kind, row.text, row.search, row.language or ""))
    changed |= keep_rows(case.texts, texts(file), facts=lambda row: (row.language, row.roles, row.note or ""))
    changed |= keep_rows(case.timeline, timeline(file, sources), facts=_entry_facts)
    wanted = [CaseSource(source_id=sources[key].id, position=position) for position, key in enumerate(file.said.sources)]
    return changed | keep_rows(case.source_links, wanted, facts=lambda row: (row.position, row.source_id))


def names(file: CaseFile) -> list[CaseName]:
    """Every spelling, each once."""
    said = file.said
    spellings: list[tuple[str, str, str | None]] = [("main", said.name, None), ("native", said.native_name, said.native_language)]
    taken = {said.name, said.native_name}
    others = [(other, None) for other in said.also_known_as] + [(one.name, one.language) for one in said.spellings]
    others += [(words.name, language) for language, words in file.words.items() if words.name]
    for other, language in others:
        if other not in taken:
            spellings.append(("other", other, language))
            taken.add(other)
    return [CaseName(position=position, kind=kind, text=text, search=fold(text), language=language) for position, (kind, text, language) in enumerate(spellings)]


def texts(file: CaseFile) -> list[CaseText]:
    """Roles and note in each language that has one of them."""
    said = file.said
    translated = [CaseText(language=language, roles=one.roles or said.roles, note=one.note) for language, one in file.words.items() if one.roles or one.note]
    return [CaseText(language=file.first, roles=said.roles, note=said.note), *translated]


def timeline(file: CaseFile, sources: Mapping[str, Source]) -> list[TimelineEntry]:
    """The entries in order, each in the languages it has words in."""
    told = {file.first: [entry.text for entry in file.said.timeline]} | {language: one.timeline or [] for language, one in file.words.items()}
    return [
        TimelineEntry(
            position=position,
            day=PartialDate(entry.date),
            kind=entry.kind,
            source_id=sources[entry.source].id,
            texts=[TimelineText(language=language, text=text) for language, lines in told.items() if position < len(lines) and (text := lines[position])],
        )
        for position, entry in enumerate(file.said.timeline)
    ]


def _entry_facts(entry: TimelineEntry) -> tuple[object, ...]:
    return (entry.position, entry.day, entry.kind, entry.source_id, sorted((text.language, text.text) for text in entry.texts))
