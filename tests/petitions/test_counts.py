"""Kept counts: added to by the worker alone, proven by `reconcile`, and never pointing at one person."""

from argparse import Namespace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, text, update

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal, AppealCount, AppealDay
from campaign.commands import reconcile
from campaign.db import db, now_utc
from campaign.petitions import counts
from tests import made
from tests.petitions.signing import links, press, sign


def confirmed(appeal: Appeal, countries: str) -> None:
    for number, country in enumerate(countries.split()):
        made.signature(appeal, email=f"supporter{number}-{country}@example.org", country=country)
    db.session.commit()


def kept() -> dict[str, int]:
    db.session.expire_all()
    return dict(db.session.execute(select(AppealCount.country, AppealCount.actions)).all())


def kept_days() -> dict[date, int]:
    db.session.expire_all()
    return {day: actions for day, actions in db.session.execute(select(AppealDay.day, AppealDay.actions)) if actions}


def test_each_signature_is_counted_on_the_day_it_was_confirmed_wherever_the_database_stands(any_app: CampaignApp) -> None:
    appeal = made.appeal()
    last_of_the_year = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)
    for number, at in enumerate((last_of_the_year, last_of_the_year + timedelta(hours=1), last_of_the_year.astimezone(timezone(timedelta(hours=9))))):
        made.signature(appeal, email=f"supporter{number}@example.org", confirmed_at=at)
    db.session.commit()
    counts.count_confirmed()
    db.session.commit()
    assert kept_days() == {date(2026, 12, 31): 2, date(2027, 1, 1): 1}
    if any_app.settings.database_url:
        db.session.execute(text("SET TIME ZONE 'Asia/Tokyo'"))
    assert counts.true_days() == {(appeal.id, "2026-12-31"): 2, (appeal.id, "2027-01-01"): 1}


def test_a_signature_that_is_withdrawn_is_taken_off_its_day(any_app: CampaignApp) -> None:
    signature = made.signature(made.appeal())
    db.session.commit()
    counts.count_confirmed()
    signature.state = "withdrawn"
    db.session.commit()
    counts.count_confirmed()
    db.session.commit()
    assert kept_days() == {}
    assert reconcile.run(Namespace(mend=False), any_app) == 0


def test_the_worker_adds_each_confirmed_signature_once(any_app: CampaignApp) -> None:
    appeal = made.appeal()
    confirmed(appeal, "NO NO SE")
    made.signature(appeal, email="pending@example.org", state="pending", confirmed_at=None)
    for expected in (3, 0):
        assert counts.count_confirmed() == expected
        db.session.commit()
    assert kept() == {"NO": 2, "SE": 1}
    assert appeal.actions == 3


def test_counting_goes_on_where_a_limit_stopped_it(any_app: CampaignApp) -> None:
    appeal = made.appeal()
    confirmed(appeal, "NO NO SE SE DK")
    assert [counts.count_confirmed(limit=2) for _ in range(4)] == [2, 2, 1, 0]
    db.session.commit()
    assert kept() == {"NO": 2, "SE": 2, "DK": 1}


def test_a_count_that_was_not_committed_is_made_again(any_app: CampaignApp) -> None:
    confirmed(made.appeal(), "NO NO")
    assert counts.count_confirmed() == 2
    db.session.rollback()
    assert counts.count_confirmed() == 2


def test_confirming_touches_no_row_that_others_wait_for(client: FlaskClient) -> None:
    slug = made.appeal().slug
    db.session.commit()
    sign(client, slug)
    written: list[str] = []

    def listen(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if not statement.startswith(("SELECT", "BEGIN", "SAVEPOINT", "RELEASE")):
            written.append(statement.split(" SET")[0])

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        press(client, links()[0])
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    assert written == ["UPDATE signature"]


@pytest.mark.parametrize("wrong", ["total", "country", "lost", "day"])
def test_reconcile_shows_what_differs_and_mends_it_when_asked(any_app: CampaignApp, capsys: pytest.CaptureFixture[str], wrong: str) -> None:
    appeal = made.appeal()
    confirmed(appeal, "NO NO SE")
    counts.count_confirmed()
    if wrong == "total":
        db.session.execute(update(Appeal).values(actions=7))
    elif wrong == "country":
        db.session.execute(update(AppealCount).where(AppealCount.country == "NO").values(actions=7))
    elif wrong == "day":
        db.session.execute(update(AppealDay).values(day=date(2020, 1, 1), actions=1))
    else:
        db.session.execute(AppealCount.__table__.delete())  # type: ignore[attr-defined]  # a Table has it
    db.session.commit()
    assert reconcile.run(Namespace(mend=False), any_app) == 1
    assert appeal.slug in capsys.readouterr().out
    assert reconcile.run(Namespace(mend=True), any_app) == 0
    assert kept() == {"NO": 2, "SE": 1}
    assert appeal.actions == 3
    assert kept_days() == {now_utc().date(): 3}
    assert reconcile.run(Namespace(mend=False), any_app) == 0
    assert "The kept counts are true." in capsys.readouterr().out


def test_what_the_worker_has_not_counted_yet_is_no_difference(any_app: CampaignApp) -> None:
    confirmed(made.appeal(), "NO")
    assert reconcile.run(Namespace(mend=False), any_app) == 0
