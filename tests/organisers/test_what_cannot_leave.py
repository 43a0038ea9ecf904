"""What cannot leave by itself is told on the desk: an office's mailbox that nobody checked, a petition that is not handed over."""

from datetime import timedelta

import pytest

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal
from campaign.authorities.models import Authority
from campaign.db import db, now_utc
from campaign.dispatch.models import PetitionDelivery
from campaign.dispatch.seal import seal_email
from campaign.overview.needs import needs
from tests import made
from tests.dispatch.letters import letter_appeal, letters


def keys() -> set[str]:
    return {need.key for need in needs(now=now_utc())}


def moved_mailbox(appeal: Appeal) -> Authority:
    """Its postal lines were checked, and its mailbox is another one since."""
    office = appeal.targets[0].authority
    office.mailboxes[0].verified_at = None
    db.session.commit()
    return office


def waiting_delivery(appeal: Appeal, *, hours: int) -> None:
    office = appeal.targets[0].authority
    at = now_utc() - timedelta(hours=hours)
    db.session.add(PetitionDelivery(appeal_id=appeal.id, authority_id=office.id, reason="closing", state="ready", message_id=appeal.slug, created_at=at, attempts=0))
    db.session.commit()


@pytest.mark.parametrize("sealed", [False, True])
def test_letters_that_wait_for_a_mailbox_that_nobody_checked_are_told(any_app: CampaignApp, sealed: bool) -> None:
    appeal = letter_appeal(size=1)
    letters(appeal, 1, confirmed=now_utc())
    assert "unverified-offices" not in keys()
    if sealed:
        assert seal_email(now=now_utc())
        db.session.commit()
    moved_mailbox(appeal)
    assert "unverified-offices" in keys()


def test_letters_for_paper_do_not_wait_for_a_mailbox(any_app: CampaignApp) -> None:
    appeal = letter_appeal()
    letters(appeal, 1, channel="print", confirmed=now_utc())
    moved_mailbox(appeal)
    assert "unverified-offices" not in keys()


def test_a_petition_that_waits_for_a_mailbox_that_nobody_checked_is_told(any_app: CampaignApp) -> None:
    appeal = made.appeal(targets=[made.authority()])
    waiting_delivery(appeal, hours=0)
    assert "unverified-offices" not in keys()
    moved_mailbox(appeal)
    assert "unverified-offices" in keys()


def test_a_petition_that_was_not_handed_over_within_a_day_is_told(any_app: CampaignApp) -> None:
    appeal = made.appeal(targets=[made.authority()])
    waiting_delivery(appeal, hours=23)
    assert "late-deliveries" not in keys()
    other = made.appeal(of=made.case("other-defender"), targets=[made.authority("other-office")])
    waiting_delivery(other, hours=25)
    assert "late-deliveries" in keys()
