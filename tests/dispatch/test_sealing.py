"""Sealing: by size, by age, each letter once, and only what may leave."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.appeals.service import step, stop_case
from campaign.db import db, start_reading
from campaign.dispatch.models import Batch, BatchItem
from campaign.dispatch.seal import seal_email, seal_for_bundle
from tests import made
from tests.dispatch.letters import NOON, letter_appeal, letters, states

HOUR = timedelta(hours=1)


def sizes(batches: list[Batch]) -> list[int]:
    db.session.commit()
    return [batch.size for batch in batches]


def test_letters_are_sealed_when_there_are_as_many_as_the_appeal_says(any_app: CampaignApp) -> None:
    appeal = letter_appeal(size=3)
    letters(appeal, 2)
    assert sizes(seal_email(now=NOON)) == []
    letters(appeal, 5)
    assert sizes(seal_email(now=NOON)) == [3, 3]
    assert states() == [("ready", "sealed")] * 6


def test_letters_are_sealed_when_the_oldest_is_as_old_as_the_appeal_says(any_app: CampaignApp) -> None:
    letters(letter_appeal(size=50, minutes=60), 2)
    assert sizes(seal_email(now=NOON + HOUR - timedelta(seconds=1))) == []
    assert sizes(seal_email(now=NOON + HOUR)) == [2]
    assert sizes(seal_email(now=NOON + HOUR)) == []


def test_each_office_and_each_appeal_has_its_own_batch(any_app: CampaignApp) -> None:
    first, second = made.authority("first"), made.authority("second")
    one = letter_appeal(targets=[first, second])
    other = letter_appeal(of=made.case("other-defender"), targets=[first])
    letters(one, 2, authority=first)
    letters(one, 1, authority=second)
    letters(other, 1, authority=first)
    batches = seal_email(now=NOON + HOUR)
    assert sorted(sizes(batches)) == [1, 1, 2]
    assert len({batch.number for batch in batches}) == 3
    for batch in batches:
        assert {(item.letter.authority_id, item.letter.appeal_id) for item in batch.items} == {(batch.authority_id, batch.appeal_id)}


def test_a_sealed_letter_has_its_step_with_the_number_of_its_batch(any_app: CampaignApp) -> None:
    (letter,) = letters(letter_appeal())
    (batch,) = seal_email(now=NOON + HOUR)
    db.session.commit()
    assert [(step.step, step.at, step.batch) for step in letter.steps] == [("sealed", NOON + HOUR, batch.number)]


@pytest.mark.parametrize("why", ["paused", "withdrawn", "stopped", "unverified"])
def test_nothing_is_sealed_that_may_not_leave(any_app: CampaignApp, why: str) -> None:
    appeal = letter_appeal()
    letters(appeal, 2)
    letters(appeal, 2, channel="print")
    if why == "stopped":
        stop_case(appeal.case, now=NOON)
    elif why == "unverified":
        appeal.targets[0].authority.verified_at = appeal.targets[0].authority.mailboxes[0].verified_at = None
    else:
        step(appeal, why, now=NOON)
    db.session.commit()
    assert seal_email(now=NOON + HOUR) == []
    assert seal_for_bundle(country="NO", size=20, now=NOON + HOUR) == []


def test_a_closed_appeal_still_leaves_what_was_confirmed(any_app: CampaignApp) -> None:
    appeal = letter_appeal()
    letters(appeal, 2)
    letters(appeal, 3, channel="print")
    step(appeal, "closed", now=NOON)
    db.session.commit()
    assert sizes(seal_email(now=NOON + HOUR)) == [2]
    assert sizes(seal_for_bundle(country="NO", size=20, now=NOON)) == [3]


def test_two_workers_that_seal_at_once_put_no_letter_into_two_batches(any_app: CampaignApp) -> None:
    appeal = letter_appeal(size=7)
    letters(appeal, 40)
    letters(appeal, 40, channel="print")

    def seal(number: int) -> int:
        with any_app.app_context():
            start_reading(False)
            batches = seal_email(now=NOON + HOUR, most=2) if number % 2 else seal_for_bundle(country="NO", size=15, now=NOON)
            db.session.commit()
            return len(batches)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(seal, range(8))) > 4
    items = db.session.scalars(select(BatchItem.letter_id)).all()
    assert len(items) == len(set(items)) > 30
    numbers = db.session.scalars(select(Batch.number).order_by(Batch.number)).all()
    assert list(numbers) == list(range(1, len(numbers) + 1))
    assert {letter for _item, letter in states()} == {"sealed"}


def test_a_bundle_takes_the_most_urgent_letters_one_batch_an_office(any_app: CampaignApp) -> None:
    near, far = made.authority("near"), made.authority("far")
    urgent = letter_appeal(targets=[near, far])
    urgent.act_before -= timedelta(days=10)
    later = letter_appeal(of=made.case("other-defender"), targets=[near])
    letters(later, 5, channel="print")
    letters(urgent, 2, channel="print", authority=near)
    letters(urgent, 2, channel="print", authority=far)
    batches = seal_for_bundle(country="DE", size=5, now=NOON)
    assert sorted(sizes(batches)) == [2, 3]
    assert {(batch.state, batch.channel, batch.country) for batch in batches} == {("taken", "print", "DE")}
    by_office = {batch.authority_id: batch for batch in batches}
    assert by_office[near.id].appeal_id is None  # letters of two appeals
    assert by_office[far.id].appeal_id == urgent.id
    assert states().count(("ready", "sealed")) == 5


def test_solidarity_messages_go_to_where_their_appeal_collects_them(any_app: CampaignApp) -> None:
    first = made.appeal("solidarity", targets=[])
    second = made.appeal("solidarity", of=made.case("other-defender"), targets=[], collect_lines=None)
    letters(first, 2, channel="print")
    letters(second, 2, channel="print")
    (batch,) = seal_for_bundle(country="NO", size=20, now=NOON)
    assert (batch.size, batch.authority_id, batch.appeal_id) == (2, None, first.id)
