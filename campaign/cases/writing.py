"""Cases made and edited at the desk, each change in the trail."""

import uuid
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import selectinload

from campaign.audit import service as audit
from campaign.cases import facts, filing, typed
from campaign.cases.models import Case, CaseSource, Source, SourceText
from campaign.cases.service import CaseUnknown, spelled
from campaign.db import PartialDate, db, new_id
from campaign.organisers import belonging
from campaign.organisers.models import Account

REVIEW = timedelta(days=90)
"""Facts are looked at again a quarter of a year after the day on which they were last checked."""
REVIEW_AHEAD = timedelta(days=30)
PER_PAGE = 50
RESERVED = ("new",)


class EditedMeanwhile(Exception):
    """Somebody else changed the case after it was read. Nothing was changed."""


class SlugTaken(Exception):
    """Another case has this address."""


def find(slug: str, *, by: Account, lock: bool = False) -> Case:
    """A case of theirs, public or not. Raises CaseUnknown and NotTheirs."""
    query = select(Case).where(Case.slug == slug).options(selectinload(Case.timeline), selectinload(Case.source_links))
    if lock:
        query = query.with_for_update(of=Case).execution_options(populate_existing=True)
    case = db.session.scalar(query)
    if case is None:
        raise CaseUnknown(slug)
    belonging.check(by, case.organisation_id)
    return case


def search(text: str = "", *, by: Account, country: str = "", status: str = "", publication: str = "", due: bool = False, page: int = 1, now: datetime) -> list[Case]:
    """Cases of theirs, by any spelling; `due`: those whose review day comes within 30 days or is past. One more than a page holds, where there are more."""
    query = spelled(select(Case), text).where(belonging.condition(by, Case.organisation_id))
    for column, value in ((Case.country, country), (Case.status, status), (Case.publication, publication)):
        if value:
            query = query.where(column == value)
    if due:
        query = query.where(Case.review_on <= now.date() + REVIEW_AHEAD)
    return list(db.session.scalars(query.order_by(Case.review_on, Case.slug).offset((page - 1) * PER_PAGE).limit(PER_PAGE + 1)))


def make(checked: typed.Checked, *, organisation_id: uuid.UUID | None, by: Account, now: datetime) -> Case:
    """A new case, a draft. Raises SlugTaken, and NotTheirs for an organisation that is not theirs."""
    belonging.check(by, organisation_id)
    slug = checked.file.said.slug
    if slug in RESERVED or db.session.scalar(select(Case.id).where(Case.slug == slug)) is not None:
        raise SlugTaken(slug)
    case = filing.add(slug, checked_on=now.date(), review_on=now.date() + REVIEW)
    case.organisation_id = organisation_id
    filing.keep_file(case, checked.file, _keep_sources(case, checked))
    try:
        db.session.flush()
    except IntegrityError as fault:  # at the same moment somebody else took the address
        db.session.rollback()
        raise SlugTaken(slug) from fault
    audit.record(by=by.id, action="case.made", of=slug, now=now)
    return case


def edit(case: Case, checked: typed.Checked, *, seen: str, organisation_id: uuid.UUID | None, by: Account, now: datetime) -> list[str]:
    """Make a locked case say what was typed; the fields that changed. Raises EditedMeanwhile where it is not what was `seen`, and NotTheirs."""
    belonging.check(by, case.organisation_id)
    belonging.check(by, organisation_id)
    before = typed.of_case(case, first=checked.file.first)
    if typed.mark(before) != seen:
        raise EditedMeanwhile
    filing.keep_file(case, checked.file, _keep_sources(case, checked))
    case.organisation_id = organisation_id
    db.session.flush()
    db.session.expire(case)
    after = typed.of_case(case, first=checked.file.first)
    changed = [name for name in after if after[name] != before[name]]
    if changed:
        details = {"fields": changed} | ({"status": [before["status"], after["status"]]} if "status" in changed else {})
        audit.record(by=by.id, action="case.edited", of=case.slug, now=now, details=details)
    return changed


def confirm_facts(case: Case, *, review_on: date, by: Account, now: datetime) -> None:
    """The facts were compared with their sources today, and are to be looked at again by another day."""
    belonging.check(by, case.organisation_id)
    before, case.checked_on, case.review_on = case.review_on, now.date(), review_on
    audit.record(by=by.id, action="case.checked", of=case.slug, now=now, details={"review_on": [str(before), str(case.review_on)]})


def _keep_sources(case: Case, checked: typed.Checked) -> dict[str, Source]:
    own = {link.source.key: link.source for link in case.source_links}
    return {key: _keep_source(own.get(key), said, checked.file.first, case) for key, said in checked.sources.items()}


def _keep_source(source: Source | None, said: facts.Source, first: str, case: Case) -> Source:
    """The source as it was typed. One that other cases name too stays as it is for them, and this case gets its own."""
    published = PartialDate(said.date) if said.date else None
    if source is not None and (source.publisher, source.published_on, source.url, typed.title_of(source, first)) == (said.publisher, published, said.url, said.title):
        return source
    if source is None or _shared(source, case):
        source = Source(key=f"source-{new_id().hex[-12:]}", publisher=said.publisher, published_on=published, url=said.url)
        source.texts = [SourceText(language=first, title=said.title)]
        db.session.add(source)
        return source
    source.publisher, source.published_on, source.url = said.publisher, published, said.url
    text = next((text for text in source.texts if text.language == first), None)
    if text is None:
        source.texts.append(SourceText(language=first, title=said.title))
    else:
        text.title = said.title
    return source


def _shared(source: Source, case: Case) -> bool:
    return db.session.scalar(select(CaseSource.case_id).where(CaseSource.source_id == source.id, CaseSource.case_id != case.id).limit(1)) is not None
