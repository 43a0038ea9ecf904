"""Offices in files: every fault at once, a look before anything happens, and what is taken out can be taken in."""

import csv
import io
import re

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.app import CampaignApp
from campaign.audit import service as audit
from campaign.authorities import editing, files
from campaign.authorities.facts import Facts, facts_of
from campaign.authorities.models import Authority
from campaign.db import db, now_utc
from campaign.text.faults import FolderFaults
from tests import made
from tests.organisers.people import csrf, log_in_as, make

HERE = "/desk/offices/import"
HEAD = "key,country,address lines,title (en),title (ru),salutation (en),reads letters in,mailboxes,seen\n"
ROW = ',TJ,"2 Example Square\n000000 Exampletown",Court of Examples,Суд примеров,"Dear Court,",en ru,court@authorities.example: 20,https://office.example\n'
YAML = """authorities:
  - key: test-office
    office: Office test-office
    country: TJ
    lines: [9 Example Street]
    salutation: {en: "Dear Office,", ru: "Уважаемый господин Министр,"}
    languages: [en, ru]
    email: test-office@authorities.example
"""


@pytest.fixture
def desk(app: CampaignApp, client: FlaskClient) -> FlaskClient:
    make("organiser")
    log_in_as(client, "organiser@example.org")
    return client


def send(client: FlaskClient, words: str, *, as_file: bool = False, **more: str) -> TestResponse:
    data: dict[str, object] = {"csrf_token": csrf(client, HERE), **more}
    data |= {"file": (io.BytesIO(words.encode()), "offices.csv")} if as_file else {"words": words}
    return client.post(HERE, data=data, content_type="multipart/form-data")


def mark(answer: TestResponse) -> str:
    found = re.search(r'name="mark"[^>]*value="([^"]*)"', answer.text)
    return found[1] if found else ""


def all_facts() -> dict[str, Facts]:
    db.session.expire_all()
    return {office.key: facts_of(office) for office in db.session.scalars(select(Authority))}


def test_a_file_is_looked_at_before_anything_happens_and_its_offices_come_unverified(desk: FlaskClient) -> None:
    answer = send(desk, HEAD + ROW, as_file=True)
    assert answer.status_code == 200 and "1 new office" in answer.text and "Court of Examples" in answer.text
    assert all_facts() == {}
    assert send(desk, HEAD + ROW, mark=mark(answer)).status_code == 303
    office = db.session.scalars(select(Authority)).one()
    assert office.key == "court-of-examples-tj" and office.verified_at is None and office.address_by is not None
    assert facts_of(office).titles == {"en": "Court of Examples", "ru": "Суд примеров"}
    assert facts_of(office).mailboxes == {"court@authorities.example": 20}
    assert "authority.imported" in {entry.action for entry in audit.trail(kind="authority")}


def test_every_fault_is_told_with_its_line_and_nothing_is_imported(desk: FlaskClient) -> None:
    long = "The Very Long Name of a Street in an Example That No Window of Any Envelope Could Ever Show"
    wrong = f',XX,"1 Street",Other Court,,"Dear Court,",en,not an address,\n,KG,"{long}",Third Court,,"Dear Court,",en,,\n'
    answer = send(desk, HEAD + ROW + wrong, as_file=True)
    assert answer.status_code == 400 and all_facts() == {}
    assert "Line 4:" in answer.text and "XX" in answer.text and "not an address" in answer.text
    assert "Court of Examples" in answer.text, "the words of the file stand in the page, to be mended there"
    fixed = send(desk, HEAD + ROW + wrong.replace("XX", "TJ").replace("not an address", ""))
    assert "Line 5:" in fixed.text and long in fixed.text


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("", "nothing else"),
        ("authorities: []", "no office"),
        ("offices: []", "authorities"),
        ("key,land\n", "land"),
        (HEAD, "no office"),
        ("authorities:\n  - &a {key: a}\n", "references"),
        (YAML + YAML.removeprefix("authorities:\n"), "here twice"),
    ],
)
def test_what_is_no_file_of_offices_is_told(app: CampaignApp, words: str, said: str) -> None:
    with pytest.raises(FolderFaults, match=said):
        files.read("typed", words.encode(), first="en")


