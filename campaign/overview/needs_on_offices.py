"""What needs a person in the directory: letters that wait for an address, and addresses that nobody has looked at for long."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from campaign.appeals.models import Appeal, AppealTarget
from campaign.authorities.checking import MAILBOX_STALE, PAPER_STALE, stale
from campaign.authorities.models import Authority, Mailbox
from campaign.authorities.service import office, verified
from campaign.dispatch.models import PetitionDelivery
from campaign.letters.models import Letter
from campaign.overview.need import Line, Need, need, rows_of, said
from campaign.overview.whose import Whose
from campaign.text import _, ngettext


def _unverified_offices(now: datetime, whose: Whose) -> Need | None:
    mailbox = select(Mailbox.id).where(Mailbox.authority_id == Authority.id, Mailbox.verified_at.is_not(None)).exists()
    delivery = select(PetitionDelivery.id).where(PetitionDelivery.authority_id == Authority.id, PetitionDelivery.state == "ready").exists()
    by_email = and_(~mailbox, or_(_letter_waits("email", "queued", "sealed"), delivery))
    rows = rows_of(select(Authority).where(or_(by_email, and_(~verified(), _letter_waits("print", "queued")))).order_by(Authority.key))
    title = ngettext(
        "Letters wait for %(said)s address that nobody has verified", "Letters wait for %(said)s addresses that nobody has verified", len(rows), said=said(rows)
    )
    consequence = _("Nothing goes there. Compare address and mailbox with the office's own page, then say so on its page here.")
    return need("unverified-offices", rows, title, consequence, None, (Line(office(row), link=_verify(row)) for row in rows), now)


def _verify(row: Authority) -> tuple[str, str, dict[str, Any]]:
    return _("Verify"), "offices.verify", {"key": row.key}


def _due_offices(now: datetime, whose: Whose) -> Need | None:
    used = select(AppealTarget.id).join(Appeal, Appeal.id == AppealTarget.appeal_id)
    used = used.where(AppealTarget.authority_id == Authority.id, Appeal.state.in_(("live", "paused")), Appeal.act_before >= now.date())
    rows = rows_of(select(Authority).where(stale(now=now), used.exists()).order_by(Authority.key))
    title = ngettext("The address of %(said)s office is to be checked again", "The addresses of %(said)s offices are to be checked again", len(rows), said=said(rows))
    consequence = _(
        "A postal address is good for a year, a mailbox for half a year: after that offices move and mailboxes die unnoticed. Letters still go there meanwhile."
    )
    since = min((_due_since(row, now=now) for row in rows), default=None)
    return need("due-offices", rows, title, consequence, since, (Line(office(row), link=_verify(row)) for row in rows), now)


def _due_since(row: Authority, *, now: datetime) -> datetime:
    days = [row.verified_at + PAPER_STALE if row.verified_at else now, *(box.verified_at + MAILBOX_STALE for box in row.mailboxes if box.verified_at)]
    return min(days)


def _letter_waits(channel: str, *states: str) -> ColumnElement[bool]:
    return select(Letter.id).where(Letter.authority_id == Authority.id, Letter.channel == channel, Letter.state.in_(states)).exists()


ASKERS = (_unverified_offices, _due_offices)
