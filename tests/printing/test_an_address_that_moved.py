"""What was sealed for an office whose address changed: nothing leaves under the old one, and nothing is lost."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.authorities import checking, editing, history
from campaign.authorities.facts import facts_of
from campaign.authorities.models import Authority
from campaign.db import db, now_utc
from campaign.dispatch.claim import due_batches
from campaign.dispatch.models import Batch, BatchItem
from campaign.dispatch.seal import seal_email
from campaign.organisers import approvals
from campaign.organisers.models import Account
from campaign.printing import service
from campaign.printing.models import Bundle, PrintFile
from campaign.printing.recall import under_way
from tests import made
from tests.dispatch.letters import NOON, letter_appeal, letters
from tests.printing.rows import files_of, pool, rendered, taken


def move(office: Authority, *, sheets: str = editing.HOLD, mailbox: str = "") -> Account:
    """The address changes with two people; given is the second one, who may verify it."""
    first, second = made.account("organiser"), made.account("reviewer")
    facts = replace(facts_of(office), lines=("9 Example Street",))
    if mailbox:
        facts = replace(facts, mailboxes={mailbox: 60})
    request = editing.change(office, facts, by=first.id, seen=editing.stamp(office), now=now_utc(), sheets=sheets)
    assert request is not None
    approvals.grant(request, by=second.id, now=now_utc())
    db.session.commit()
    return second


def verify(office: Authority, by: Account) -> None:
    boxes = [mailbox.address for mailbox in office.mailboxes]
    checking.check(office, by=by.id, version=history.number_of(office), postal=True, mailboxes=boxes, source="https://office.example", now=now_utc())
    db.session.commit()


def volunteer_with(app: CampaignApp, *, printed: bool) -> tuple[Account, Bundle, Authority]:
    pool(3)
    volunteer = made.account("volunteer")
    bundle = taken(volunteer)
    rendered(app)
    if printed:
        assert service.download(bundle.files[0].id, by=volunteer, folder=files_of(app), now=now_utc())
        db.session.commit()
    office = bundle.batches[0].batch.authority
    assert office is not None
    return volunteer, bundle, office


def test_what_is_under_way_is_told_before_anything_changes(any_app: CampaignApp) -> None:
    _volunteer, bundle, office = volunteer_with(any_app, printed=True)
    found = under_way(office)
    assert [(way.letters, way.bundle_id) for way in found.printed] == [(3, bundle.id)]
    assert not found.taken and not found.email


def test_a_file_set_with_the_old_address_is_never_handed_out(any_app: CampaignApp) -> None:
    volunteer, bundle, office = volunteer_with(any_app, printed=False)
    verify(office, move(office))
    file = db.session.get_one(PrintFile, bundle.files[0].id)
    assert file.state == "waiting"
    with pytest.raises(service.BundleUnknown):
        service.download(file.id, by=volunteer, folder=files_of(any_app), now=now_utc())
    rendered(any_app)
    assert service.download(file.id, by=volunteer, folder=files_of(any_app), now=now_utc()), "set anew, it goes"


def test_printed_sheets_are_kept_back_although_the_new_address_is_verified(any_app: CampaignApp) -> None:
    _volunteer, bundle, office = volunteer_with(any_app, printed=True)
    verify(office, move(office))
    with pytest.raises(service.HoldsStopped):
        service.posted(bundle=bundle, now=now_utc())
    service.return_letters(bundle=bundle, batch_id=None, now=now_utc(), only_stopped=True)
    assert {item.state for item in db.session.scalars(select(BatchItem))} == {"returned"}
    assert {item.letter.state for item in db.session.scalars(select(BatchItem))} == {"queued"}, "they wait for another volunteer, with the new address"


def test_printed_sheets_may_go_where_two_people_said_so_and_the_address_is_verified(any_app: CampaignApp) -> None:
    _volunteer, bundle, office = volunteer_with(any_app, printed=True)
    second = move(office, sheets=editing.GO)
    with pytest.raises(service.HoldsStopped):
        service.posted(bundle=bundle, now=now_utc())
    verify(office, second)
    service.posted(bundle=bundle, now=now_utc())
    assert bundle.state == "posted"


def test_a_sealed_batch_goes_to_the_new_mailbox_once_it_is_verified(any_app: CampaignApp) -> None:
    appeal = letter_appeal(size=2)
    letters(appeal, 2)
    office = appeal.targets[0].authority
    assert len(seal_email(now=NOON)) == 1
    db.session.commit()
    assert [way.letters for way in under_way(office).email] == [2]
    second = move(office, mailbox="new@authorities.example")
    with db.engine.connect() as connection:
        assert due_batches(connection, now=now_utc()) == []
    verify(office, second)
    with db.engine.connect() as connection:
        assert [due.address for due in due_batches(connection, now=now_utc())] == ["new@authorities.example"]
    assert db.session.scalars(select(Batch)).unique().one().state == "ready"
