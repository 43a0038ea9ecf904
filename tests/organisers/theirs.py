"""One organisation's things, one of each kind, and the address of each under every route of the desk that names one.

A new route that names an object stands here too: in `addresses`, or in `SHARED` with the reason why it belongs to no organisation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal, Drive, Launch
from campaign.cases.models import Case, CaseConsent, CaseReport
from campaign.db import db, new_id, now_utc
from campaign.dispatch.models import BatchItem, PetitionDelivery
from campaign.dispatch.seal import seal_email
from campaign.letters.models import Letter
from campaign.organisers import approvals
from campaign.organisers.models import Approval, Organisation
from campaign.printing.models import Bundle
from tests import made
from tests.dispatch.letters import letters
from tests.overview.drives import make_drive
from tests.printing.rows import letter, rendered, taken

DIRECTORY = "an office is one row for the appeals of all organisations; what changes its address waits for a second person"
SHARED = {
    **dict.fromkeys(("office_files.export", "offices.doubt", "offices.edit", "offices.one", "offices.past", "offices.verify"), DIRECTORY),
    "account.end": "a login is its owner's, and nobody else ends it (test_own_logins.py)",
    "desk.decide_mail": "a mail to a supporter is the site's; its page names no appeal",
}
ADMINS = {"admin"}
KIND = "theirs.change"


@dataclass
class Theirs:
    """What belongs to one organisation."""

    organisation: Organisation
    case: Case
    petition: Appeal
    letters: Appeal
    item: BatchItem
    stopped: Letter
    delivery: PetitionDelivery
    bundle: Bundle
    request: Approval
    drive: Drive
    consent: CaseConsent
    report: CaseReport
    launch: Launch

    @classmethod
    def make(cls, app: CampaignApp, organisation: Organisation) -> "Theirs":
        """One of each, made and committed."""
        case = made.case(f"case-of-{organisation.slug}", organisation_id=organisation.id)
        consent = made.consent(case)
        office = made.authority(f"office-of-{organisation.slug}")
        petition, appeal = (made.appeal(kind, of=case, targets=[office], batch_size=1, batch_age_minutes=0) for kind in ("petition", "letter"))
        stopped, _paper = letter(appeal, office, 2), letter(appeal, office, 3)
        stopped.state = "stopped"
        email = letters(appeal, 1)[0]
        seal_email(now=now_utc())
        item = db.session.scalars(select(BatchItem).where(BatchItem.letter_id == email.id)).one()
        item.state = email.state = "unknown"
        delivery = PetitionDelivery(
            appeal_id=petition.id, authority_id=office.id, reason="closing", state="unknown", message_id=f"<{new_id()}@example.org>", created_at=now_utc()
        )
        db.session.add(delivery)
        db.session.commit()
        bundle = taken(made.account(email=f"volunteer-of-{organisation.slug}@example.org"))
        rendered(app)
        approvals.register(KIND, lambda request, by, now: None)
        asker = made.account("reviewer", email=f"reviewer-of-{organisation.slug}@example.org")
        request = approvals.ask(kind=KIND, of=case.slug, by=asker.id, before={"title": "Old"}, after={"title": "New"}, organisation_id=organisation.id, now=now_utc())
        launch = Launch(case_id=case.id, organisation_id=organisation.id, typed={"kinds": ["petition"], "languages": "en"}, edited_by=asker.id, edited_at=now_utc())
        db.session.add(launch)
        db.session.commit()
        drive = make_drive(case, slug=f"drive-of-{organisation.slug}", organisation_id=organisation.id)
        return cls(organisation, case, petition, appeal, item, stopped, delivery, bundle, request, drive, consent, made.report(case), launch)

    def addresses(self) -> dict[str, dict[str, Any]]:
        """By route, the values of an address that names one of theirs."""
        in_bundle = {"bundle_id": self.bundle.id}
        batch = self.bundle.batches[0].batch
        return {
            "approvals.decide": {"request_id": self.request.id, "decision": "grant"},
            "approvals.one": {"request_id": self.request.id},
            "cases.edit": {"slug": self.case.slug},
            "cases.show": {"slug": self.case.slug},
            "photographs.add": {"slug": self.case.slug},
            "photographs.look": {"slug": self.case.slug},
            "photographs.remove": {"slug": self.case.slug},
            "reporting.answer": {"slug": self.case.slug, "report_id": self.report.id},
            "reporting.read": {"slug": self.case.slug, "report_id": self.report.id},
            "publishing.add_consent": {"slug": self.case.slug},
            "publishing.checked": {"slug": self.case.slug},
            "publishing.choose_basis": {"slug": self.case.slug, "basis": "public_sources"},
            "publishing.evidence": {"slug": self.case.slug, "consent_id": self.consent.id},
            "publishing.hide": {"slug": self.case.slug},
            "publishing.publish": {"slug": self.case.slug},
            "publishing.read_consent": {"slug": self.case.slug, "consent_id": self.consent.id},
            "publishing.withdraw_consent": {"slug": self.case.slug, "consent_id": self.consent.id},
            "appeals.launch": {"launch_id": self.launch.id},
            "appeals.leave": {"launch_id": self.launch.id, "what": "back"},
            "appeals.words": {"slug": self.petition.slug},
            "appeals.new": {"slug": self.case.slug},
            "desk.decide_delivery": {"row_id": self.delivery.id, "found": "again"},
            "desk.decide_letter": {"row_id": self.item.id, "found": "again"},
            "desk.move_appeal": {"slug": self.petition.slug, "state": "paused"},
            "desk.requeue_letter": {"row_id": self.stopped.id},
            "desk.resume_case": {"slug": self.case.slug},
            "desk.stop_case": {"slug": self.case.slug},
            "drives.clone": {"slug": self.drive.slug},
            "drives.discard": {"slug": self.drive.slug},
            "drives.edit": {"slug": self.drive.slug},
            "drives.move": {"slug": self.drive.slug, "state": "draft"},
            "organisations.edit": {"slug": self.organisation.slug},
            "organisations.second_person": {"slug": self.organisation.slug, "how": "off"},
            "printing.bundle": in_bundle,
            "printing.file": {"file_id": self.bundle.files[0].id},
            "printing.posted": in_bundle,
            "printing.return_all": in_bundle,
            "printing.return_batch": {**in_bundle, "batch_id": batch.id},
            "printing.return_letter": {**in_bundle, "item_id": batch.items[0].id},
            "printing.return_stopped": in_bundle,
        }


def naming(app: CampaignApp, *, needs_login: Callable[[str], bool]) -> list[tuple[str, str]]:
    """(endpoint, method) of every route of the desk that names an object."""
    rules = [rule for rule in app.url_map.iter_rules() if rule.arguments and needs_login(rule.endpoint)]
    return [(rule.endpoint, method) for rule in rules for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