def test_another_address_in_a_file_waits_for_a_second_person(desk: FlaskClient) -> None:
    made.authority()
    db.session.commit()
    answer = send(desk, YAML)
    assert "1 office with another address" in answer.text and "9 Example Street" in answer.text
    assert send(desk, YAML, mark=mark(answer)).status_code == 303
    office = db.session.scalars(select(Authority)).one()
    assert office.lines == ["1 Example Street", "000000 Exampletown"] and office.verified_at is not None
    assert editing.asked_change(office) is not None
    assert "is as the file says already" in send(desk, YAML).text
    other = send(desk, YAML.replace("9 Example", "8 Example"))
    assert other.status_code == 400 and "waits for a second person" in other.text


def test_what_a_spreadsheet_has_no_column_for_stays(desk: FlaskClient) -> None:
    made.authority()
    db.session.commit()
    before = all_facts()["test-office"]
    head = "key,country,address lines,title (en),salutation (en),reads letters in,seen\n"
    words = head + 'test-office,TJ,"1 Example Street\n000000 Exampletown",Office test-office,"Dear Office,",en ru,new\n'
    answer = send(desk, words)
    assert "1 office with other words" in answer.text
    assert send(desk, words, mark=mark(answer)).status_code == 303
    after = all_facts()["test-office"]
    assert (after.salutations, after.mailboxes, after.seen) == (before.salutations, before.mailboxes, "new")


def test_what_changed_between_the_look_and_the_press_is_looked_at_again(desk: FlaskClient) -> None:
    office = made.authority(verified=False)
    db.session.commit()
    seen = mark(send(desk, YAML))
    editing.keep(office, facts_of(office).__class__(**{**vars(facts_of(office)), "seen": "elsewhere"}), by=None, now=now_utc())
    db.session.commit()
    again = send(desk, YAML, mark=seen)
    assert again.status_code == 200 and "Nothing was imported yet" in again.text
    assert all_facts()["test-office"].lines == ("1 Example Street", "000000 Exampletown")


def test_an_office_that_may_be_there_already_is_asked_about(desk: FlaskClient) -> None:
    answer = send(desk, HEAD + ROW)
    send(desk, HEAD + ROW, mark=mark(answer))
    answer = send(desk, HEAD + ROW)
    assert "Is it this one?" in answer.text
    assert send(desk, HEAD + ROW, mark=mark(answer)).status_code == 200
    assert len(all_facts()) == 1
    assert send(desk, HEAD + ROW, mark=mark(answer), another="y").status_code == 303
    assert len(all_facts()) == 2


@pytest.mark.parametrize("kind", ["csv", "yaml"])
def test_what_is_taken_out_says_the_same_when_it_is_taken_in(desk: FlaskClient, kind: str) -> None:
    made.authority("first-office")
    boxes = {"a@authorities.example": 60, "b@authorities.example": 5}
    strange = Facts("KG", ("=1+1 Example Street", "@home"), {"ru": "Норвежский суд: NO"}, ("ru",), {"ru": "Да,"}, boxes, "- a list")
    editing.make(strange, by=None, now=now_utc(), key="second-office")
    db.session.commit()
    before = all_facts()
    out = desk.post(f"/desk/offices/export.{kind}", data={"csrf_token": csrf(desk, "/desk/offices/")})
    assert out.status_code == 200 and out.is_streamed
    entries = files.read("typed", out.data, first="en")
    assert {entry.key: entry.said.facts("en") for entry in entries} == before
    if kind == "csv":
        cells = [cell for row in csv.reader(io.StringIO(out.data.decode("utf-8-sig"))) for cell in row]
        assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]
    assert "authority.exported" in {entry.action for entry in audit.trail(kind="authority")}


def test_a_file_on_any_other_route_is_refused_before_it_is_read(desk: FlaskClient) -> None:
    data = {"csrf_token": csrf(desk, HERE), "file": (io.BytesIO(b"x"), "a.csv")}
    assert desk.post("/desk/offices/new", data=data, content_type="multipart/form-data").status_code == 400
