"""What is done with drives at the desk: made, edited, repeated a year later, shown and taken back. Each change is in the trail."""

import re
import unicodedata
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import selectinload

from campaign.appeals.drives.service import DriveUnknown
from campaign.appeals.models import DRIVE_STATES, Drive, DriveCase, DriveOrganisation, DriveText
from campaign.appeals.service import asks_still
from campaign.audit import service as audit
from campaign.cases.models import Case
from campaign.cases.service import main_name
from campaign.db import db, keep, keep_rows
from campaign.organisers import belonging
from campaign.organisers.models import Account, Grant, Organisation
from campaign.organisers.organisations import named


class ChangedMeanwhile(Exception):
    """Somebody else has saved since the page was read. Nothing was saved now."""


class NotReady(Exception):
    """A drive without a case cannot be shown."""


@dataclass(frozen=True)
class Typed:
    """Everything that is typed about a drive. `texts`: name and lead by language; `cases` in their order."""

    starts_on: date
    ends_on: date
    goal: int
    texts: Mapping[str, tuple[str, str]]
    cases: tuple[Case, ...]
    partners: tuple[Organisation, ...]
    organisation_id: uuid.UUID | None


def mine(account: Account) -> list[Drive]:
    """The drives somebody works on, the newest first."""
    granted = select(Grant.drive_id).where(Grant.account_id == account.id, Grant.role == account.role)
    query = select(Drive).where(or_(belonging.condition(account, Drive.organisation_id), Drive.id.in_(granted)))
    return list(db.session.scalars(query.order_by(Drive.starts_on.desc(), Drive.slug).options(selectinload(Drive.cases))))


def find(slug: str, *, by: Account) -> Drive:
    """A drive that somebody works on, a draft too. Raises DriveUnknown, NotTheirs."""
    drive = db.session.scalar(select(Drive).where(Drive.slug == slug).options(selectinload(Drive.cases), selectinload(Drive.partners)))
    if drive is None:
        raise DriveUnknown(slug)
    belonging.check(by, drive.organisation_id, drive_id=drive.id)
    return drive


def make(typed: Typed, *, by: Account, now: datetime, cloned: str = "") -> Drive:
    """A new drive, as a draft. Raises NotTheirs for an organisation that is not theirs."""
    belonging.check(by, typed.organisation_id)
    drive = Drive(slug=_free_slug(typed), state="draft", starts_on=typed.starts_on, ends_on=typed.ends_on, goal=typed.goal, organisation_id=typed.organisation_id)
    drive.texts, drive.cases, drive.partners = [], [], []
    db.session.add(drive)
    _keep(drive, typed)
    db.session.flush()
    details = {"after": said(typed), **({"of": cloned} if cloned else {})}
    audit.record(by=by.id, action="drive.cloned" if cloned else "drive.made", of=drive.slug, now=now, details=details)
    return drive


def save(drive: Drive, typed: Typed, *, seen: int, by: Account, now: datetime) -> None:
    """Make a drive say what was typed. `seen`: its `edits` when the page was read. Raises ChangedMeanwhile, NotTheirs."""
    if typed.organisation_id != drive.organisation_id:
        belonging.check(by, typed.organisation_id)
    before, after = said(typed_of(drive)), said(typed)
    _count_edit(drive, seen)
    _keep(drive, typed)
    db.session.flush()
    changed = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    if changed:
        details = {"before": {name: before.get(name) for name in changed}, "after": {name: after.get(name) for name in changed}}
        audit.record(by=by.id, action="drive.edited", of=drive.slug, now=now, details=details)


def move(drive: Drive, state: str, *, by: Account, now: datetime) -> None:
    """Show a draft to everybody, or take a drive back to the desk. Harmless where it is so already. Raises NotReady."""
    if state not in DRIVE_STATES[drive.state]:
        return
    if state == "public" and not drive.cases:
        raise NotReady
    drive.state = state
    audit.record(by=by.id, action="drive.published" if state == "public" else "drive.taken_back", of=drive.slug, now=now)


