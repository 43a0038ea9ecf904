"""What needs a person: each state that is not final has its line here, with what follows from it and what can be done."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import select, true

from campaign.appeals.models import Appeal
from campaign.appeals.service import asks_still
from campaign.authorities.service import office
from campaign.cases.models import Case, CaseReport
from campaign.cases.service import main_name
from campaign.db import db
from campaign.dispatch.models import Batch, BatchItem, PetitionDelivery
from campaign.letters.models import Letter
from campaign.mail import service as mail
from campaign.mail.models import OutgoingMail
from campaign.organisers import approvals
from campaign.organisers.models import Account, Approval
from campaign.overview import needs_on_offices, needs_on_paper
from campaign.overview.need import MOST, Button, Line, Need, need, rows_of, said
from campaign.overview.whose import Whose
from campaign.text import _, day_text, ngettext, number_text

MAIL_IS_LATE = timedelta(hours=1)
BATCH_IS_LATE = timedelta(hours=24)
REVIEW_AHEAD = timedelta(days=30)
FIRST = "reports"
"""Somebody says that a case may do harm: that stands above everything else, however short it has waited."""


def needs(*, now: datetime, account: Account | None = None) -> list[Need]:
    """Everything that needs a person, the oldest first; for an account, what is theirs. Each is a short list asked of an index; nothing is counted."""
    askers: tuple[Callable[[datetime, Whose], Need | None], ...] = (
        _reports,
        _unknown_letters,
        _unknown_deliveries,
        _unknown_mails,
        _refused_letters,
        _refused_deliveries,
        _refused_mails,
        _late_mails,
        _late_batches,
        _late_deliveries,
        *needs_on_offices.ASKERS,
        _reviews,
        _consents,
        _approvals,
        *needs_on_paper.ASKERS,
    )
    whose = Whose(account)
    found = (ask(now, whose) for ask in askers)
    return sorted((one for one in found if one is not None), key=lambda one: (one.key != FIRST, one.since))


def _to(batch: Batch) -> str:
    return office(batch.authority) if batch.authority is not None else _("where messages are collected")


def _decide(endpoint: str, row_id: uuid.UUID) -> tuple[Button, ...]:
    return (
        Button(_("It was sent"), endpoint, {"row_id": row_id, "found": "sent"}),
        Button(_("It was not: send again"), endpoint, {"row_id": row_id, "found": "again"}, "stop"),
    )


def _again(endpoint: str, row_id: uuid.UUID) -> tuple[Button, ...]:
    return (Button(_("Send again"), endpoint, {"row_id": row_id, "found": "again"}),)


def _items(state: str, whose: Whose) -> list[tuple[BatchItem, Batch]]:
    query = select(BatchItem, Batch).join(Batch, Batch.id == BatchItem.batch_id).join(Letter, Letter.id == BatchItem.letter_id)
    query = query.where(BatchItem.state == state, Batch.channel == "email", whose.appeals(Letter.appeal_id))
    return [(item, batch) for item, batch in db.session.execute(query.order_by(BatchItem.claimed_at).limit(MOST + 1)).unique()]


def _unknown_letters(now: datetime, whose: Whose) -> Need | None:
    rows = _items("unknown", whose)
    title = ngettext("%(said)s letter may or may not have been sent", "%(said)s letters may or may not have been sent", len(rows), said=said(rows))
    consequence = _("A sender stopped in the middle. Look for each Message-ID in the mail server's log. Until you decide, it is not sent again; its writer reads so.")
    lines = (
        Line(_("Batch %(number)s, %(office)s: %(id)s", number=batch.number, office=_to(batch), id=item.letter.message_id), _decide("desk.decide_letter", item.id))
        for item, batch in rows
    )
    return need("unknown-letters", rows, title, consequence, rows[0][0].claimed_at if rows else None, lines, now)


def _refused_letters(now: datetime, whose: Whose) -> Need | None:
    rows = _items("failed", whose)
    title = ngettext("%(said)s letter was refused", "%(said)s letters were refused", len(rows), said=said(rows))
    consequence = _("The office's server does not take them. Check the mailbox; “Send again” puts a letter back among those that wait. Nothing is lost.")
    lines = (Line(f"{_to(batch)}: {item.answer or ''}", _again("desk.decide_letter", item.id)) for item, batch in rows)
    return need("refused-letters", rows, title, consequence, rows[0][0].claimed_at if rows else None, lines, now)


def _deliveries(state: str, whose: Whose) -> list[PetitionDelivery]:
    return rows_of(select(PetitionDelivery).where(PetitionDelivery.state == state, whose.appeals(PetitionDelivery.appeal_id)).order_by(PetitionDelivery.created_at))


def _delivery_text(delivery: PetitionDelivery) -> str:
    return f"{main_name(delivery.appeal.case)}, {office(delivery.authority)}: {delivery.message_id}"


def _unknown_deliveries(now: datetime, whose: Whose) -> Need | None:
    rows = _deliveries("unknown", whose)
    title = ngettext("%(said)s petition may or may not have been handed over", "%(said)s petitions may or may not have been handed over", len(rows), said=said(rows))
    consequence = _("Look for the Message-ID in the mail server's log. Until you decide it is not sent again.")
    lines = (Line(_delivery_text(row), _decide("desk.decide_delivery", row.id)) for row in rows)
    return need("unknown-deliveries", rows, title, consequence, rows[0].claimed_at if rows else None, lines, now)


def _refused_deliveries(now: datetime, whose: Whose) -> Need | None:
    rows = _deliveries("failed", whose)
    title = ngettext("%(said)s petition was refused", "%(said)s petitions were refused", len(rows), said=said(rows))
    consequence = _("The office has not received it. Check the mailbox, then send again, or hand it over in another way.")
    lines = (Line(f"{main_name(row.appeal.case)}, {office(row.authority)}: {row.answer or ''}", _again("desk.decide_delivery", row.id)) for row in rows)
    return need("refused-deliveries", rows, title, consequence, rows[0].claimed_at if rows else None, lines, now)


def _unknown_mails(now: datetime, whose: Whose) -> Need | None:
    rows = [row for row in mail.needing_a_person() if row.state == "unknown"]
    title = ngettext(
        "%(said)s mail to a supporter may or may not have been sent", "%(said)s mails to supporters may or may not have been sent", len(rows), said=said(rows)
    )
    consequence = _("Nobody can confirm by a mail that never came. Sending a second one does no harm here.")
    lines = (Line(row.message_id, _decide("desk.decide_mail", row.id)) for row in rows)
    return need("unknown-mails", rows, title, consequence, rows[0].created_at if rows else None, lines, now)


def _refused_mails(now: datetime, whose: Whose) -> Need | None:
    rows = [row for row in mail.needing_a_person() if row.state == "failed"]
    title = ngettext("%(said)s mail to a supporter was refused", "%(said)s mails to supporters were refused", len(rows), said=said(rows))
    consequence = _("Most are mistyped addresses: leave them, they are forgotten after a week. Send again only what our own server got wrong.")
    lines = (Line(row.answer or row.message_id, _again("desk.decide_mail", row.id)) for row in rows)
    return need("refused-mails", rows, title, consequence, rows[0].created_at if rows else None, lines, now)


def _late_mails(now: datetime, whose: Whose) -> Need | None:
    rows = rows_of(select(OutgoingMail).where(OutgoingMail.state == "ready", OutgoingMail.not_before < now - MAIL_IS_LATE).order_by(OutgoingMail.not_before))
    title = ngettext(
        "%(said)s mail to a supporter waits for longer than an hour", "%(said)s mails to supporters wait for longer than an hour", len(rows), said=said(rows)
    )
    consequence = _("The mail server is away or the worker does not run. Nothing is lost; people wait for their link.")
    return need("late-mails", rows, title, consequence, rows[0].not_before if rows else None, (), now)


def _late_batches(now: datetime, whose: Whose) -> Need | None:
    query = select(Batch).where(Batch.state.in_(("ready", "sending")), Batch.channel == "email", Batch.sealed_at < now - BATCH_IS_LATE)
    rows = rows_of(query.where(whose.batches()).order_by(Batch.sealed_at))
    title = ngettext("%(said)s batch has not left within a day", "%(said)s batches have not left within a day", len(rows), said=said(rows))
    consequence = _("The appeal is paused, the mailbox rests or has reached its hourly cap. The letters wait; none is dropped.")
    lines = (Line(_("Batch %(number)s, %(office)s: %(count)s letters", number=row.number, office=_to(row), count=number_text(row.size))) for row in rows)
    return need("late-batches", rows, title, consequence, rows[0].sealed_at if rows else None, lines, now)


def _late_deliveries(now: datetime, whose: Whose) -> Need | None:
    query = select(PetitionDelivery).where(PetitionDelivery.state == "ready", PetitionDelivery.created_at < now - BATCH_IS_LATE)
    rows = rows_of(query.where(whose.appeals(PetitionDelivery.appeal_id)).order_by(PetitionDelivery.created_at))
    title = ngettext("%(said)s petition has not been handed over within a day", "%(said)s petitions have not been handed over within a day", len(rows), said=said(rows))
    consequence = _("The appeal is paused, or the mailbox rests, has reached its hourly cap or is not verified. It waits; no name is lost.")
    return need("late-deliveries", rows, title, consequence, rows[0].created_at if rows else None, (Line(_delivery_text(row)) for row in rows), now)


def _reviews(now: datetime, whose: Whose) -> Need | None:
    today = now.date()
    acts = select(Appeal.id).where(Appeal.case_id == Case.id, Appeal.state.in_(("live", "paused")), Appeal.act_before >= today).exists()
    rows = [row for row in rows_of(select(Case).where(Case.review_on <= today + REVIEW_AHEAD, acts, whose.cases()).order_by(Case.review_on)) if asks_still(row)]
    title = ngettext("The facts of %(said)s case are to be checked", "The facts of %(said)s cases are to be checked", len(rows), said=said(rows))
    consequence = _("After its day a case can be read, and its actions close by themselves. Check it against its sources, then say so on its page.")
    lines = (Line(_review_text(row, today), link=(_("Read"), "cases.show", {"slug": row.slug})) for row in rows)
    since = datetime.combine(rows[0].review_on - REVIEW_AHEAD, time(), UTC) if rows else None
    return need("reviews", rows, title, consequence, since, lines, now)


def _reports(now: datetime, whose: Whose) -> Need | None:
    query = select(CaseReport, Case).join(Case, Case.id == CaseReport.case_id).where(CaseReport.state == "open", whose.cases())
    # Who asks that a page goes stands before who found a mistake in it.
    rows = list(db.session.execute(query.order_by(CaseReport.kind.desc(), CaseReport.received_at).limit(MOST + 1)).unique())
    title = ngettext("%(said)s report about a case waits for an answer", "%(said)s reports about cases wait for an answer", len(rows), said=said(rows))
    consequence = _("Somebody found a mistake, or asks that a page goes. If it may do harm, stop the case now and ask later: nothing is lost by it.")
    lines = (Line(_report_text(row, case), _stop(case), link=(_("Read"), "cases.show", {"slug": case.slug})) for row, case in rows)
    return need(FIRST, rows, title, consequence, min((row.received_at for row, _case in rows), default=None), lines, now)


def _report_text(report: CaseReport, case: Case) -> str:
    asked = _("asks that it goes") if report.kind == "removal" else _("a mistake")
    return _("%(name)s: %(asked)s, %(day)s", name=main_name(case), asked=asked, day=day_text(report.received_at))


def _stop(case: Case) -> tuple[Button, ...]:
    return () if case.stopped_at is not None else (Button(_("Stop now, ask later"), "desk.stop_case", {"slug": case.slug}, "stop"),)


def _consents(now: datetime, whose: Whose) -> Need | None:
    today = now.date()
    query = select(Case).where(Case.publication == "public", Case.consent_until <= today + REVIEW_AHEAD, whose.cases())
    rows = rows_of(query.order_by(Case.consent_until))
    title = ngettext("The consent for %(said)s case runs out", "The consents for %(said)s cases run out", len(rows), said=said(rows))
    consequence = _("After its day the case is hidden by itself, and nothing about it leaves. Ask again in time, and write down what was agreed.")
    lines = (Line(_consent_text(row), link=(_("Look"), "cases.show", {"slug": row.slug})) for row in rows)
    since = datetime.combine(_until(rows[0]) - REVIEW_AHEAD, time(), UTC) if rows else None
    return need("consents", rows, title, consequence, since, lines, now)


def _until(case: Case) -> date:
    assert case.consent_until is not None, "the query asked for a day"
    return case.consent_until


def _consent_text(case: Case) -> str:
    return _("%(name)s: until %(day)s", name=main_name(case), day=day_text(_until(case)))


def _review_text(case: Case, today: date) -> str:
    if today > case.review_on:
        return _("%(name)s: closed since %(day)s", name=main_name(case), day=day_text(case.review_on))
    return _("%(name)s: by %(day)s", name=main_name(case), day=day_text(case.review_on))


def _approvals(now: datetime, whose: Whose) -> Need | None:
    others = true() if whose.account is None else Approval.asked_by != whose.account.id
    rows = rows_of(select(Approval).where(Approval.state == "asked", others, whose.of(Approval.organisation_id)).order_by(Approval.id))
    title = ngettext("%(said)s request waits for a second person", "%(said)s requests wait for a second person", len(rows), said=said(rows))
    consequence = _("Nothing of it happens until somebody else than who asked has looked at what would change, and says yes or no.")
    lines = (Line(f"{approvals.called(row)} {row.object_id}".strip(), link=(_("Look at what would change"), "approvals.one", {"request_id": row.id})) for row in rows)
    return need("approvals", rows, title, consequence, rows[0].asked_at if rows else None, lines, now)
