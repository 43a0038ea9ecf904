"""Drives at the desk: made, edited by two at once, repeated a year later, shown and taken back."""

import re
from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.app import CampaignApp
from campaign.appeals.models import Drive
from campaign.audit import service as audit
from campaign.db import db
from campaign.organisers.models import Account, Grant
from tests import made
from tests.organisers.people import csrf, log_in_as, make
from tests.overview.drives import make_drive

NEW = "/desk/drives/new"
TYPED = {
    "starts_on": "2027-12-01",
    "ends_on": "2027-12-31",
    "goal": "500",
    "organisation": "",
    "name-en": "Letters in December",
    "lead-en": "We write for people in prison.",
    "seen": "0",
}


@pytest.fixture
def organiser(app: CampaignApp, client: FlaskClient) -> Account:
    account = make("organiser")
    log_in_as(client, "organiser@example.org")
    return account


def send(client: FlaskClient, path: str, **typed: str) -> TestResponse:
    return client.post(path, data={"csrf_token": csrf(client, NEW), **TYPED, **typed})


def only_drive() -> Drive:
    db.session.expire_all()
    return db.session.scalars(select(Drive)).one()


def actions() -> list[str]:
    return [entry.action for entry in reversed(audit.trail(kind="drive"))]


def test_a_drive_begins_as_a_draft_with_what_was_typed(app: CampaignApp, client: FlaskClient, organiser: Account) -> None:
    made.appeal(of=made.case("test-first"), targets=[])
    made.case("test-second")
    made.organisation()
    db.session.commit()
    answer = send(client, NEW, **{"place-test-first": "2", "place-test-second": "1", "partner-test-partner": "y", "name-ru": "Письма в декабре", "lead-ru": "Мы пишем."})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/drives/letters-in-december-2027?saved=1")
    drive = only_drive()
    assert (drive.state, drive.starts_on, drive.ends_on, drive.goal) == ("draft", date(2027, 12, 1), date(2027, 12, 31), 500)
    assert [part.case.slug for part in drive.cases] == ["test-second", "test-first"]
    assert {text.language: text.name for text in drive.texts} == {"en": "Letters in December", "ru": "Письма в декабре"}
    assert [one.organisation.slug for one in drive.partners] == ["test-partner"]
    assert actions() == ["drive.made"] and audit.trail(kind="drive")[0].actor_id == organiser.id
    page = client.get("/desk/drives/letters-in-december-2027").text
    assert 'value="2"' in page and "Letters in December" in page
    assert "draft, not shown" in client.get("/desk/drives/").text
    assert client.get("/drives/letters-in-december-2027").status_code == 404


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"starts_on": "soon"}, "Type the day as year, month and day"),
        ({"ends_on": "2027-11-30"}, "A drive ends on the day it begins or later."),
        ({"goal": "many"}, "Type the goal as a number"),
        ({"goal": "0"}, "Type the goal as a number"),
        ({"name-en": "", "lead-en": "", "name-ru": "", "lead-ru": ""}, "Type a name and a lead in one language at least."),
        ({"lead-en": ""}, "Type the lead too"),
        ({"name-en": ""}, "Type the name too."),
        ({"name-en": "x" * 121}, "That is too long."),
        ({"place-test-defender": "first"}, "Type the place as a number"),
        ({"organisation": "00000000-0000-0000-0000-000000000000"}, "Choose whose drive it is."),
        ({"csrf_token": "stale"}, "The page had been open for long"),
    ],
)
def test_what_is_wrong_is_told_and_all_that_was_typed_is_still_there(
    app: CampaignApp, client: FlaskClient, organiser: Account, typed: dict[str, str], fault: str
) -> None:
    made.appeal(targets=[])
    db.session.commit()
    every = {**TYPED, "name-ru": "Письма", "lead-ru": "Мы <пишем>.", "place-test-defender": "7", **typed}
    answer = send(client, NEW, **every)
    assert answer.status_code == 400 and fault in answer.text and "Nothing was saved yet" in answer.text
    for name, value in every.items():
        if name not in ("csrf_token", "organisation", "seen") and value:
            assert value.replace("<", "&lt;").replace(">", "&gt;") in answer.text, name
    assert db.session.scalars(select(Drive)).all() == []


def test_a_drive_is_edited_and_the_trail_says_what_changed(app: CampaignApp, client: FlaskClient, organiser: Account) -> None:
    made.appeal(targets=[])
    send(client, NEW, **{"place-test-defender": "1"})
    path = f"/desk/drives/{only_drive().slug}"
    assert send(client, path, goal="750", **{"place-test-defender": "1"}).status_code == 303
    assert (only_drive().goal, only_drive().edits) == (750, 1)
    assert audit.trail(kind="drive")[0].details == {"before": {"goal": "500"}, "after": {"goal": "750"}}
    assert send(client, path, goal="750", seen="1", **{"place-test-defender": "1"}).status_code == 303
    assert actions() == ["drive.made", "drive.edited"], "what changed nothing is no entry"


def test_two_who_edit_at_once_are_told_and_neither_loses_work(app: CampaignApp, client: FlaskClient, organiser: Account) -> None:
    send(client, NEW)
    path = f"/desk/drives/{only_drive().slug}"
    make("admin")
    other = app.test_client()
    log_in_as(other, "admin@example.org")
    assert other.post(path, data={"csrf_token": csrf(other, NEW), **TYPED, "goal": "900"}).status_code == 303

    answer = send(client, path, **{"lead-en": "My better lead."})

    assert answer.status_code == 409
    assert "Test Admin saved this drive while you were typing." in answer.text
    assert ">900<" in answer.text and "My better lead." in answer.text and 'value="500"' in answer.text
    assert only_drive().goal == 900, "theirs stays until it is decided"
    seen = re.search(r'name="seen"[^>]*value="(\d+)"', answer.text)
    assert seen is not None and seen[1] == "1"
    assert send(client, path, seen=seen[1], goal="900", **{"lead-en": "My better lead."}).status_code == 303
    assert (only_drive().goal, only_drive().texts[0].lead) == (900, "My better lead.")


