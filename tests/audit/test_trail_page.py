"""The trail is searched, read a page at a time, and taken out as a spreadsheet that runs nothing."""

import csv
import io
import re
from datetime import UTC, datetime, timedelta

import pytest
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.audit import service as audit
from campaign.audit.csv import safe
from campaign.db import db, now_utc
from campaign.organisers.models import Account
from tests.organisers.people import csrf, log_in_as, make

TRAIL = "/desk/trail/"


@pytest.fixture
def admin(client: FlaskClient, app: CampaignApp) -> FlaskClient:
    """A browser in which an admin is logged in."""
    make("admin")
    log_in_as(client, "admin@example.org")
    return client


@pytest.fixture
def organiser(app: CampaignApp) -> Account:
    return make("organiser")


def write(by: Account | None, action: str, of: str, *, at: datetime | None = None, **details: str) -> None:
    audit.record(by=by.id if by else None, action=action, of=of, now=at or now_utc(), details=details)
    db.session.commit()


def rows(client: FlaskClient, query: str = "") -> list[str]:
    """The objects on the page, in their order."""
    page = client.get(TRAIL + query).text
    return re.findall(r'<td role="cell" data-label="Object"><a [^>]+>([^<]+)</a>', page)


def export(client: FlaskClient, **asked: str) -> list[list[str]]:
    answer = client.post(f"{TRAIL}export", data={"csrf_token": csrf(client, TRAIL), **asked})
    assert answer.status_code == 200
    assert answer.is_streamed
    return list(csv.reader(io.StringIO(answer.text)))


def test_it_is_searched_by_object_kind_person_and_act(admin: FlaskClient, organiser: Account) -> None:
    write(organiser, "case.edited", "test-a")
    write(None, "case.stopped", "test-b")
    write(organiser, "appeal.moved", "test-c")
    assert rows(admin) == ["test-c", "test-b", "test-a"]
    assert rows(admin, "?object_id=test-b") == ["test-b"]
    assert rows(admin, "?kind=case") == ["test-b", "test-a"]
    assert rows(admin, f"?person={organiser.id}") == ["test-c", "test-a"]
    assert rows(admin, "?action=case.edited") == ["test-a"]
    assert rows(admin, "?object_id=nobody") == []


@pytest.mark.parametrize("fixture", ["app", "postgres_app"])
def test_it_is_searched_by_days_both_included(request: pytest.FixtureRequest, fixture: str) -> None:
    request.getfixturevalue(fixture)
    today = now_utc().replace(hour=0, minute=0, second=0, microsecond=0)
    for name, at in (("before", today - timedelta(seconds=1)), ("first", today), ("last", today + timedelta(hours=23, minutes=59)), ("after", today + timedelta(days=1))):
        write(None, "case.edited", name, at=at)
    found = audit.trail(since=today, until=today + timedelta(days=1))
    assert [entry.object_id for entry in found] == ["last", "first"]
    assert audit.trail(until=datetime(1960, 1, 1, tzinfo=UTC)) == []


@pytest.mark.parametrize("query", ["?first=yesterday", "?last=2026-13-01", "?person=somebody", "?before=none"])
def test_what_cannot_be_read_is_told(admin: FlaskClient, query: str) -> None:
    answer = admin.get(TRAIL + query)
    assert answer.status_code == 400
    assert "could not be read" in answer.text


def test_it_is_read_a_page_at_a_time_and_nothing_is_left_out(admin: FlaskClient, organiser: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "PAGE", 3)
    for number in range(7):
        write(organiser, "case.edited", f"test-{number}")
    read, query = [], "?kind=case"
    while query:
        read += rows(admin, query)
        older = re.search(r'href="/desk/trail/(\?[^"]+)" rel="next"', admin.get(TRAIL + query).text)
        query = older[1].replace("&amp;", "&") if older else ""
    assert read == [f"test-{number}" for number in reversed(range(7))]


def test_the_export_has_what_was_searched_for_and_is_an_entry_itself(admin: FlaskClient, organiser: Account) -> None:
    write(organiser, "case.edited", "test-a", title="New")
    write(organiser, "appeal.moved", "test-b")
    head, *lines = export(admin, kind="case")
    assert head == ["at", "person", "person_id", "action", "object", "details"]
    assert [(line[1], line[3], line[4], line[5]) for line in lines] == [("Test Organiser", "case.edited", "test-a", '{"title": "New"}')]
    assert (audit.trail()[0].action, audit.trail()[0].details) == ("trail.exported", {"kind": "case"})


def test_a_long_trail_is_taken_out_whole(admin: FlaskClient, organiser: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    from campaign.overview import trail as page

    monkeypatch.setattr(page, "AT_ONCE", 2)
    for number in range(7):
        write(organiser, "case.edited", f"test-{number}")
    assert len(export(admin, kind="case")) == 8


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1+1", "\r=1", "\n=1"])
def test_a_cell_that_a_spreadsheet_would_run_stays_text(admin: FlaskClient, organiser: Account, cell: str) -> None:
    assert safe(cell) == f"'{cell}"
    write(organiser, "case.edited", cell)
    assert export(admin, kind="case")[1][4] == f"'{cell}"


def test_a_plain_cell_stays_as_it_is() -> None:
    assert safe("test-a") == "test-a"


def test_an_export_without_the_forms_proof_is_refused(admin: FlaskClient) -> None:
    assert admin.post(f"{TRAIL}export").status_code == 400


def test_nobody_but_an_admin_reads_the_trail(client: FlaskClient, organiser: Account) -> None:
    log_in_as(client, "organiser@example.org")
    assert client.get(TRAIL).status_code == 403
    assert client.post(f"{TRAIL}export").status_code == 403
