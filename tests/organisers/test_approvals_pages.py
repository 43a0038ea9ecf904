"""A second person sees what would change, line by line, and decides; the first one sees who that may be."""

import re
import uuid
from collections.abc import Iterator
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from lxml import html

from campaign.app import CampaignApp
from campaign.db import db, now_utc
from campaign.organisers import approvals
from campaign.organisers.models import Account, Approval, Organisation
from campaign.overview.needs import needs
from campaign.text import lazy
from tests import made
from tests.organisers.people import csrf, log_in_as, make

KIND = "test.change"
BEFORE = {"title": "Old title", "lines": ["first", "second", "third"], "gone": "was here"}
AFTER = {"title": "New title", "lines": ["first", "other", "third"], "added": "is here now"}


@pytest.fixture
def done(app: CampaignApp) -> Iterator[list[str]]:
    """What was done, in the order in which it was; “impossible” cannot be done."""
    happened: list[str] = []

    def do(request: Approval, by: uuid.UUID, now: datetime) -> None:
        made.case("half-done")
        if request.object_id == "impossible":
            raise approvals.CannotBeDone("The appeal was closed meanwhile.")
        happened.append(request.object_id)

    approvals.register(KIND, do, said=lazy("Publish an appeal"))
    yield happened
    approvals._done.pop(KIND)


def ask(by: Account, *, of: str = "test-object", organisation: Organisation | None = None) -> Approval:
    request = approvals.ask(kind=KIND, of=of, by=by.id, before=BEFORE, after=AFTER, organisation_id=organisation.id if organisation else None, now=now_utc())
    db.session.commit()
    return request


def text_of(element: html.HtmlElement) -> str:
    """What is read, in one line."""
    return re.sub(r"\s+", " ", element.text_content()).strip()


def press(client: FlaskClient, request: Approval, decision: str) -> int:
    return client.post(f"/desk/approvals/{request.id}/{decision}", data={"csrf_token": csrf(client, "/desk/approvals/")}).status_code


@pytest.fixture
def second(client: FlaskClient, app: CampaignApp) -> FlaskClient:
    """A browser in which a reviewer is logged in."""
    make("reviewer")
    log_in_as(client, "reviewer@example.org")
    return client


def test_each_line_that_goes_or_comes_is_told_in_signs_and_words(second: FlaskClient, done: list[str]) -> None:
    request = ask(make("organiser"))
    page = html.document_fromstring(second.get(f"/desk/approvals/{request.id}").text)
    assert [text_of(one) for one in page.iter("del")] == ["−Removed: Old title", "−Removed: second", "−Removed: was here"]
    assert [text_of(one) for one in page.iter("ins")] == ["+Added: New title", "+Added: other", "+Added: is here now"]
    assert "first" in page.text_content()


def test_a_second_person_grants_and_it_is_done_once(second: FlaskClient, done: list[str]) -> None:
    request = ask(make("organiser"))
    assert "Publish an appeal" in second.get("/desk/approvals/").text
    assert press(second, request, "grant") == 303
    assert press(second, request, "grant") == 303
    assert done == ["test-object"]
    assert "Granted by Test Reviewer" in second.get(f"/desk/approvals/{request.id}").text


def test_a_refusal_changes_nothing_and_is_told(second: FlaskClient, done: list[str]) -> None:
    request = ask(make("organiser"))
    assert press(second, request, "refuse") == 303
    assert done == []
    assert "Refused by Test Reviewer" in second.get(f"/desk/approvals/{request.id}").text


def test_who_asked_sees_who_decides_and_can_only_take_it_back(client: FlaskClient, done: list[str]) -> None:
    asker = make("organiser")
    make("reviewer")
    make("translator")
    request = ask(asker)
    log_in_as(client, "organiser@example.org")
    page = client.get(f"/desk/approvals/{request.id}").text
    assert "somebody else decides: Test Reviewer." in page
    assert "Grant it" not in page
    assert press(client, request, "grant") == 403
    assert press(client, request, "withdraw") == 303
    assert done == []
    assert "Taken back" in client.get(f"/desk/approvals/{request.id}").text


def test_nobody_takes_back_what_another_one_asked_for(second: FlaskClient, done: list[str]) -> None:
    request = ask(make("organiser"))
    assert press(second, request, "withdraw") == 404
    db.session.expire_all()
    assert request.state == "asked"


def test_what_cannot_be_done_is_said_and_leaves_the_request_as_it_was(second: FlaskClient, done: list[str]) -> None:
    request = ask(make("organiser"), of="impossible")
    answer = second.post(f"/desk/approvals/{request.id}/grant", data={"csrf_token": csrf(second, "/desk/approvals/")})
    assert answer.status_code == 409
    assert "The appeal was closed meanwhile." in answer.text
    db.session.rollback()
    db.session.expire_all()
    assert request.state == "asked"
    assert second.get("/cases/half-done").status_code == 404


def test_a_request_of_another_organisation_is_nobodys_to_see_or_decide(second: FlaskClient, done: list[str]) -> None:
    asker, organisation = make("organiser"), made.organisation()
    made.member(asker, organisation)
    request = ask(asker, organisation=organisation)
    assert "test-object" not in second.get("/desk/approvals/").text
    assert press(second, request, "grant") == 404
    assert [one.id for one in approvals.who_decides(request)] == []
    admin = make("admin")
    assert approvals.who_decides(request) == [admin]


def test_the_desk_tells_the_second_person_and_not_the_first(done: list[str]) -> None:
    asker, other = make("organiser"), make("reviewer")
    ask(asker)
    assert "approvals" in {need.key for need in needs(now=now_utc(), account=other)}
    assert "approvals" not in {need.key for need in needs(now=now_utc(), account=asker)}
    stranger = make("reviewer", "stranger@example.org")
    ask(asker, of="another", organisation=made.organisation())
    assert len({need.key: need for need in needs(now=now_utc(), account=stranger)}["approvals"].lines) == 1


def test_a_request_that_is_not_there_is_not_found(second: FlaskClient) -> None:
    assert second.get(f"/desk/approvals/{uuid.uuid4()}").status_code == 404