def test_a_drive_is_shown_and_taken_back(app: CampaignApp, client: FlaskClient, organiser: Account) -> None:
    made.appeal(targets=[])
    send(client, NEW)
    path = f"/desk/drives/{only_drive().slug}"
    answer = client.post(f"{path}/public", data={"csrf_token": csrf(client, NEW)})
    assert answer.status_code == 409 and "A drive without a case cannot be shown." in answer.text
    assert only_drive().state == "draft"
    send(client, path, **{"place-test-defender": "1"})
    for _time in range(2):
        assert client.post(f"{path}/public", data={"csrf_token": csrf(client, NEW)}).status_code == 303
    assert client.get("/drives/letters-in-december-2027").status_code == 200
    assert client.post(f"{path}/draft", data={"csrf_token": csrf(client, NEW)}).status_code == 303
    assert client.get("/drives/letters-in-december-2027").status_code == 404
    assert actions() == ["drive.made", "drive.edited", "drive.published", "drive.taken_back"]


def test_last_years_drive_is_repeated_with_the_cases_that_still_ask_for_something(app: CampaignApp, client: FlaskClient, organiser: Account) -> None:
    cases = [made.case("test-held"), made.case("test-freed", status="released", held_since=None), made.case("test-second-held")]
    make_drive(*cases, partners=(made.organisation(),), starts_on=date(2028, 2, 1), ends_on=date(2028, 2, 29))
    answer = client.post("/desk/drives/test-drive/clone", data={"csrf_token": csrf(client, NEW)})
    assert answer.headers["Location"] == "/desk/drives/test-letters-in-december-2029"
    db.session.expire_all()
    again = db.session.scalars(select(Drive).where(Drive.slug == "test-letters-in-december-2029")).one()
    assert (again.state, again.starts_on, again.ends_on, again.goal) == ("draft", date(2029, 2, 1), date(2029, 2, 28), 500)
    assert [part.case.slug for part in again.cases] == ["test-held", "test-second-held"]
    assert {text.language for text in again.texts} == {"en", "ru"} and len(again.partners) == 1
    assert actions() == ["drive.cloned"] and audit.trail(kind="drive")[0].details["of"] == "test-drive"
    twice = client.post("/desk/drives/test-drive/clone", data={"csrf_token": csrf(client, NEW)})
    assert twice.headers["Location"] == "/desk/drives/test-letters-in-december-2029-2"


def test_somebody_of_an_organisation_begins_one_of_its_own_and_chooses_from_its_cases(app: CampaignApp, client: FlaskClient, organiser: Account) -> None:
    mine, others = made.organisation("test-mine"), made.organisation("test-others")
    made.member(organiser, mine)
    made.appeal(of=made.case("case-of-mine", organisation_id=mine.id), targets=[])
    made.case("case-of-others", organisation_id=others.id)
    db.session.commit()
    page = client.get(NEW).text
    assert f'<option selected value="{mine.id}">' in page and f'value="{others.id}"' not in page
    assert "place-case-of-mine" in page and "place-case-of-others" not in page
    assert send(client, NEW, organisation=str(others.id)).status_code == 400
    assert send(client, NEW, organisation=str(mine.id), **{"place-case-of-mine": "1", "place-case-of-others": "2"}).status_code == 303
    assert only_drive().organisation_id == mine.id
    assert [part.case.slug for part in only_drive().cases] == ["case-of-mine"]


def test_a_role_granted_for_one_drive_opens_it_and_lists_it(app: CampaignApp, client: FlaskClient, organiser: Account) -> None:
    others = made.organisation("test-others")
    drive, closed = (make_drive(slug=slug, organisation_id=others.id) for slug in ("test-drive", "closed-drive"))
    db.session.add(Grant(account_id=organiser.id, role="organiser", drive_id=drive.id))
    db.session.commit()
    assert client.get("/desk/drives/test-drive").status_code == 200
    assert client.get(f"/desk/drives/{closed.slug}").status_code == 404
    listed = client.get("/desk/drives/").text
    assert "/desk/drives/test-drive" in listed and closed.slug not in listed


def test_a_reviewer_sees_the_list_and_no_more(app: CampaignApp, client: FlaskClient) -> None:
    make("reviewer")
    make_drive(made.case())
    log_in_as(client, "reviewer@example.org")
    listed = client.get("/desk/drives/").text
    assert "Test letters in December" in listed and "/desk/drives/test-drive" not in listed and NEW not in listed


def test_a_draft_can_be_thrown_away_and_the_trail_keeps_its_words(app: CampaignApp, client: FlaskClient, organiser: Account) -> None:
    make_drive(made.case(), partners=(made.organisation(),))
    for state, left in (("public", 1), ("draft", 0)):
        for drive in db.session.scalars(select(Drive)):
            drive.state = state
        db.session.commit()
        answer = client.post("/desk/drives/test-drive/discard", data={"csrf_token": csrf(client, NEW)})
        assert answer.headers["Location"] == "/desk/drives/"
        db.session.expire_all()
        assert len(db.session.scalars(select(Drive)).all()) == left
    assert actions() == ["drive.discarded"]
    assert audit.trail(kind="drive")[0].details["before"]["name_en"] == "Test letters in December"
