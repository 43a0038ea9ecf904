"""Sources and cases of a folder, into the database."""

from datetime import date, datetime, timedelta

from campaign.cases import filing
from campaign.cases.models import Case, Source, SourceText
from campaign.commands.folder import Folder, schema
from campaign.commands.importing.rows import find, find_or_add, keep, keep_rows
from campaign.db import PartialDate

SAMPLE_REVIEW = timedelta(days=365)
REVIEW = timedelta(days=90)
"""Outside of the sample, facts are looked at again a quarter of a year after the day on which they were last checked."""


def load_sources(folder: Folder) -> dict[str, Source]:
    """Keep the sources, and give them by key."""
    rows = {}
    for key, source in folder.sources.items():
        row = find_or_add(Source, {"key": key}, publisher=source.publisher, published_on=PartialDate(source.date) if source.date else None, url=source.url)
        keep_rows(row.texts, [SourceText(language=folder.manifest.languages[0], title=source.title)], facts=lambda text: (text.language, text.title))
        rows[key] = row
    return rows


def load_cases(folder: Folder, *, now: datetime, sample: bool) -> dict[str, Case]:
    """Keep the cases with names, texts, timeline and sources, and give them by slug."""
    sources = load_sources(folder)
    return {said.slug: _load_case(folder, said, sources, now=now, sample=sample) for said in folder.cases}


def _load_case(folder: Folder, said: schema.Case, sources: dict[str, Source], *, now: datetime, sample: bool) -> Case:
    words = {language: by_slug[said.slug] for language, by_slug in folder.case_words.items() if said.slug in by_slug}
    case = find(Case, slug=said.slug)
    new = case is None
    case = case or filing.add(said.slug, checked_on=folder.manifest.checked_on, review_on=date.max, publication="public")  # a folder is loaded to be shown
    changed = keep(case, checked_on=folder.manifest.checked_on, featured=said.slug in folder.manifest.featured)
    changed |= filing.keep_file(case, filing.CaseFile(said, words, folder.manifest.languages[0]), sources)
    _set_review(case, changed=changed or new, now=now, sample=sample)
    return case


def _set_review(case: Case, *, changed: bool, now: datetime, sample: bool) -> None:
    if not sample:
        keep(case, review_on=case.checked_on + REVIEW)
    elif changed or case.review_on <= now.date():  # a year after loading; loading the same again the next day moves nothing
        keep(case, review_on=now.date() + SAMPLE_REVIEW)
