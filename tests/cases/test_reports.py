"""Anybody can say that a page is wrong or ask that it goes: it stands above everything else at the desk, and stops nothing by itself."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.audit import service as audit
from campaign.cases import reports
from campaign.cases.limits import PER_REMOTE, ReportLimits
from campaign.cases.models import Case, CaseReport
from campaign.db import db, now_utc
from campaign.overview.needs import needs
from tests import made
from tests.organisers.people import csrf, log_in_as, make

HERE = "/cases/test-defender/report"
SAID = {"kind": "removal", "words": "Please take it away, says a test relative.", "address": "relative@example.org"}


@pytest.fixture(autouse=True)
def _own_limits(app: CampaignApp) -> None:
    app.extensions["report_limits"] = ReportLimits("redis://127.0.0.1:1/0", prefix="test:")  # no broker there: counted in memory, from nought


def send(client: FlaskClient, **said: Any) -> Any:
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', client.get(HERE).text)
    assert token
    answer = client.post(HERE, data={"csrf_token": token.group(1), **SAID, **said})
    db.session.expire_all()
    return answer


def the_report() -> CaseReport:
    return db.session.scalars(select(CaseReport)).one()


@pytest.fixture
def case(app: CampaignApp) -> Case:
    row = made.case()
    db.session.commit()
    return row


def test_a_report_is_sealed_and_its_sender_is_told_that_it_arrived(client: FlaskClient, case: Case) -> None:
    assert "/cases/test-defender/report" in client.get("/cases/test-defender").text
    answer = send(client)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{HERE}/thanks")
    row = the_report()
    assert (row.kind, row.state, row.words, row.address) == ("removal", "open", SAID["words"], SAID["address"])
    assert row.words_sealed and row.address_sealed
    assert b"relative" not in row.words_sealed + row.address_sealed
    assert "It has arrived" in client.get(f"{HERE}/thanks").text


def test_it_needs_no_address_and_stops_nothing_by_itself(client: FlaskClient, case: Case) -> None:
    assert send(client, address="").status_code == 303
    assert the_report().address is None
    assert (db.session.get_one(Case, case.id).stopped_at, client.get("/cases/test-defender").status_code) == (None, 200)


@pytest.mark.parametrize(("field", "value"), [("kind", "other"), ("words", ""), ("words", "x" * 5001), ("address", "x" * 255), ("csrf_token", "old")])
def test_what_cannot_be_sent_stays_typed(client: FlaskClient, case: Case, field: str, value: str) -> None:
    answer = send(client, **{field: value})
    assert answer.status_code == 400
    assert (value if field in ("words", "address") else SAID["words"]) in answer.text
    assert db.session.scalar(select(CaseReport)) is None


@pytest.mark.parametrize("publication", ["draft", "hidden"])
def test_nobody_learns_of_a_case_that_is_not_public(client: FlaskClient, app: CampaignApp, publication: str) -> None:
    made.case(publication=publication)
    db.session.commit()
    assert client.get(HERE).status_code == client.post(HERE, data=SAID).status_code == client.get("/cases/nobody/report").status_code == 404


def test_a_flood_from_one_place_is_slowed_and_what_was_typed_stays(client: FlaskClient, case: Case) -> None:
    assert [send(client).status_code for _each in range(PER_REMOTE.amount)] == [303] * PER_REMOTE.amount
    answer = send(client, words="One test too many.")
    assert (answer.status_code, "One test too many." in answer.text) == (429, True)
    assert client.post(HERE, environ_base={"REMOTE_ADDR": "192.0.2.7"}).status_code == 400


def test_it_stands_above_everything_else_with_one_button_that_stops_the_case(client: FlaskClient, case: Case) -> None:
    made.report(case)
    made.report(case, kind="removal")
    case.review_on = now_utc().date() - timedelta(days=100)
    made.appeal(of=case)
    organiser = make("organiser")
    assert [need.key for need in needs(now=now_utc(), account=organiser)] == ["reports", "reviews"]
    log_in_as(client, "organiser@example.org")
    page = client.get("/desk/").text
    assert page.index("asks that it goes") < page.index("Test Defender: a mistake,")
    assert client.post("/desk/cases/test-defender/stop", data={"csrf_token": csrf(client, "/desk/")}).status_code == 303
    assert "Stop now, ask later" not in client.get("/desk/").text
    assert "2 reports about cases wait for an answer" in client.get("/desk/").text


def test_it_is_read_with_a_line_in_the_trail_and_answered_once(client: FlaskClient, case: Case) -> None:
    row = made.report(case, words="Words of a test relative.")
    make("reviewer")
    log_in_as(client, "reviewer@example.org")
    page = "/desk/cases/test-defender"
    assert "Words of a test" not in client.get(page).text
    there = f"{page}/reports/{row.id}"
    assert "Words of a test relative." in client.post(f"{there}/read", data={"csrf_token": csrf(client, page)}).text
    for _twice in range(2):
        assert client.post(f"{there}/answer", data={"csrf_token": csrf(client, page)}).status_code == 303
    assert [entry.action for entry in audit.trail()] == ["case.report_answered", "case.report_read"]
    assert "relative" not in str([entry.details for entry in audit.trail()])
    assert needs(now=now_utc()) == []


def test_words_are_erased_three_months_after_the_answer_and_never_before_it(any_app: CampaignApp) -> None:
    case, now = made.case(), now_utc()
    old = made.report(case, state="answered", answered_at=now - timedelta(days=91), address="relative@example.org")
    new = made.report(case, state="answered", answered_at=now - timedelta(days=89))
    waiting = made.report(case, received_at=now - timedelta(days=900))
    db.session.commit()
    assert (reports.forget(now=now), reports.forget(now=now)) == (1, 0)
    db.session.commit()
    assert (old.words, old.address, bool(new.words), bool(waiting.words)) == (None, None, True, True)
