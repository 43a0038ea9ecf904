"""Batches on paper: asked again at each step whether they may leave, given back without losing anything."""

import pytest
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal
from campaign.appeals.service import step, stop_case
from campaign.db import db
from campaign.dispatch.models import Batch, BatchItem
from campaign.dispatch.paper import NotPrinted, mark_posted, mark_printed, return_batch, return_item, stop_item
from campaign.dispatch.seal import seal_for_bundle
from campaign.letters.models import LetterStep
from campaign.mail.states import NoSuchStep
from tests.dispatch.letters import NOON, letter_appeal, letters, states


def taken(count: int = 3) -> tuple[Appeal, Batch]:
    """A batch that a volunteer in Norway has taken."""
    appeal = letter_appeal()
    letters(appeal, count, channel="print")
    (batch,) = seal_for_bundle(country="NO", size=count, now=NOON)
    db.session.commit()
    return appeal, batch


def items(batch: Batch) -> list[BatchItem]:
    return list(db.session.scalars(select(BatchItem).where(BatchItem.batch_id == batch.id).order_by(BatchItem.position)))


def hold(appeal: Appeal, why: str) -> None:
    if why == "stopped":
        stop_case(appeal.case, now=NOON)
    elif why == "unverified":
        appeal.targets[0].authority.verified_at = None
    else:
        step(appeal, why, now=NOON)
    db.session.commit()


def test_a_batch_is_printed_and_posted_and_its_letters_say_from_where(any_app: CampaignApp) -> None:
    _appeal, batch = taken()
    assert len(mark_printed(batch, now=NOON).done) == 3
    assert len(mark_posted(batch, now=NOON).done) == 3
    db.session.commit()
    assert (batch.state, batch.left_at) == ("posted", NOON)
    assert states() == [("posted", "posted")] * 3
    steps = db.session.execute(select(LetterStep.step, LetterStep.country, LetterStep.batch).where(LetterStep.step == "posted")).all()
    assert [tuple(row) for row in steps] == [("posted", "NO", batch.number)] * 3


def test_what_is_said_twice_changes_nothing(any_app: CampaignApp) -> None:
    _appeal, batch = taken()
    mark_printed(batch, now=NOON)
    assert mark_printed(batch, now=NOON).done == []
    mark_posted(batch, now=NOON)
    assert mark_posted(batch, now=NOON).done == []
    db.session.commit()
    assert states() == [("posted", "posted")] * 3


def test_what_was_not_printed_cannot_be_posted(any_app: CampaignApp) -> None:
    _appeal, batch = taken()
    with pytest.raises(NotPrinted):
        mark_posted(batch, now=NOON)


@pytest.mark.parametrize("why", ["paused", "withdrawn", "stopped", "unverified"])
def test_what_may_not_leave_is_not_printed(any_app: CampaignApp, why: str) -> None:
    appeal, batch = taken()
    hold(appeal, why)
    marked = mark_printed(batch, now=NOON)
    db.session.commit()
    assert (marked.done, len(marked.stopped)) == ([], 3)
    assert states() == [("stopped", "stopped")] * 3
    assert batch.state == "taken"


@pytest.mark.parametrize("why", ["paused", "withdrawn", "stopped", "unverified"])
def test_what_may_not_leave_is_not_marked_as_posted(any_app: CampaignApp, why: str) -> None:
    appeal, batch = taken()
    mark_printed(batch, now=NOON)
    hold(appeal, why)
    marked = mark_posted(batch, now=NOON)
    db.session.commit()
    assert (marked.done, len(marked.stopped)) == ([], 3)
    assert states() == [("stopped", "stopped")] * 3
    assert batch.state == "printed"


def test_letters_of_a_closed_appeal_are_still_printed_and_posted(any_app: CampaignApp) -> None:
    appeal, batch = taken()
    hold(appeal, "closed")
    assert len(mark_printed(batch, now=NOON).done) == 3
    assert len(mark_posted(batch, now=NOON).done) == 3


def test_a_letter_given_back_waits_again_and_is_taken_again(any_app: CampaignApp) -> None:
    _appeal, batch = taken()
    mark_printed(batch, now=NOON)
    first = items(batch)[0]
    return_item(first, now=NOON)
    return_item(first, now=NOON)
    mark_posted(batch, now=NOON)
    db.session.commit()
    assert batch.state == "posted"
    assert states() == [("returned", "queued"), ("posted", "posted"), ("posted", "posted")]
    (again,) = seal_for_bundle(country="DE", size=5, now=NOON)
    assert [item.letter_id for item in again.items] == [first.letter_id]


def test_a_batch_given_back_whole_is_over_and_nothing_of_it_is_lost(any_app: CampaignApp) -> None:
    _appeal, batch = taken()
    stop_item(items(batch)[1], now=NOON)
    return_batch(batch, now=NOON)
    db.session.commit()
    assert batch.state == "returned"
    assert states() == [("returned", "queued")] * 3


def test_what_was_posted_is_never_given_back(any_app: CampaignApp) -> None:
    _appeal, batch = taken()
    mark_printed(batch, now=NOON)
    mark_posted(batch, now=NOON)
    with pytest.raises(NoSuchStep):
        return_item(items(batch)[0], now=NOON)
