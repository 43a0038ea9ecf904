"""Sources and cases of a folder, into the database."""

from datetime import date, datetime, timedelta

from campaign.cases.models import Case, CaseName, CaseSource, CaseText, Source, SourceText, TimelineEntry, TimelineText
from campaign.cases.spelling import fold
from campaign.commands.folder import Folder, schema
from campaign.commands.importing.rows import find, find_or_add, keep, keep_rows
from campaign.db import PartialDate, db

SAMPLE_REVIEW = timedelta(days=365)
REVIEW = timedelta(days=90)
"""Outside of the sample, facts are looked at again a quarter of a year after the day on which they were last checked."""

Words = dict[str, schema.CaseWords]


def load_sources(folder: Folder) -> dict[str, Source]:
    """Keep the sources, and give them by key."""
    rows = {}
    for key, source in folder.sources.items():
        row = find_or_add(Source, {"key": key}, publisher=source.publisher, published_on=PartialDate(source.date) if source.date else None)
        keep_rows(row.texts, [SourceText(language=folder.manifest.languages[0], title=source.title)], facts=lambda text: (text.language, text.title))
        rows[key] = row
    return rows


def load_cases(folder: Folder, *, now: datetime, sample: bool) -> dict[str, Case]:
    """Keep the cases with names, texts, timeline and sources, and give them by slug."""
    sources = load_sources(folder)
    return {said.slug: _load_case(folder, said, sources, now=now, sample=sample) for said in folder.cases}


def _load_case(folder: Folder, said: schema.Case, sources: dict[str, Source], *, now: datetime, sample: bool) -> Case:
    values = {
        "country": said.country,
        "status": said.status,
        "as_of": PartialDate(said.as_of),
        "held_since": said.held_since,
        "checked_on": folder.manifest.checked_on,
        "confidence": said.confidence,
        "pronoun": said.pronoun,
        "featured": said.slug in folder.manifest.featured,
        "demands": list(said.demands),
    }
    case = find(Case, slug=said.slug)
    if case is None:
        case, changed = Case(slug=said.slug, review_on=date.max, **values), True
        db.session.add(case)
    else:
        changed = keep(case, **values)
    words = {language: by_slug[said.slug] for language, by_slug in folder.case_words.items() if said.slug in by_slug}
    first = folder.manifest.languages[0]
    keep_rows(case.names, _names(said, words), facts=lambda row: (row.position, row.kind, row.text, row.search))
    changed |= keep_rows(case.texts, _texts(said, words, first), facts=lambda row: (row.language, row.roles, row.note or ""))
    changed |= keep_rows(case.timeline, _timeline(said, words, first, sources), facts=_entry_facts)
    wanted = [CaseSource(source_id=sources[key].id, position=position) for position, key in enumerate(said.sources)]
    changed |= keep_rows(case.source_links, wanted, facts=lambda row: (row.position, row.source_id))
    _set_review(case, changed=changed, now=now, sample=sample)
    return case


def _set_review(case: Case, *, changed: bool, now: datetime, sample: bool) -> None:
    if not sample:
        keep(case, review_on=case.checked_on + REVIEW)
    elif changed or case.review_on <= now.date():  # a year after loading; loading the same again the next day moves nothing
        keep(case, review_on=now.date() + SAMPLE_REVIEW)


def _names(said: schema.Case, words: Words) -> list[CaseName]:
    spellings = [("main", said.name), ("native", said.native_name)]
    taken = {said.name, said.native_name}
    for other in (*said.also_known_as, *(one.name for one in words.values() if one.name)):
        if other not in taken:
            spellings.append(("other", other))
            taken.add(other)
    return [CaseName(position=position, kind=kind, text=text, search=fold(text)) for position, (kind, text) in enumerate(spellings)]


def _texts(said: schema.Case, words: Words, first: str) -> list[CaseText]:
    translated = [CaseText(language=language, roles=one.roles or said.roles, note=one.note) for language, one in words.items() if one.roles or one.note]
    return [CaseText(language=first, roles=said.roles, note=said.note), *translated]


def _timeline(said: schema.Case, words: Words, first: str, sources: dict[str, Source]) -> list[TimelineEntry]:
    timelines = {first: [entry.text for entry in said.timeline]}
    timelines |= {language: one.timeline for language, one in words.items() if one.timeline}
    return [
        TimelineEntry(
            position=position,
            day=PartialDate(entry.date),
            kind=entry.kind,
            source_id=sources[entry.source].id,
            texts=[TimelineText(language=language, text=texts[position]) for language, texts in timelines.items()],
        )
        for position, entry in enumerate(said.timeline)
    ]


def _entry_facts(entry: TimelineEntry) -> tuple[object, ...]:
    return (entry.position, entry.day, entry.kind, entry.source_id, sorted((text.language, text.text) for text in entry.texts))
