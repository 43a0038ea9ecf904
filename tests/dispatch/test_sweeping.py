"""What a sender left half done is found, told to a person, and decided by one."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.appeals.service import step
from campaign.db import db
from campaign.dispatch.models import Batch, BatchItem
from campaign.dispatch.seal import seal_email
from campaign.dispatch.sweep import resolve_unknown, send_again, sweep_stuck
from campaign.mail.states import NoSuchStep
from tests.catcher import Catcher
from tests.dispatch.conftest import Send
from tests.dispatch.letters import NOON, letter_appeal, letters, states

LEASE = timedelta(minutes=5)
DAY = timedelta(days=1)


def sealed(count: int = 2) -> list[BatchItem]:
    letters(letter_appeal(size=count), count)
    (batch,) = seal_email(now=NOON)
    db.session.commit()
    return list(batch.items)


def abandoned() -> BatchItem:
    """The first of two letters, claimed at noon by a sender that died."""
    first = sealed()[0]
    first.state, first.claimed_at, first.letter.state = "sending", NOON, "sending"
    db.session.commit()
    return first


def sweep(after: timedelta) -> int:
    found = sweep_stuck(now=NOON + after, lease=LEASE)
    db.session.commit()
    return found


def test_a_letter_whose_sender_died_becomes_unknown_after_its_lease_and_is_never_sent_blindly(send: Send, smtp_catcher: Catcher) -> None:
    abandoned()
    assert sweep(timedelta(minutes=4)) == 0
    assert sweep(timedelta(minutes=6)) == 1
    assert sweep(timedelta(minutes=7)) == 0
    assert send(NOON + DAY) == 1
    assert states() == [("unknown", "unknown"), ("sent", "sent")]
    assert db.session.scalars(select(Batch.state)).one() == "sending", "a letter of unknown fate keeps its batch open"


@pytest.mark.parametrize("was_sent", [True, False])
def test_a_person_says_what_became_of_it(send: Send, smtp_catcher: Catcher, was_sent: bool) -> None:
    item = abandoned()
    send()
    sweep(DAY)
    resolve_unknown(item, was_sent=was_sent, now=NOON + DAY)
    db.session.commit()
    assert send(NOON + DAY) == (0 if was_sent else 1)
    assert states() == [("sent", "sent")] * 2
    assert db.session.scalars(select(Batch.state)).one() == "sent"
    with pytest.raises(NoSuchStep):
        resolve_unknown(item, was_sent=False, now=NOON + DAY)


def test_a_refused_letter_goes_back_to_the_pool_and_out_again(send: Send, smtp_catcher: Catcher) -> None:
    item = sealed(1)[0]
    smtp_catcher.refuse["RCPT"] = "550 5.1.1 no such mailbox"
    send()
    smtp_catcher.refuse.clear()
    db.session.refresh(item)
    send_again(item, now=NOON)
    db.session.commit()
    assert states() == [("returned", "queued")]
    assert len(seal_email(now=NOON + DAY)) == 1
    db.session.commit()
    assert send(NOON + DAY) == 1
    assert len(smtp_catcher.messages) == 1


def test_letters_of_a_withdrawn_appeal_are_stopped_and_their_batch_is_over(any_app: CampaignApp) -> None:
    item = sealed()[0]
    step(item.letter.appeal, "withdrawn", now=NOON)
    db.session.commit()
    sweep(timedelta())
    assert states() == [("stopped", "stopped")] * 2
    assert db.session.scalars(select(Batch.state)).one() == "returned"


def test_letters_of_a_paused_appeal_wait_in_their_batch(any_app: CampaignApp) -> None:
    item = sealed()[0]
    step(item.letter.appeal, "paused", now=NOON)
    db.session.commit()
    sweep(DAY)
    assert states() == [("ready", "sealed")] * 2
