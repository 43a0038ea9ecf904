"""Anybody can say that a page about a case is wrong, or ask that it goes. Sealed; read and answered by a person; erased a while after."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select

from campaign.audit import service as audit
from campaign.cases.models import REPORT_STATES, Case, CaseReport
from campaign.db import db, new_id
from campaign.organisers.models import Account

KEPT_AFTER_ANSWER = timedelta(days=90)
LONGEST = 5000


class ReportUnknown(Exception):
    """There is no such report about this case."""


class ReportAnswered(Exception):
    """Somebody has answered it before."""


def receive(case: Case, *, kind: str, words: str, address: str, now: datetime) -> CaseReport:
    """Keep what somebody reports. It stands at the top of what needs a person; nothing is stopped by itself, or anybody could silence a case."""
    row = CaseReport(id=new_id(), case_id=case.id, kind=kind, state="open", words=words, address=address or None, received_at=now)
    db.session.add(row)
    db.session.flush()
    return row


def of_case(case: Case) -> list[CaseReport]:
    """What was reported about a case, what is open first, then the newest."""
    rows = db.session.scalars(select(CaseReport).where(CaseReport.case_id == case.id).order_by(CaseReport.id.desc()).limit(200))
    return sorted(rows, key=lambda row: row.state != "open")


def one(case: Case, report_id: uuid.UUID) -> CaseReport:
    """A report about this case. Raises ReportUnknown."""
    row = db.session.get(CaseReport, report_id)
    if row is None or row.case_id != case.id:
        raise ReportUnknown(str(report_id))
    return row


def read(case: Case, row: CaseReport, *, by: Account, now: datetime) -> tuple[str, str]:
    """Its words and the address for an answer. That somebody looked is in the trail."""
    audit.record(by=by.id, action="case.report_read", of=case.slug, now=now, details={"report": str(row.id)})
    return row.words or "", row.address or ""


def answer(case: Case, row: CaseReport, *, by: Account, now: datetime) -> None:
    """Somebody dealt with it. Raises ReportAnswered."""
    if "answered" not in REPORT_STATES[row.state]:
        raise ReportAnswered(str(row.id))
    row.state, row.answered_at = "answered", now
    audit.record(by=by.id, action="case.report_answered", of=case.slug, now=now, details={"report": str(row.id), "kind": row.kind})


def forget(*, now: datetime, limit: int = 500) -> int:
    """Erase the words and addresses of reports that were answered a while ago. Returns how many. Harmless when run twice."""
    old = select(CaseReport).where(CaseReport.state == "answered", CaseReport.answered_at < now - KEPT_AFTER_ANSWER, CaseReport.words_sealed.is_not(None))
    rows = db.session.scalars(old.limit(limit).with_for_update(skip_locked=True)).all()
    for row in rows:
        row.words = row.address = None
    return len(rows)
