"""What needs a person in the print room."""

from datetime import datetime, timedelta

from sqlalchemy import select

from campaign.appeals.models import Appeal
from campaign.letters.models import Letter
from campaign.overview.need import Button, Line, Need, need, rows_of, said
from campaign.overview.whose import Whose
from campaign.printing.models import Bundle, PrintFile
from campaign.printing.shown import SLOW_AFTER
from campaign.text import _, day_text, ngettext

POOL_IS_LATE = timedelta(days=14)
WORKER_IS_LATE = timedelta(minutes=10)


def _bundle_line(bundle: Bundle) -> Line:
    text = _("%(name)s, %(day)s", name=bundle.volunteer.name, day=day_text(bundle.asked_at))
    return Line(text, link=(_("Decide"), "printing.bundle", {"bundle_id": bundle.id}))


def _overdue_bundles(now: datetime, whose: Whose) -> Need | None:
    rows = rows_of(select(Bundle).where(Bundle.state == "printed", Bundle.lease_until < now, whose.bundles()).order_by(Bundle.lease_until))
    title = ngettext("%(said)s printed bundle is overdue", "%(said)s printed bundles are overdue", len(rows), said=said(rows))
    consequence = _("Only a person knows whether it was posted. Ask the volunteer, then say so on its page: posted, or returned to the pool.")
    return need("overdue-bundles", rows, title, consequence, rows[0].lease_until if rows else None, map(_bundle_line, rows), now)


def _waiting_bundles(now: datetime, whose: Whose) -> Need | None:
    rows = rows_of(select(Bundle).where(Bundle.state == "asked", Bundle.asked_at < now - WORKER_IS_LATE, whose.bundles()).order_by(Bundle.asked_at))
    title = ngettext("%(said)s volunteer waits for a bundle", "%(said)s volunteers wait for a bundle", len(rows), said=said(rows))
    consequence = _("The worker seals a bundle within seconds: it does not run. Nothing is sent or printed until it does.")
    return need("waiting-bundles", rows, title, consequence, rows[0].asked_at if rows else None, map(_bundle_line, rows), now)


def _slow_files(now: datetime, whose: Whose) -> Need | None:
    query = select(PrintFile).join(Bundle, Bundle.id == PrintFile.bundle_id).where(PrintFile.state == "waiting", PrintFile.attempts > SLOW_AFTER)
    rows = rows_of(query.where(PrintFile.delete_after.is_(None), whose.bundles()).order_by(PrintFile.id))
    title = ngettext("%(said)s file cannot be made", "%(said)s files cannot be made", len(rows), said=said(rows))
    consequence = _("The disk is full, or an address does not fit the window: the worker's log says which. It is tried again every few minutes.")
    lines = (Line(_("Attempt %(number)s", number=row.attempts), link=(_("Look"), "printing.bundle", {"bundle_id": row.bundle_id})) for row in rows)
    return need("slow-files", rows, title, consequence, rows[0].claimed_at if rows else None, lines, now)


def _unprintable_letters(now: datetime, whose: Whose) -> Need | None:
    query = select(Letter).join(Appeal, Appeal.id == Letter.appeal_id).where(Letter.state == "stopped", Letter.channel == "print", Appeal.state != "withdrawn")
    rows = rows_of(query.where(whose.appeals(Letter.appeal_id)).order_by(Letter.confirmed_at))
    title = ngettext("%(said)s letter cannot be printed", "%(said)s letters cannot be printed", len(rows), said=said(rows))
    consequence = _("No font here has one of its characters, it does not fit its page, or its words do not open. Its writer can take it back, or it can wait again.")
    lines = (Line(row.code, (Button(_("Let it wait again"), "desk.requeue_letter", {"row_id": row.id}),)) for row in rows)
    return need("unprintable-letters", rows, title, consequence, rows[0].confirmed_at if rows else None, lines, now)


def _forgotten_pool(now: datetime, whose: Whose) -> Need | None:
    query = select(Letter).where(Letter.channel == "print", Letter.state == "queued", Letter.confirmed_at < now - POOL_IS_LATE)
    rows = rows_of(query.where(whose.appeals(Letter.appeal_id)).order_by(Letter.confirmed_at))
    title = ngettext("%(said)s letter for paper waits for over a fortnight", "%(said)s letters for paper wait for over a fortnight", len(rows), said=said(rows))
    consequence = _("No volunteer has taken them, or their appeal is paused. Take a bundle, or ask somebody to.")
    lines = (Line("", link=(_("Print room"), "printing.bundles", {})),)
    return need("forgotten-pool", rows, title, consequence, rows[0].confirmed_at if rows else None, lines, now)


ASKERS = (_overdue_bundles, _waiting_bundles, _slow_files, _unprintable_letters, _forgotten_pool)
