"""Public pages are light, set no cookie, count no rows, and are kept only as long as they are true."""

import gzip
import re
from datetime import timedelta

import psycopg
import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import update

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal
from campaign.appeals.service import add_counts
from campaign.cases.models import Case
from campaign.cases.service import find_case
from campaign.db import db, now_utc, touch_public
from campaign.overview.doorstep import LONGEST_KEY, MOST, Doorstep
from campaign.overview.kept import Kept, Pages
from tests import made
from tests.organisers.people import log_in_as, make
from tests.overview.reading import asked_of_the_database, text_of

pytest_plugins = ["tests.overview.sample"]
PAGES = [
    "/",
    "/?country=TJ",
    "/?q=gurbati",
    "/good-news",
    "/countries/TJ",
    "/countries/KG",
    "/cases/rukhshona-hakimova",
    "/cases/buzurgmehr-yorov",
    "/drives/letters-in-december",
    "/drives/letters-in-december/toolkit/rukhshona-hakimova",
    "/organisations/example-partner",
    "/privacy",
]
ZIPPED = {"Accept-Encoding": "gzip"}
MOST_BYTES = 60_000


@pytest.mark.usefixtures("sample")
def test_a_first_visit_weighs_at_most_60_kb_in_at_most_three_requests(client: FlaskClient) -> None:
    for path in PAGES:
        page = client.get(path, headers=ZIPPED)
        body = gzip.decompress(page.data).decode()
        marks = [mark for mark in re.findall(r"<(?:link|img|script|source|iframe)[^>]+>", body) if "canonical" not in mark]
        files = [address for address in re.findall(r'(?:src|href)="([^"]+)"', "".join(marks)) if not address.startswith("data:")]

        weight = sum(len(answer.data) + len(str(answer.headers)) for answer in (page, *(client.get(address, headers=ZIPPED) for address in files)))

        assert weight <= MOST_BYTES, path
        assert 1 + len(files) <= 3, path
        assert "<script" not in body, path
        assert all(address.startswith("/static/") for address in files), path


@pytest.mark.usefixtures("sample")
def test_a_reader_gets_no_cookie(client: FlaskClient) -> None:
    for path in PAGES:
        answer = client.get(path)

        assert "Set-Cookie" not in answer.headers, path
        assert "Cookie" not in answer.headers["Vary"], path


@pytest.mark.usefixtures("sample")
def test_no_page_counts_rows_and_each_asks_few_questions(client: FlaskClient) -> None:
    for path in PAGES:
        with asked_of_the_database() as statements:
            client.get(path)

        assert statements or path == "/privacy", path
        assert not [statement for statement in statements if "count(" in statement], path
        assert len(statements) < 30, path


def test_the_number_of_questions_does_not_grow_with_the_number_of_cases(app: CampaignApp, client: FlaskClient) -> None:
    questions = []
    for number in range(8):
        made.appeal("petition", of=made.case(f"test-person-{number}", featured=True), targets=[])
        db.session.commit()
        with asked_of_the_database() as statements:
            client.get("/")
        questions.append(len(statements))

    assert questions[7] == questions[1]


def test_a_kept_page_asks_nothing_more_of_the_tables_it_shows(sample: None, client: FlaskClient) -> None:
    first = client.get("/").text
    with asked_of_the_database() as statements:
        again = client.get("/?utm_source=somewhere&fbclid=1").text

    assert statements == []
    assert again == first


def test_a_page_changes_at_once_when_what_it_shows_changes(app: CampaignApp, client: FlaskClient) -> None:
    made.case()
    db.session.commit()
    assert "In prison" in text_of(client, "/cases/test-defender")

    find_case("test-defender").status = "released"
    db.session.commit()

    assert "Released" in text_of(client, "/cases/test-defender")
    assert "Test Defender" in text_of(client, "/good-news")


def test_a_page_shows_a_new_count_as_soon_as_the_worker_has_added_it(app: CampaignApp, client: FlaskClient) -> None:
    appeal = made.appeal("petition")
    db.session.commit()
    assert "No signature yet" in text_of(client, "/cases/test-defender")

    add_counts([(appeal.id, "NO", 41), (appeal.id, "SE", 1)])
    db.session.commit()

    assert "42 signatures next milestone 100" in text_of(client, "/cases/test-defender")


def test_a_change_that_was_rolled_back_changes_no_page(app: CampaignApp, client: FlaskClient) -> None:
    made.case()
    db.session.commit()
    find_case("test-defender").status = "released"
    db.session.flush()
    db.session.rollback()

    assert "In prison" in text_of(client, "/cases/test-defender")


def test_a_kept_page_offers_nothing_that_closed_meanwhile(app: CampaignApp, client: FlaskClient) -> None:
    appeal = made.appeal("letter", act_before=now_utc().date() + timedelta(days=1))
    db.session.commit()
    assert 'href="/letters/' in client.get("/cases/test-defender").text

    with time_machine.travel(now_utc() + timedelta(days=3)):
        assert 'href="/letters/' not in client.get("/cases/test-defender").text
    assert appeal.state == "live"


