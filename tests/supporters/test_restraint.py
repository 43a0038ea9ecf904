"""No address gets more than three confirmation mails a day, whatever is submitted, and nothing that was written is lost to it."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from sqlalchemy import false, select

from campaign.app import CampaignApp
from campaign.db import db, start_reading
from campaign.supporters.models import Supporter
from campaign.supporters.service import find_or_make, mail_slot, purge_unused, register_holding
from tests import made

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def test_three_mails_a_day_go_and_the_rest_wait_for_a_day_with_room(any_app: CampaignApp) -> None:
    supporter = made.supporter(now=NOON)
    slots = [mail_slot(supporter, now=NOON) for _ in range(30)]
    days = Counter(slot.date() for slot in slots if slot is not None)
    assert slots[:3] == [NOON] * 3
    assert set(days.values()) == {3}
    assert max(days) - min(days) == timedelta(days=5)
    assert slots[-1] is None


def test_an_address_that_was_flooded_is_free_again_when_the_days_have_passed(any_app: CampaignApp) -> None:
    supporter = made.supporter(now=NOON)
    for _ in range(30):
        mail_slot(supporter, now=NOON)
    assert mail_slot(supporter, now=NOON + timedelta(days=1)) is not None
    week_later = NOON + timedelta(days=7)
    assert mail_slot(supporter, now=week_later) == week_later


def test_submissions_at_the_same_moment_share_the_same_three(postgres_app: CampaignApp) -> None:
    supporter_id = made.supporter(now=NOON).id
    db.session.commit()

    def one(_number: int) -> datetime | None:
        with postgres_app.app_context():
            start_reading(False)
            slot = mail_slot(db.session.get_one(Supporter, supporter_id), now=NOON)
            db.session.commit()
            return slot

    with ThreadPoolExecutor(8) as pool:
        slots = list(pool.map(one, range(12)))
    assert slots.count(NOON) == 3


def test_two_first_submissions_at_the_same_moment_make_one_supporter(postgres_app: CampaignApp) -> None:
    def one(_number: int) -> object:
        with postgres_app.app_context():
            row = find_or_make(email="same@example.org", now=NOON)
            db.session.commit()
            return row.id

    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(one, range(8)))) == 1


def test_somebody_about_whom_nothing_is_held_any_more_is_forgotten(any_app: CampaignApp) -> None:
    kept, gone, fresh = (
        made.supporter("kept@example.org", now=NOON),
        made.supporter("gone@example.org", now=NOON),
        made.supporter("fresh@example.org", now=NOON + timedelta(days=7)),
    )
    kept_id, gone_id, fresh_id = kept.id, gone.id, fresh.id
    register_holding("test", lambda id: id == kept_id)
    try:
        assert purge_unused(now=NOON + timedelta(days=8)) == 1
    finally:
        register_holding("test", lambda id: false())
    db.session.commit()
    left = set(db.session.scalars(select(Supporter.id)))
    assert left == {kept_id, fresh_id} and gone_id not in left


def test_people_who_act_for_years_do_not_keep_others_from_being_forgotten(any_app: CampaignApp) -> None:
    petition = made.appeal()
    for number in range(3):
        made.signature(petition, email=f"faithful.{number}@example.org", now=NOON)
    gone_id = made.supporter("gone@example.org", now=NOON).id
    db.session.commit()
    assert purge_unused(now=NOON + timedelta(days=8), limit=2) == 1
    assert gone_id not in db.session.scalars(select(Supporter.id)).all()
