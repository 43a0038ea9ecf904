"""Consent, and what hangs on it: a case without one that holds is not public, and nothing about it leaves. Consent is never published."""

import uuid
from collections.abc import Collection
from datetime import date, datetime
from pathlib import Path, PurePath

from sqlalchemy import select

from campaign.audit import service as audit
from campaign.cases.models import BASES, PUBLICATION, Case, CaseConsent, CaseSource
from campaign.db import db, new_id, touch_public
from campaign.organisers.models import Account
from campaign.security import files

NEEDED = frozenset({"name", "story"})
"""What somebody must have agreed to before a case is public on that basis."""


class NotPublishable(Exception):
    """Something is missing before a case may be public; `why` names it: `consent` or `sources`."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(why)


class StepRefused(Exception):
    """The table of states does not have this step."""


class ConsentUnknown(Exception):
    """There is no such consent for this case."""


def of_case(case: Case) -> list[CaseConsent]:
    """Every consent that was written down, the newest first."""
    return list(db.session.scalars(select(CaseConsent).where(CaseConsent.case_id == case.id).order_by(CaseConsent.id.desc())))


def one(case: Case, consent_id: uuid.UUID) -> CaseConsent:
    """A consent of this case. Raises ConsentUnknown."""
    row = db.session.get(CaseConsent, consent_id)
    if row is None or row.case_id != case.id:
        raise ConsentUnknown(str(consent_id))
    return row


def holds(row: CaseConsent, *, today: date) -> bool:
    """Whether it was given, was not taken back and has not run out."""
    return row.withdrawn_at is None and row.given_on <= today <= row.valid_until


def covered(case: Case, *, today: date) -> frozenset[str]:
    """To what somebody agrees today."""
    return frozenset(part for row in of_case(case) if holds(row, today=today) for part in row.covers)


def missing(case: Case, *, today: date) -> str | None:
    """What a case lacks before it may be public: `consent`, `sources` or nothing."""
    if case.basis == "consent":
        return None if _until(case, today=today) else "consent"
    return None if _has_source(case) else "sources"


def _has_source(case: Case) -> bool:
    return db.session.scalar(select(CaseSource.case_id).where(CaseSource.case_id == case.id).limit(1)) is not None


def add(
    case: Case,
    *,
    giver: str,
    who: str,
    covers: Collection[str],
    given_on: date,
    valid_until: date,
    evidence: tuple[str, bytes] | None,
    folder: Path,
    by: Account,
    now: datetime,
) -> CaseConsent:
    """Write down that somebody agreed. `evidence`: a file's name and what is in it, kept sealed in `folder`. Raises DiskFull."""
    row = CaseConsent(id=new_id(), case_id=case.id, giver=giver, who=who, covers=sorted(covers), given_on=given_on, valid_until=valid_until, recorded_at=now)
    if evidence is not None:
        row.evidence_name, row.evidence_size = PurePath(evidence[0].replace("\\", "/")).name[:200] or "file", len(evidence[1])
        files.write(folder, str(row.id), evidence[1], place=_place(row))
    db.session.add(row)
    db.session.flush()
    audit.record(by=by.id, action="case.consent_recorded", of=case.slug, now=now, details={"consent": str(row.id), "giver": giver, "covers": row.covers})
    settle(case, by=by.id, now=now)
    return row


def withdraw(case: Case, row: CaseConsent, *, by: Account, now: datetime) -> None:
    """Somebody takes it back. Where nothing else lets the case be public, it is hidden at once."""
    if row.withdrawn_at is None:
        row.withdrawn_at = now
        audit.record(by=by.id, action="case.consent_withdrawn", of=case.slug, now=now, details={"consent": str(row.id)})
    db.session.flush()
    settle(case, by=by.id, now=now)


def read(case: Case, row: CaseConsent, *, by: Account, now: datetime) -> str:
    """Who agreed. That somebody looked is in the trail."""
    audit.record(by=by.id, action="case.consent_read", of=case.slug, now=now, details={"consent": str(row.id)})
    return str(row.who)


def evidence(case: Case, row: CaseConsent, *, folder: Path, by: Account, now: datetime) -> tuple[str, bytes]:
    """The file and its name. That somebody took it is in the trail. Raises FileGone and SealBroken."""
    plain = files.read(folder, str(row.id), place=_place(row))
    audit.record(by=by.id, action="case.evidence_taken", of=case.slug, now=now, details={"consent": str(row.id)})
    return str(row.evidence_name or "file"), plain


def choose_basis(case: Case, basis: str, *, by: Account, now: datetime) -> None:
    """Say why the case may be public: its sources, or somebody's consent. Hidden at once where that does not hold."""
    if basis not in BASES:
        raise ValueError(f"“{basis}” is none of {', '.join(BASES)}")
    if basis == case.basis:
        return
    before, until = case.basis, _until(case, today=now.date()) if basis == "consent" else None
    rests = until is not None if basis == "consent" else _has_source(case)
    if case.publication == "public" and not rests:
        hide(case, by=by.id, now=now, why=basis)  # first: the database refuses a public case that rests on nothing
    case.basis, case.consent_until = basis, until
    audit.record(by=by.id, action="case.basis_chosen", of=case.slug, now=now, details={"basis": [before, basis]})
    settle(case, by=by.id, now=now)


def publish(case: Case, *, by: Account, now: datetime) -> None:
    """Show the case to everybody. Raises NotPublishable and StepRefused. One that was stopped stays stopped."""
    lacks = missing(case, today=now.date())
    if lacks is not None:
        raise NotPublishable(lacks)
    _keep_day(case, now=now)
    _step(case, "public", by=by.id, now=now)


def hide(case: Case, *, by: uuid.UUID | None, now: datetime, why: str = "decided") -> None:
    """Show it to nobody, and stop all that has not left, at once. Raises StepRefused."""
    _step(case, "hidden", by=by, now=now, why=why)
    case.stopped_at = case.stopped_at or now


def settle(case: Case, *, by: uuid.UUID | None, now: datetime) -> None:
    """After anything about consent changed: the day until which it holds, and a public case without one is hidden."""
    if case.publication == "public" and missing(case, today=now.date()) == "consent":
        hide(case, by=by, now=now, why="consent")
    _keep_day(case, now=now)
    db.session.flush()
    touch_public(db.session())  # a photograph may have come or gone with it


def hide_lapsed(*, now: datetime) -> int:
    """Hide the cases whose consent ran out. Returns how many. Harmless when run twice."""
    query = select(Case).where(Case.publication == "public", Case.consent_until < now.date())
    lapsed = db.session.scalars(query.with_for_update(skip_locked=True, of=Case)).all()
    for case in lapsed:
        settle(case, by=None, now=now)  # another consent may hold for longer
    return len(lapsed)


def _keep_day(case: Case, *, now: datetime) -> None:
    case.consent_until = _until(case, today=now.date()) if case.basis == "consent" else None


def _until(case: Case, *, today: date) -> date | None:
    """The last day of the consent that holds longest and covers what is needed."""
    return max((row.valid_until for row in of_case(case) if holds(row, today=today) and set(row.covers) >= NEEDED), default=None)


def _step(case: Case, state: str, *, by: uuid.UUID | None, now: datetime, **details: str) -> None:
    """The one way from state to state."""
    if state not in PUBLICATION[case.publication]:
        raise StepRefused(f"{case.publication} does not lead to {state}")
    case.publication = state
    audit.record(by=by, action="case.published" if state == "public" else "case.hidden", of=case.slug, now=now, details=details)


def _place(row: CaseConsent) -> str:
    return f"case_consent/evidence/{row.id}"