def test_a_million_signatures_cost_the_page_nothing(app: CampaignApp, client: FlaskClient) -> None:
    made.appeal("petition")
    db.session.execute(update(Appeal).values(actions=1_000_000))
    touch_public(db.session())
    db.session.commit()

    with asked_of_the_database() as statements:
        page = text_of(client, "/cases/test-defender")

    assert "1,000,000 signatures next milestone" in page
    assert not [statement for statement in statements if "from signature" in statement or "join signature" in statement]


def test_a_browser_is_told_when_nothing_changed(sample: None, client: FlaskClient) -> None:
    first = client.get("/")
    again = client.get("/", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert again.data == b""


def test_a_browser_that_does_not_unpack_gets_the_plain_page(sample: None, client: FlaskClient) -> None:
    plain, zipped = client.get("/", headers={"Accept-Encoding": "gzip;q=0"}), client.get("/", headers=ZIPPED)

    assert "Content-Encoding" not in plain.headers
    assert gzip.decompress(zipped.data) == plain.data


def test_a_page_with_a_form_of_a_session_is_neither_kept_nor_compressed(sample: None, client: FlaskClient) -> None:
    answer = client.get("/petitions/rukhshona-hakimova-petition", headers=ZIPPED)

    assert answer.status_code == 200
    assert "Content-Encoding" not in answer.headers
    assert answer.headers["Cache-Control"] == "no-store"


def test_the_style_sheet_is_kept_for_a_year_under_an_address_that_changes_with_it(sample: None, client: FlaskClient) -> None:
    address = re.findall(r'href="(/static/style\.css\?[0-9a-f]+)"', client.get("/").text)[0]

    exact, without = client.get(address, headers=ZIPPED), client.get("/static/style.css")

    assert "immutable" in exact.headers["Cache-Control"]
    assert exact.headers["Content-Encoding"] == "gzip"
    assert "immutable" not in without.headers["Cache-Control"]
    assert client.get("/static/nothing.css").status_code == 404
    assert client.get("/static/..%2fapp.py").status_code == 404


def test_what_is_kept_has_a_bound_and_the_least_asked_for_goes_first() -> None:
    pages = Pages(most_bytes=3000)
    made_page = Kept.make(bytes(range(256)) * 4, kind="text/html", stamp=7)
    for name in "abcdefgh":
        pages.keep((name,), made_page)
        pages.get(("a",), stamp=7)

    assert pages.get(("a",), stamp=7) is made_page
    assert pages.get(("b",), stamp=7) is None
    assert pages.get(("a",), stamp=8) is None


def test_a_case_that_is_taken_away_is_gone_at_once(app: CampaignApp, client: FlaskClient) -> None:
    made.case()
    db.session.commit()
    assert client.get("/cases/test-defender").status_code == 200

    db.session.delete(db.session.query(Case).one())
    db.session.commit()

    assert client.get("/cases/test-defender").status_code == 404


def test_a_database_that_went_away_is_told_with_a_time_to_come_back_and_pages_return_with_it(postgres_app: CampaignApp) -> None:
    client = postgres_app.test_client()
    assert client.get("/").status_code == 200
    db.session.remove()

    with psycopg.connect(postgres_app.settings.database_url, autocommit=True) as other:
        ended = other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()").fetchall()
    assert ended
    during, after = client.get("/"), client.get("/")

    assert during.status_code == 200 or (during.status_code == 503 and during.headers["Retry-After"])
    assert after.status_code == 200


@pytest.mark.usefixtures("sample")
@pytest.mark.parametrize("reader", [{}, ZIPPED, {"Accept-Language": "ru"}, {"Host": "other.example"}])
def test_an_answer_kept_at_the_doorstep_is_the_one_that_was_made(client: FlaskClient, reader: dict[str, str]) -> None:
    for path in PAGES:
        first, again = (client.get(path, headers=reader) for _time in range(2))

        assert again.data == first.data, path
        assert again.status == first.status, path
        assert sorted(again.headers) == sorted(first.headers), path


def test_the_doorstep_keeps_so_many_and_no_more(app: CampaignApp, client: FlaskClient) -> None:
    for number in range(MOST + 20):
        client.get("/", headers={"Host": f"host-{number}.example"})
    client.get("/", headers={"Accept-Language": "ru," * LONGEST_KEY})
    doorstep = app.wsgi_app
    assert isinstance(doorstep, Doorstep)
    assert len(doorstep) == MOST


def test_what_is_no_plain_get_is_never_answered_at_the_doorstep(client: FlaskClient) -> None:
    mark = client.get("/").headers["ETag"]
    assert client.get("/").status_code == 200
    assert client.get("/", headers={"If-None-Match": mark}).status_code == 304
    assert client.head("/").data == b""
    assert client.post("/").status_code == 405


@pytest.mark.usefixtures("sample")
def test_the_cookie_of_somebody_who_is_logged_in_is_never_given_to_the_next_reader(client: FlaskClient, app: CampaignApp) -> None:
    organiser = make("organiser")
    log_in_as(client, organiser.email)
    assert "Set-Cookie" in client.get("/").headers, "theirs is made to last longer"
    stranger = app.test_client()
    for _time in range(2):
        assert "Set-Cookie" not in stranger.get("/").headers
