"""Taking a bundle: nobody shares a letter with anybody, and nothing that may not leave is taken."""

import threading
import uuid
from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.appeals.service import step, stop_case
from campaign.db import db, now_utc
from campaign.dispatch.models import BatchItem
from campaign.letters.models import Letter
from campaign.organisers.models import Account
from campaign.printing import service
from campaign.printing.models import Bundle, BundleBatch, PrintFile
from campaign.printing.prepare import prepare_next, return_overdue
from campaign.printing.waiting import waiting_letters
from tests import made
from tests.printing.rows import items, pool, taken


def test_a_bundle_is_one_batch_for_each_office_posted_from_the_volunteers_country(any_app: CampaignApp) -> None:
    pool(5, offices=2)
    bundle = taken(made.account(country="DE"))
    batches = [entry.batch for entry in bundle.batches]
    assert sorted(batch.size for batch in batches) == [2, 3]
    assert {(batch.state, batch.country, batch.channel) for batch in batches} == {("taken", "DE", "print")}
    assert {letter.state for letter in db.session.scalars(select(Letter))} == {"sealed"}
    assert bundle.state == "taken"


def test_pressing_twice_takes_one_bundle(any_app: CampaignApp) -> None:
    volunteer = made.account()
    first = service.take(volunteer=volunteer, size=5, now=now_utc())
    assert service.take(volunteer=volunteer, size=20, now=now_utc()).id == first.id


def test_who_has_five_bundles_in_hand_ends_one_before_the_next(any_app: CampaignApp) -> None:
    volunteer = made.account()
    pool(30)
    for _number in range(5):
        taken(volunteer)
    with pytest.raises(service.TooManyBundles):
        service.take(volunteer=volunteer, size=5, now=now_utc())


def test_an_empty_pool_says_so(any_app: CampaignApp) -> None:
    assert taken(made.account()).state == "empty"


@pytest.mark.parametrize("why", ["paused", "stopped", "unverified"])
def test_what_may_not_leave_is_not_taken(app: CampaignApp, why: str) -> None:
    letter = pool(1)[0]
    assert waiting_letters() == 1
    if why == "paused":
        step(letter.appeal, "paused", now=now_utc())
    elif why == "stopped":
        stop_case(letter.appeal.case, now=now_utc())
    else:
        assert letter.authority is not None
        letter.authority.verified_at = None
    db.session.commit()
    assert waiting_letters() == 0
    assert taken(made.account()).state == "empty"


def test_letters_of_a_closed_appeal_still_leave(app: CampaignApp) -> None:
    step(pool(1)[0].appeal, "closed", now=now_utc())
    db.session.commit()
    assert taken(made.account()).state == "taken"


def test_what_waits_is_told_up_to_a_hundred(app: CampaignApp) -> None:
    pool(102)
    assert waiting_letters() == 101


def test_a_bundle_of_more_letters_than_a_file_holds_is_cut_into_files(app: CampaignApp, monkeypatch: pytest.MonkeyPatch) -> None:
    from campaign.printing import prepare

    monkeypatch.setattr(prepare, "MOST_LETTERS", 2)
    pool(5)
    taken(made.account())
    cut = [(file.first, file.last) for file in db.session.scalars(select(PrintFile).order_by(PrintFile.number))]
    assert [last - first + 1 for first, last in cut] == [2, 2, 1]
    assert [first for first, _last in cut] == [1, 3, 5]


def test_fifty_volunteers_at_the_same_moment_never_share_a_letter(postgres_app: CampaignApp) -> None:
    pool(240, offices=3)
    volunteers = [made.account(email=f"volunteer.{number}@example.org").id for number in range(50)]
    db.session.commit()
    start = threading.Barrier(50)
    faults: list[BaseException] = []

    def volunteer(account_id: uuid.UUID) -> None:
        try:
            with postgres_app.app_context():
                start.wait(60)
                account = db.session.get_one(Account, account_id)
                service.take(volunteer=account, size=5, now=now_utc())
                db.session.commit()
                # Every thread is a worker as well: as many prepare at once as take.
                while prepare_next(now=now_utc()):
                    db.session.commit()
                db.session.commit()
                db.session.remove()
        except BaseException as fault:  # noqa: BLE001  told to the test below
            faults.append(fault)
            start.abort()

    threads = [threading.Thread(target=volunteer, args=(account_id,)) for account_id in volunteers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not faults
    db.session.expire_all()
    owners = db.session.execute(select(BatchItem.letter_id, BundleBatch.bundle_id).join(BundleBatch, BundleBatch.batch_id == BatchItem.batch_id)).all()
    assert len(owners) == 240
    assert max(Counter(letter_id for letter_id, _bundle in owners).values()) == 1, "a letter is in one bundle"
    sizes = Counter(bundle_id for _letter, bundle_id in owners)
    assert max(sizes.values()) <= 5
    assert {bundle.state for bundle in db.session.scalars(select(Bundle))} <= {"taken", "empty"}


def test_letters_that_nobody_printed_within_the_lease_go_back_and_join_another_bundle(any_app: CampaignApp) -> None:
    letters = pool(3)
    first = taken(made.account())
    assert return_overdue(now=now_utc() + service.LEASE - timedelta(minutes=1)) == 0
    assert return_overdue(now=now_utc() + service.LEASE + timedelta(minutes=1)) == 1
    db.session.commit()
    db.session.expire_all()
    assert first.state == "returned"
    assert {letter.state for letter in letters} == {"queued"}
    second = taken(made.account(email="second@example.org"))
    assert {item.letter_id for item in items(second)} == {letter.id for letter in letters}


def test_a_bundle_nobody_sealed_within_the_lease_is_called_back_too(any_app: CampaignApp) -> None:
    bundle = service.take(volunteer=made.account(), size=5, now=now_utc())
    db.session.commit()
    assert return_overdue(now=now_utc() + timedelta(days=15)) == 1
    assert bundle.state == "returned"
