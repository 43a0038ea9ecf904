"""Printing, posting and giving back: each asks again whether a letter may leave, and nothing leaves twice."""

import uuid
from datetime import timedelta
from pathlib import Path

import pypdf
import pytest
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.appeals.service import step, stop_case
from campaign.db import db, now_utc
from campaign.letters.models import LetterStep
from campaign.mail.states import NoSuchStep
from campaign.organisers.models import Account
from campaign.printing import service
from campaign.printing.models import BUNDLE_STATES, FILE_STATES, Bundle, PrintFile
from campaign.printing.prepare import return_overdue
from campaign.printing.steps import step_bundle, step_file
from tests import made
from tests.printing.rows import files_of, items, pool, rendered, taken


def _printed(app: CampaignApp, volunteer: Account, size: int = 5) -> Bundle:
    bundle = taken(volunteer, size)
    rendered(app)
    for file in bundle.files:
        assert service.download(file.id, by=volunteer, folder=files_of(app), now=now_utc())
    db.session.commit()
    db.session.expire_all()
    return bundle


def _stop(bundle: Bundle) -> None:
    stop_case(items(bundle)[0].letter.appeal.case, now=now_utc())
    db.session.commit()


def test_downloading_marks_the_letters_as_printed_in_the_volunteers_country(any_app: CampaignApp) -> None:
    letters = pool(2)
    bundle = _printed(any_app, made.account(country="NO"))
    assert bundle.state == "printed"
    assert {letter.state for letter in letters} == {"printed"}
    steps = db.session.scalars(select(LetterStep).where(LetterStep.step == "printed")).all()
    assert {step.country for step in steps} == {"NO"}


def test_posted_letters_are_told_and_can_never_be_given_out_again(any_app: CampaignApp) -> None:
    letters = pool(3)
    bundle = _printed(any_app, made.account())
    service.posted(bundle=bundle, now=now_utc())
    db.session.commit()
    db.session.expire_all()
    assert bundle.state == "posted"
    assert {letter.state for letter in letters} == {"posted"}
    assert {step.country for step in db.session.scalars(select(LetterStep).where(LetterStep.step == "posted"))} == {"NO"}
    service.return_letters(bundle=bundle, batch_id=None, now=now_utc())
    with pytest.raises(service.BundleUnknown):
        service.return_letter(items(bundle)[0].id, bundle=bundle, now=now_utc())
    service.posted(bundle=bundle, now=now_utc())
    return_overdue(now=now_utc() + timedelta(days=60))
    db.session.commit()
    db.session.expire_all()
    assert {letter.state for letter in letters} == {"posted"}
    assert taken(made.account(email="another@example.org")).state == "empty"


def test_what_was_not_printed_cannot_be_posted(any_app: CampaignApp) -> None:
    pool(4, offices=2)
    volunteer = made.account()
    bundle = taken(volunteer)
    rendered(any_app)
    with pytest.raises(service.NotPrinted):
        service.posted(bundle=bundle, now=now_utc())
    service.download(bundle.files[0].id, by=volunteer, folder=files_of(any_app), now=now_utc())
    with pytest.raises(service.NotPrinted) as refused:
        service.posted(bundle=bundle, now=now_utc())
    assert len(refused.value.numbers) == 1
    assert {item.letter.state for item in items(bundle)} == {"printed", "sealed"}


def test_letters_stopped_before_the_download_are_not_served(any_app: CampaignApp) -> None:
    letters = pool(2)
    volunteer = made.account()
    bundle = taken(volunteer)
    rendered(any_app)
    step(letters[0].appeal, "paused", now=now_utc())
    db.session.commit()
    assert service.download(bundle.files[0].id, by=volunteer, folder=files_of(any_app), now=now_utc()) is None
    db.session.commit()
    db.session.expire_all()
    assert {letter.state for letter in letters} == {"queued"}


def test_letters_stopped_after_they_were_printed_are_neither_served_again_nor_marked_posted(any_app: CampaignApp) -> None:
    letters = pool(2)
    volunteer = made.account()
    bundle = _printed(any_app, volunteer)
    _stop(bundle)
    with pytest.raises(service.HoldsStopped) as refused:
        service.download(bundle.files[0].id, by=volunteer, folder=files_of(any_app), now=now_utc())
    assert set(refused.value.codes) == {letter.code for letter in letters}
    with pytest.raises(service.HoldsStopped):
        service.posted(bundle=bundle, now=now_utc())
    db.session.rollback()
    assert {letter.state for letter in letters} == {"printed"}


def test_stopped_letters_are_returned_and_the_rest_is_posted(any_app: CampaignApp) -> None:
    office = made.authority()
    from tests.printing.rows import letter

    appeals = [made.appeal("letter", of=made.case(slug), targets=[office], slug=slug) for slug in ("test-one", "test-other")]
    stopped, leaves = (letter(appeal, office, number) for number, appeal in enumerate(appeals))
    db.session.commit()
    bundle = _printed(any_app, made.account())
    stop_case(appeals[0].case, now=now_utc())
    db.session.commit()
    service.return_letters(bundle=bundle, batch_id=None, now=now_utc(), only_stopped=True)
    service.posted(bundle=bundle, now=now_utc())
    db.session.commit()
    db.session.expire_all()
    assert (stopped.state, leaves.state, bundle.state) == ("queued", "posted", "posted")


