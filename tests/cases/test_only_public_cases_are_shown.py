"""A draft, a hidden case and one whose consent has run out are nowhere to be seen, and nothing of them opens or leaves."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy.exc import IntegrityError

from campaign.app import CampaignApp
from campaign.appeals.service import AppealClosed, check_open, may_leave
from campaign.cases.models import Case
from campaign.cases.service import choices, close_names, newest_entries, search
from campaign.db import db, now_utc
from tests import made

YESTERDAY = now_utc().date() - timedelta(days=1)
UNSEEN: list[dict[str, Any]] = [{"publication": "draft"}, {"publication": "hidden"}, {"basis": "consent", "consent_until": YESTERDAY}]
PAGES = ("/cases/test-defender", "/cases/test-defender/cloth.svg", "/petitions/test-defender-petition", "/letters/test-defender-letter", "/countries/TJ")


def _made(**values: Any) -> Case:
    case = made.case(**values)
    office = made.authority()
    made.appeal(of=case, targets=[office])
    made.appeal("letter", of=case, targets=[office])
    db.session.commit()
    return case


@pytest.mark.parametrize("values", UNSEEN)
@pytest.mark.parametrize("path", PAGES)
def test_no_page_shows_it(app: CampaignApp, client: FlaskClient, values: dict[str, Any], path: str) -> None:
    _made(**values)
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("values", UNSEEN)
def test_no_list_and_no_search_has_it(any_app: CampaignApp, values: dict[str, Any]) -> None:
    _made(**values)
    assert (search(), search("defender"), close_names("defendr"), choices(), newest_entries("TJ", limit=5)) == ([], [], [], ([], []), [])


@pytest.mark.parametrize("path", PAGES)
def test_a_case_with_a_consent_that_holds_is_shown(app: CampaignApp, client: FlaskClient, path: str) -> None:
    _made(basis="consent", consent_until=now_utc().date())
    assert client.get(path).status_code == 200


def test_a_consent_runs_out_with_its_day_in_utc_whatever_clock_the_database_has(any_app: CampaignApp) -> None:
    made.case(basis="consent", consent_until=now_utc().date())
    db.session.commit()
    client = any_app.test_client()
    assert client.get("/cases/test-defender").status_code == 200

    with time_machine.travel(now_utc() + timedelta(days=1)):
        assert client.get("/cases/test-defender").status_code == 404


@pytest.mark.parametrize("publication", ["draft", "hidden"])
def test_its_appeals_take_nothing_and_nothing_of_them_leaves(app: CampaignApp, publication: str) -> None:
    appeal = made.appeal(of=made.case(publication=publication))
    assert not may_leave(appeal)
    with pytest.raises(AppealClosed):
        check_open(appeal, now=now_utc())


def test_the_database_itself_refuses_a_public_case_that_nobody_consented_to(any_app: CampaignApp) -> None:
    with pytest.raises(IntegrityError):
        made.case(basis="consent", consent_until=None)
    db.session.rollback()
    made.case(basis="consent", consent_until=date(2030, 1, 1))
