"""The directory at the desk, as organisers use it."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.audit import service as audit
from campaign.authorities import checking, editing, history
from campaign.authorities.checking import MAILBOX_STALE, PAPER_STALE
from campaign.authorities.models import Authority, AuthorityCheck
from campaign.db import db, now_utc
from campaign.dispatch.seal import seal_email
from tests import made
from tests.dispatch.letters import NOON, letter_appeal, letters
from tests.organisers.people import csrf, log_in_as, make

NEW = {
    "country": "TJ",
    "lines": "2 Example Square\n000000 Exampletown",
    "words-0-language": "en",
    "words-0-title": "Court of Examples",
    "words-0-salutation": "Dear Court,",
    "words-0-reads": "y",
    "words-1-language": "ru",
    "words-1-title": "Суд примеров",
    "mailboxes-0-address": "court@authorities.example",
    "mailboxes-0-hourly_cap": "20",
    "seen": "https://office.example",
}


@pytest.fixture
def desk(app: CampaignApp, client: FlaskClient) -> FlaskClient:
    make("organiser")
    log_in_as(client, "organiser@example.org")
    return client


@pytest.fixture
def second(app: CampaignApp) -> FlaskClient:
    make("reviewer")
    client = app.test_client()
    log_in_as(client, "reviewer@example.org")
    return client


def fields(client: FlaskClient, path: str) -> dict[str, str]:
    """What the form of a page holds, as a browser would send it back."""
    forms = html.fromstring(client.get(path).text).forms
    return dict(next(form for form in forms if "country" in form.fields).form_values())


def send(client: FlaskClient, path: str, values: dict[str, Any], **changed: Any) -> Any:
    return client.post(path, data={"csrf_token": csrf(client, path), **values, **changed})


def office(key: str = "court-of-examples-tj") -> Authority:
    db.session.expire_all()
    return db.session.scalars(select(Authority).where(Authority.key == key)).one()


def test_an_office_is_made_found_in_any_language_and_verified_by_somebody_else(desk: FlaskClient, second: FlaskClient) -> None:
    assert send(desk, "/desk/offices/new", NEW).location == "/desk/offices/court-of-examples-tj"
    for words in ("court examples", "суд", "tajikistan", "Таджикистан", "exampletown", "court@authorities"):
        assert "Court of Examples" in desk.get("/desk/offices/", query_string={"q": words}).text, words
    assert "No office matches" in desk.get("/desk/offices/?q=prosecutor").text
    assert "You typed this address" in desk.get("/desk/offices/court-of-examples-tj/verify").text
    path = "/desk/offices/court-of-examples-tj/verify"
    page = second.get(path).text
    assert "TAJIKISTAN" in page and "000000 Exampletown" in page
    checked = {"version": "1", "postal": "y", "mailbox": "court@authorities.example", "source": "https://office.example"}
    assert send(second, path, checked, source="").status_code == 400
    assert send(second, path, checked).status_code == 303
    row = db.session.scalars(select(AuthorityCheck)).one()
    assert (row.source, row.mailboxes, row.found) == ("https://office.example", ["court@authorities.example"], "right")
    assert office().verified_at is not None and office().mailboxes[0].verified_at is not None
    assert "Test Reviewer" in desk.get("/desk/offices/court-of-examples-tj").text


def test_who_typed_it_cannot_verify_it_whatever_is_posted(desk: FlaskClient) -> None:
    send(desk, "/desk/offices/new", NEW)
    values = {"version": "1", "postal": "y", "source": "I know", "csrf_token": csrf(desk, "/desk/offices/new")}
    assert desk.post("/desk/offices/court-of-examples-tj/verify", data=values).status_code == 409
    assert office().verified_at is None


def test_a_line_that_does_not_fit_the_window_is_named_and_nothing_typed_is_lost(desk: FlaskClient) -> None:
    long = "The Very Long Name of a Street in an Example That No Window of Any Envelope Could Ever Show at Nine Points"
    answer = send(desk, "/desk/offices/new", NEW, lines=f"{long}\n000000 Exampletown")
    assert answer.status_code == 400
    assert f"“{long}” does not fit the window" in answer.text
    assert "Суд примеров" in answer.text and "court@authorities.example" in answer.text
    assert db.session.scalar(select(Authority)) is None


def test_all_faults_are_told_at_once(desk: FlaskClient) -> None:
    values = {name: value for name, value in NEW.items() if not name.endswith(("title", "salutation"))}
    answer = send(
        desk, "/desk/offices/new", values, lines="An Example Street with So Very Long a Name That No Window of Any Envelope Shows It", **{"mailboxes-0-address": "x"}
    )
    assert [words in answer.text for words in ("does not fit the window", "is not an e-mail address", "a title in at least one language", "is addressed")] == [True] * 4


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("country", "", "Choose the country"),
        ("lines", "", "Type the address"),
        ("words-0-reads", "", "Tick at least one language"),
        ("words-0-salutation", "", "how the office is addressed"),
        ("words-1-language", "en", "is here twice"),
        ("mailboxes-0-address", "not an address", "is not an e-mail address"),
        ("mailboxes-0-hourly_cap", "-3", "Number must be"),
    ],
)
def test_each_fault_is_told(desk: FlaskClient, name: str, value: str, said: str) -> None:
    values = {**NEW, name: value}
    if not value:
        del values[name]
    answer = send(desk, "/desk/offices/new", values)
    assert (answer.status_code, said in answer.text) == (400, True), answer.text


def test_more_rows_lose_nothing_that_was_typed(desk: FlaskClient) -> None:
    answer = send(desk, "/desk/offices/new", NEW, more="1")
    assert answer.status_code == 200
    assert "Court of Examples" in answer.text and 'name="words-3-title"' in answer.text and "words-4-title" not in answer.text


def test_nearly_the_same_office_is_asked_about(desk: FlaskClient) -> None:
    send(desk, "/desk/offices/new", NEW)
    answer = send(desk, "/desk/offices/new", NEW, **{"words-0-title": "The Court of the Examples of Tajikistan", "mailboxes-0-address": "", "lines": "Elsewhere"})
    assert answer.status_code == 409 and "Is it this one?" in answer.text
    assert len(db.session.scalars(select(Authority)).all()) == 1
    assert send(desk, "/desk/offices/new", NEW, another="y").status_code == 303
    assert len(db.session.scalars(select(Authority)).all()) == 2


def test_another_address_is_asked_about_granted_by_a_second_person_and_verified_anew(desk: FlaskClient, second: FlaskClient) -> None:
    appeal = letter_appeal(size=2)
    target = appeal.targets[0].authority
    letters(appeal, 2)
    seal()
    path = f"/desk/offices/{target.key}/edit"
    values = {**fields(desk, path), "lines": "9 Example Street"}
    asking = desk.post(path, data=values)
    assert asking.status_code == 409 and "This changes where letters go" in asking.text and "Batch 1 by e-mail" in asking.text
    mark = re.search(r'name="asked"[^>]*value="([^"]+)"', asking.text)
    assert mark and editing.asked_change(target) is None, "nothing is asked of anybody before the page has asked"
    assert desk.post(path, data={**values, "asked": mark[1]}).status_code == 303
    asked = editing.asked_change(office(target.key))
    assert asked is not None
    at = f"/desk/offices/{target.key}"
    grant = f"/desk/approvals/{asked.id}/grant"
    assert desk.post(grant, data={"csrf_token": csrf(desk, at)}).status_code == 403, "who asked does not grant"
    page = second.get(at).text
    assert "9 Example Street" in page and "Batch 1 by e-mail" in page and grant in page
    assert "Batch 1 by e-mail" in second.get(f"/desk/approvals/{asked.id}").text
    assert second.post(grant, data={"csrf_token": csrf(second, at)}).status_code == 303
    assert office(target.key).lines == ["9 Example Street"] and office(target.key).verified_at is None
    past = desk.get(f"{at}/history").text
    assert "1 Example Street" in past and "9 Example Street" in past and "Test Organiser" in past
    assert "authority.moved" in {entry.action for entry in audit.trail(kind="authority")}


def test_two_who_edit_the_same_office_are_told_and_neither_loses_work(desk: FlaskClient, app: CampaignApp) -> None:
    made.authority("test-office")
    make("organiser", "another@example.org")
    other = app.test_client()
    log_in_as(other, "another@example.org")
    path = "/desk/offices/test-office/edit"
    first, late = fields(desk, path), fields(other, path)
    assert desk.post(path, data={**first, "seen": "https://one.example"}).status_code == 303
    answer = other.post(path, data={**late, "words-0-salutation": "Dear Other Office,"})
    assert answer.status_code == 409 and "Somebody else changed this office" in answer.text
    assert "https://one.example" in answer.text and "Dear Other Office," in answer.text
    stamp = re.search(r'name="stamp"[^>]*value="([^"]+)"', answer.text)
    assert stamp
    assert other.post(path, data={**late, "words-0-salutation": "Dear Other Office,", "stamp": stamp[1], "seen": "https://one.example"}).status_code == 303
    assert (office("test-office").seen, office("test-office").texts[0].salutation) == ("https://one.example", "Dear Other Office,")


def test_what_no_letter_depends_on_is_saved_at_once(desk: FlaskClient) -> None:
    made.authority("test-office")
    path = "/desk/offices/test-office/edit"
    assert desk.post(path, data={**fields(desk, path), "mailboxes-0-hourly_cap": "7"}).status_code == 303
    assert office("test-office").mailboxes[0].hourly_cap == 7
    assert office("test-office").verified_at is not None


def test_one_press_holds_back_what_would_go_to_a_doubtful_address(desk: FlaskClient) -> None:
    made.authority("test-office")
    db.session.commit()
    assert send(desk, "/desk/offices/test-office", {}).status_code == 405
    answer = desk.post("/desk/offices/test-office/doubt", data={"csrf_token": csrf(desk, "/desk/offices/test-office"), "source": "a letter came back"})
    assert answer.status_code == 303 and office("test-office").verified_at is None
    assert "a letter came back" in desk.get("/desk/offices/test-office").text


def test_an_address_is_to_be_checked_again_after_a_year_and_a_mailbox_after_half_a_year(desk: FlaskClient) -> None:
    old, fresh = made.authority("old-office"), made.authority("fresh-office", country="KG")
    old.mailboxes[0].verified_at = now_utc() - MAILBOX_STALE - timedelta(days=1)
    db.session.commit()
    page = desk.get("/desk/offices/?state=due").text
    assert "Office old-office" in page and "Office fresh-office" not in page and "check it again" in page
    old.mailboxes[0].verified_at, fresh.verified_at = now_utc(), now_utc() - PAPER_STALE - timedelta(days=1)
    db.session.commit()
    page = desk.get("/desk/offices/?state=due").text
    assert "Office fresh-office" in page and "Office old-office" not in page


def test_the_list_says_how_many_calls_to_action_use_an_office(desk: FlaskClient) -> None:
    target = made.authority("test-office")
    made.appeal("letter", targets=[target])
    made.appeal("petition", of=made.case("another-case"), targets=[target])
    db.session.commit()
    assert re.search(r'data-label="Calls to action">2<', desk.get("/desk/offices/").text)
    assert "Free the test person" in desk.get("/desk/offices/test-office").text


def test_what_is_due_or_waits_for_an_address_needs_a_person(desk: FlaskClient) -> None:
    appeal = letter_appeal()
    target = appeal.targets[0].authority
    target.verified_at = now_utc() - PAPER_STALE - timedelta(days=3)
    db.session.commit()
    page = desk.get("/desk/").text
    assert "The address of 1 office is to be checked again" in page and f"/desk/offices/{target.key}/verify" in page
    checking.withdraw(target)
    letters(appeal, 1)
    page = desk.get("/desk/").text
    assert "Letters wait for 1 address that nobody has verified" in page and "is to be checked again" not in page


def test_a_team_of_one_changes_and_verifies_its_own_offices_and_nobody_else_s(app: CampaignApp, client: FlaskClient) -> None:
    alone, theirs, target = made.organisation("alone", single_handed=True), made.organisation("theirs"), made.authority("test-office")
    account = make("organiser")
    made.member(account, alone)
    make("reviewer")
    appeal = made.appeal("letter", targets=[target], organisation_id=alone.id)
    db.session.commit()
    log_in_as(client, "organiser@example.org")
    change_lines(client, "9 Example Street")
    assert office("test-office").lines == ["9 Example Street"] and office("test-office").verified_at is None
    path = "/desk/offices/test-office/verify"
    assert send(client, path, {"version": str(history.number_of(office("test-office"))), "postal": "y", "source": "https://office.example"}).status_code == 303
    appeal.organisation_id = theirs.id
    db.session.commit()
    change_lines(client, "8 Example Street")
    assert office("test-office").lines == ["9 Example Street"] and editing.asked_change(office("test-office"))


def change_lines(client: FlaskClient, lines: str) -> None:
    path = "/desk/offices/test-office/edit"
    values = {**fields(client, path), "lines": lines}
    asking = client.post(path, data=values)
    found = re.search(r'name="asked"[^>]*value="([^"]+)"', asking.text)
    assert found, asking.text
    assert client.post(path, data={**values, "asked": found[1]}).status_code == 303


def test_another_organisation_s_calls_to_action_are_counted_and_not_shown(desk: FlaskClient) -> None:
    target = made.authority("test-office")
    made.appeal("letter", targets=[target], organisation_id=made.organisation("theirs").id)
    db.session.commit()
    page = desk.get("/desk/offices/test-office").text
    assert "1 of another organisation" in page and "Free the test person" not in page


def seal() -> None:
    assert seal_email(now=NOON)
    db.session.commit()