def test_a_returned_letter_joins_another_batch_and_the_rest_of_its_file_is_made_again(any_app: CampaignApp) -> None:
    pool(3)
    first = taken(made.account())
    rendered(any_app)
    given_back = items(first)[1]
    service.return_letter(given_back.id, bundle=first, now=now_utc())
    service.return_letter(given_back.id, bundle=first, now=now_utc())
    db.session.commit()
    db.session.expire_all()
    assert first.files[0].state == "waiting"
    second = taken(made.account(email="another@example.org"))
    assert [item.letter_id for item in items(second)] == [given_back.letter_id]
    assert first.state == "taken"


def test_a_printed_letter_that_is_returned_can_be_taken_by_somebody_else(any_app: CampaignApp) -> None:
    letters = pool(1)
    bundle = _printed(any_app, made.account())
    service.return_letter(items(bundle)[0].id, bundle=bundle, now=now_utc())
    db.session.commit()
    db.session.expire_all()
    assert (letters[0].state, bundle.state) == ("queued", "returned")


def test_a_sheet_that_was_returned_is_not_in_the_file_that_is_downloaded_again(any_app: CampaignApp, tmp_path: Path) -> None:
    letters = pool(2)
    volunteer = made.account()
    bundle = _printed(any_app, volunteer)
    returned = items(bundle)[0]
    code = returned.letter.code
    service.return_letter(returned.id, bundle=bundle, now=now_utc())
    db.session.commit()
    db.session.expire_all()
    with pytest.raises(service.BundleUnknown):
        service.download(bundle.files[0].id, by=volunteer, folder=files_of(any_app), now=now_utc())
    assert rendered(any_app) == 1
    db.session.expire_all()
    pdf = service.download(bundle.files[0].id, by=volunteer, folder=files_of(any_app), now=now_utc())
    assert pdf is not None
    (tmp_path / "again.pdf").write_bytes(pdf)
    text = "".join(page.extract_text() for page in pypdf.PdfReader(tmp_path / "again.pdf").pages)
    assert code not in text
    assert next(letter.code for letter in letters if letter.code != code) in text
    service.posted(bundle=bundle, now=now_utc())
    db.session.commit()
    db.session.expire_all()
    assert sorted(letter.state for letter in letters) == ["posted", "queued"]


def test_one_batch_goes_back_and_the_other_is_posted(any_app: CampaignApp) -> None:
    pool(4, offices=2)
    volunteer = made.account()
    bundle = taken(volunteer)
    rendered(any_app)
    one, other = bundle.files
    service.download(one.id, by=volunteer, folder=files_of(any_app), now=now_utc())
    service.return_letters(bundle=bundle, batch_id=other.batch_id, now=now_utc())
    service.posted(bundle=bundle, now=now_utc())
    db.session.commit()
    db.session.expire_all()
    assert bundle.state == "posted"
    assert sorted(item.letter.state for item in items(bundle)) == ["posted", "posted", "queued", "queued"]


def test_overdue_letters_that_were_printed_stay_for_a_person(any_app: CampaignApp) -> None:
    letters = pool(1)
    _printed(any_app, made.account())
    assert return_overdue(now=now_utc() + timedelta(days=30)) == 0
    assert letters[0].state == "printed"


def test_what_was_not_printed_of_an_overdue_bundle_goes_back_and_the_rest_stays_for_a_person(any_app: CampaignApp) -> None:
    pool(4, offices=2)
    volunteer = made.account()
    bundle = taken(volunteer)
    rendered(any_app)
    assert service.download(bundle.files[0].id, by=volunteer, folder=files_of(any_app), now=now_utc())
    db.session.commit()
    assert return_overdue(now=now_utc() + timedelta(days=30)) == 1
    db.session.commit()
    db.session.expire_all()
    assert sorted(item.letter.state for item in items(bundle)) == ["printed", "printed", "queued", "queued"]
    assert bundle.state == "printed"
    assert return_overdue(now=now_utc() + timedelta(days=31)) == 0


def test_nobody_opens_somebody_elses_bundle_or_file(app: CampaignApp) -> None:
    pool(1)
    bundle = taken(made.account())
    rendered(app)
    stranger, organiser = made.account(email="stranger@example.org"), made.account("organiser")
    with pytest.raises(service.BundleUnknown):
        service.find(bundle.id, by=stranger)
    assert service.find(bundle.id, by=organiser).id == bundle.id
    for somebody in (stranger, organiser):
        with pytest.raises(service.BundleUnknown):
            service.download(bundle.files[0].id, by=somebody, folder=files_of(app), now=now_utc())


def test_an_item_of_another_bundle_cannot_be_returned_through_ones_own(app: CampaignApp) -> None:
    pool(2)
    mine = taken(made.account(), 5)
    with pytest.raises(service.BundleUnknown):
        service.return_letter(uuid.uuid4(), bundle=mine, now=now_utc())
    theirs = Bundle(volunteer_id=mine.volunteer_id, state="taken", size=5, country="NO", asked_at=now_utc(), lease_until=now_utc())
    db.session.add(theirs)
    db.session.flush()
    with pytest.raises(service.BundleUnknown):
        service.return_letter(items(mine)[0].id, bundle=theirs, now=now_utc())


def test_no_step_leads_where_the_tables_do_not(app: CampaignApp) -> None:
    for before, leads in BUNDLE_STATES.items():
        for after in BUNDLE_STATES:
            bundle = Bundle(state=before)
            if after in leads:
                step_bundle(bundle, after, now=now_utc())
                assert bundle.state == after
            else:
                with pytest.raises(NoSuchStep):
                    step_bundle(bundle, after, now=now_utc())
    for before in FILE_STATES:
        for after in FILE_STATES.keys() - FILE_STATES[before]:
            with pytest.raises(NoSuchStep):
                step_file(PrintFile(state=before), after)
