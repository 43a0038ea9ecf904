"""What happens seldom and costs most: a pause outlives its appeal, a server swallows letters, clocks disagree, one row is damaged."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal
from campaign.appeals.service import close_overdue, closes_at, step
from campaign.authorities.models import Mailbox
from campaign.db import db
from campaign.dispatch.claim import Room
from campaign.dispatch.deliver import deliver
from campaign.dispatch.models import Batch, BatchItem, PetitionDelivery
from campaign.dispatch.seal import seal_email
from campaign.mail.connection import Post
from campaign.petitions.counts import count_confirmed
from campaign.petitions.models import Signature
from campaign.petitions.service import withdraw
from tests import made
from tests.catcher import Catcher
from tests.dispatch.conftest import Send
from tests.dispatch.letters import NOON, letter_appeal, letters, states
from tests.dispatch.test_delivering import DAY, SIGNERS, desk, petition, plan, signed
from tests.dispatch.test_delivering import states as deliveries

FEW_MINUTES = timedelta(minutes=6)


def sealed(count: int) -> Appeal:
    """A batch that is ready to be sent."""
    appeal = letter_appeal(size=count)
    letters(appeal, count)
    seal_email(now=NOON)
    db.session.commit()
    return appeal


def test_what_a_pause_holds_back_does_not_leave_when_the_last_day_is_over(send: Send, smtp_catcher: Catcher) -> None:
    appeal = sealed(2)
    step(appeal, "paused", now=NOON)
    db.session.commit()
    after = closes_at(appeal) + DAY
    assert close_overdue(now=after) == 0
    db.session.commit()
    assert send(after) == 0
    assert not smtp_catcher.messages
    step(appeal, "live", now=NOON)
    assert close_overdue(now=after) == 1, "somebody ended the pause: it closes, and what was confirmed leaves"
    db.session.commit()
    assert send(after) == 2


@pytest.mark.parametrize("habit", ["close_after_data", "hang"])
def test_a_server_that_swallows_letters_gets_one_and_not_all_that_wait(send: Send, smtp_catcher: Catcher, habit: str) -> None:
    sealed(3)
    setattr(smtp_catcher, habit, True)
    assert send() == 0
    assert send(NOON + timedelta(minutes=1)) == 0
    assert states() == [("unknown", "unknown"), ("ready", "sealed"), ("ready", "sealed")]
    setattr(smtp_catcher, habit, False)
    assert send(NOON + FEW_MINUTES) == 2


def test_a_server_that_swallows_petitions_gets_one_and_not_all_that_wait(post: Post, smtp_catcher: Catcher) -> None:
    step(petition(targets=[made.authority("first"), made.authority("second")]), "closed", now=NOON)
    db.session.commit()
    plan()
    smtp_catcher.close_after_data = True
    assert deliver(post, desk()) == 0
    assert sorted(deliveries()) == ["ready", "unknown"]
    smtp_catcher.close_after_data = False
    assert deliver(post, desk(NOON + FEW_MINUTES)) == 1


def test_an_address_that_no_header_takes_holds_up_no_other_office(send: Send, smtp_catcher: Catcher) -> None:
    strange = sealed(2)
    strange.targets[0].authority.mailboxes[0].address = "office@exämple.org"
    other = letter_appeal(of=made.case("other-defender"), targets=[made.authority("other-office")], size=2)
    letters(other, 2)
    seal_email(now=NOON)
    db.session.commit()
    assert send() == 2
    assert sorted(states()) == [("failed", "failed")] * 2 + [("sent", "sent")] * 2


def test_a_letter_is_in_one_batch_at_a_time_by_the_database_s_own_rule(any_app: CampaignApp) -> None:
    appeal = sealed(1)
    batch, item = db.session.scalars(select(Batch)).one(), db.session.scalars(select(BatchItem)).one()
    again = Batch(number=batch.number + 1, authority_id=batch.authority_id, appeal_id=appeal.id, channel="email", size=1, sealed_at=NOON)
    again.items = [BatchItem(letter_id=item.letter_id, position=1)]
    db.session.add(again)
    with pytest.raises(IntegrityError):
        db.session.flush()


def test_clocks_that_disagree_about_the_hour_do_not_double_its_letters(any_app: CampaignApp) -> None:
    mailbox = sealed(1).targets[0].authority.mailboxes[0]
    mailbox.hourly_cap = 5
    db.session.commit()
    connection = db.session.connection()
    ahead, behind = NOON + timedelta(seconds=1), NOON - timedelta(seconds=1)
    taken = [Room(mailbox.id, at_once=1).take(connection, now=at) for at in (ahead, behind) * 5]
    assert taken.count(True) == 5
    db.session.commit()
    assert db.session.scalars(select(Mailbox.sent_that_hour)).one() == 5


def test_a_signature_taken_back_brings_no_smaller_milestone_round_again(any_app: CampaignApp) -> None:
    petition(milestones=[5, 8, 1000])
    assert plan() == 1
    for signature in db.session.scalars(select(Signature).limit(2)).all():
        withdraw(signature_id=signature.id, now=NOON)
    count_confirmed()
    db.session.commit()
    assert plan() == 0
    assert db.session.scalars(select(PetitionDelivery.reason)).all() == ["milestone 8"]


def test_a_petition_that_closed_is_handed_over_when_its_last_signatures_are_counted(any_app: CampaignApp) -> None:
    appeal = petition()
    db.session.execute(update(Signature).where(Signature.country == "SE").values(counted=False))
    step(appeal, "closed", now=NOON)
    db.session.commit()
    assert plan() == 0
    count_confirmed()
    db.session.commit()
    assert plan() == 1


def test_one_signature_that_does_not_open_holds_up_no_petition(post: Post, smtp_catcher: Catcher) -> None:
    broken = petition()
    other = made.appeal("petition", of=made.case("other-defender"), targets=[made.authority("other-office")], milestones=[1000])
    signed(other, *SIGNERS)
    first = db.session.scalars(select(Signature).where(Signature.appeal_id == broken.id).order_by(Signature.id)).first()
    assert first is not None
    first.name_sealed = first.name_sealed[:-1] + bytes([first.name_sealed[-1] ^ 1])
    for appeal in (broken, other):
        step(appeal, "closed", now=NOON)
    db.session.commit()
    plan()
    assert deliver(post, desk()) == 2
