"""Kept counts: added to by the worker alone, proven by `reconcile`, and never pointing at one person."""

from argparse import Namespace

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, update

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal, AppealCount
from campaign.commands import reconcile
from campaign.db import db
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


@pytest.mark.parametrize("wrong", ["total", "country", "lost"])
def test_reconcile_shows_what_differs_and_mends_it_when_asked(any_app: CampaignApp, capsys: pytest.CaptureFixture[str], wrong: str) -> None:
    appeal = made.appeal()
    confirmed(appeal, "NO NO SE")
    counts.count_confirmed()
    if wrong == "total":
        db.session.execute(update(Appeal).values(actions=7))
    elif wrong == "country":
        db.session.execute(update(AppealCount).where(AppealCount.country == "NO").values(actions=7))
    else:
        db.session.execute(AppealCount.__table__.delete())  # type: ignore[attr-defined]  # a Table has it
    db.session.commit()
    assert reconcile.run(Namespace(mend=False), any_app) == 1
    assert appeal.slug in capsys.readouterr().out
    assert reconcile.run(Namespace(mend=True), any_app) == 0
    assert kept() == {"NO": 2, "SE": 1}
    assert appeal.actions == 3
    assert reconcile.run(Namespace(mend=False), any_app) == 0
    assert "The kept counts are true." in capsys.readouterr().out


def test_what_the_worker_has_not_counted_yet_is_no_difference(any_app: CampaignApp) -> None:
    confirmed(made.appeal(), "NO")
    assert reconcile.run(Namespace(mend=False), any_app) == 0
