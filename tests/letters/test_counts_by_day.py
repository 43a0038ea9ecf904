"""Letters are counted on the day they were confirmed on, and taken off it when they are withdrawn; `reconcile` proves it."""

from argparse import Namespace
from datetime import date

from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.appeals.models import AppealDay
from campaign.commands import reconcile
from campaign.db import db, now_utc
from campaign.letters.steps import count_confirmed, step
from tests import made
from tests.dispatch.letters import letters


def days() -> dict[date, int]:
    db.session.expire_all()
    return {day: actions for day, actions in db.session.execute(select(AppealDay.day, AppealDay.actions)) if actions}


def test_a_letter_is_counted_on_its_day_and_taken_off_it(any_app: CampaignApp) -> None:
    written = letters(made.appeal("letter"), 3)
    for letter in written:
        letter.countable, letter.counted = True, False
    db.session.commit()
    count_confirmed()
    db.session.commit()
    day = written[0].confirmed_at
    assert day is not None and days() == {day.date(): 3}
    assert reconcile.run(Namespace(mend=False), any_app) == 0
    step(written[0], "withdrawn", now=now_utc())
    db.session.commit()
    assert days() == {day.date(): 2}
    assert reconcile.run(Namespace(mend=False), any_app) == 0