def discard(drive: Drive, *, by: Account, now: datetime) -> None:
    """Throw a draft away; the trail keeps its words. A drive that is shown stays."""
    if drive.state != "draft":
        return
    audit.record(by=by.id, action="drive.discarded", of=drive.slug, now=now, details={"before": said(typed_of(drive))})
    db.session.delete(drive)


def clone(drive: Drive, *, by: Account, now: datetime) -> Drive:
    """The same drive a year later, as a draft: with the cases that still ask for something."""
    old = typed_of(drive)
    years = max(1, now.year - drive.ends_on.year)  # a drive that was left out for some years comes back in the next season
    typed = Typed(
        starts_on=_later(old.starts_on, years),
        ends_on=_later(old.ends_on, years),
        goal=old.goal,
        texts=old.texts,
        cases=tuple(case for case in old.cases if asks_still(case)),
        partners=old.partners,
        organisation_id=old.organisation_id if belonging.sees(by, old.organisation_id) else None,
    )
    return make(typed, by=by, now=now, cloned=drive.slug)


def typed_of(drive: Drive) -> Typed:
    """What a drive says, as it would be typed."""
    return Typed(
        starts_on=drive.starts_on,
        ends_on=drive.ends_on,
        goal=drive.goal,
        texts={text.language: (text.name, text.lead) for text in drive.texts},
        cases=tuple(part.case for part in drive.cases),
        partners=tuple(part.organisation for part in drive.partners),
        organisation_id=drive.organisation_id,
    )


def said(typed: Typed) -> dict[str, str]:
    """The same in words that can be compared line by line."""
    names = {"name": 0, "lead": 1}
    return {
        "starts_on": typed.starts_on.isoformat(),
        "ends_on": typed.ends_on.isoformat(),
        "goal": str(typed.goal),
        **{f"{name}_{language}": words[place] for language, words in sorted(typed.texts.items()) for name, place in names.items()},
        "cases": "; ".join(main_name(case) for case in typed.cases),
        "partners": "; ".join(map(named, typed.partners)),
        "organisation": _owner(typed.organisation_id),
    }


def last_editor(drive: Drive) -> str | None:
    """The name of whoever saved last."""
    for entry in audit.trail(kind="drive", object_id=drive.slug, limit=1):
        account = db.session.get(Account, entry.actor_id) if entry.actor_id else None
        return account.name if account is not None else None
    return None


def _owner(organisation_id: uuid.UUID | None) -> str:
    organisation = db.session.get(Organisation, organisation_id) if organisation_id else None
    return named(organisation) if organisation is not None else ""


def _count_edit(drive: Drive, seen: int) -> None:
    mark = update(Drive).where(Drive.id == drive.id, Drive.edits == seen).values(edits=seen + 1)
    if db.session.scalar(mark.returning(Drive.id), execution_options={"synchronize_session": False}) is None:
        raise ChangedMeanwhile
    db.session.refresh(drive, ["edits"])


def _keep(drive: Drive, typed: Typed) -> None:
    keep(drive, starts_on=typed.starts_on, ends_on=typed.ends_on, goal=typed.goal, organisation_id=typed.organisation_id)
    texts = [DriveText(language=language, name=name, lead=lead) for language, (name, lead) in typed.texts.items()]
    keep_rows(drive.texts, texts, facts=lambda row: (row.language, row.name, row.lead))
    cases = [DriveCase(case_id=case.id, position=position) for position, case in enumerate(typed.cases)]
    keep_rows(drive.cases, cases, facts=lambda row: (row.position, row.case_id))
    partners = [DriveOrganisation(organisation_id=one.id, position=position) for position, one in enumerate(typed.partners)]
    keep_rows(drive.partners, partners, facts=lambda row: (row.position, row.organisation_id))


def _free_slug(typed: Typed) -> str:
    """An address made of the name and the year, that no drive has."""
    name = typed.texts.get("en") or next(iter(typed.texts.values()))
    plain = unicodedata.normalize("NFKD", name[0]).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))[:60].strip("-") or "drive"
    year = str(typed.starts_on.year)
    wanted = words if year in words else f"{words}-{year}"
    taken = set(db.session.scalars(select(Drive.slug).where(Drive.slug.startswith(wanted, autoescape=True))))
    return next(one for one in (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))) if one not in taken)


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)  # the 29th of February
