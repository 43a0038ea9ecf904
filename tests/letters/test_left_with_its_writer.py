"""A letter that its writer prints: while it is with them it is kept for them, and not for ever."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from lxml import html

from campaign.app import CampaignApp
from campaign.db import db, now_utc, start_reading
from campaign.letters import service
from campaign.letters.models import Letter
from campaign.overview.today import today
from tests import made
from tests.letters.writing import confirmed, letters, press
from tests.organisers.people import log_in_as, make
from worker.app import make_celery
from worker.tasks.sweep import purge


def page_text(text: str) -> str:
    """The words a reader sees, blanks made one."""
    return " ".join(html.fromstring(text).text_content().split())


@pytest.fixture(autouse=True)
def _appeal(any_app: CampaignApp) -> None:
    made.appeal("letter")
    db.session.commit()


@pytest.fixture
def client(any_app: CampaignApp) -> FlaskClient:
    return any_app.test_client()


def age(letter: Letter, days: int) -> None:
    """Let the letter have been confirmed so many days ago."""
    letter.confirmed_at = now_utc() - timedelta(days=days)
    db.session.commit()


def sweep() -> int:
    """What the worker does every ten minutes."""
    swept = service.withdraw_forgotten(now=now_utc())
    db.session.commit()
    return swept


def test_after_180_days_its_words_are_erased_and_its_writer_reads_so(client: FlaskClient) -> None:
    letter, track = confirmed(client, way="self")
    age(letter, 180)
    assert "Say so here by" in page_text(client.get(track).text)
    assert sweep() == 0, "the last day is not over"
    age(letters()[0], 181)
    assert sweep() == 1
    row = letters()[0]
    assert (row.state, row.name, row.body, row.countable) == ("withdrawn", "", "", False)
    said = page_text(client.get(track).text)
    assert "Your letter was withdrawn" in said
    assert "Withdrawn after 180 days in which we did not hear that it was posted. Your words and your name are erased" in said
    assert "Withdrawn by you" not in said
    assert client.get(f"{track}/sheet.pdf").status_code == 404
    assert sweep() == 0


def test_what_its_writer_posted_or_took_back_is_left_as_it_is(client: FlaskClient) -> None:
    for button, state in (("/posted", "posted"), ("/withdraw", "withdrawn")):
        letter, track = confirmed(client, way="self", words=f"One more letter, {state}.")
        assert press(client, track, button).status_code == 303
        age(letters()[-1], 400)
        assert sweep() == 0
        assert (letters()[-1].state, letters()[-1].id) == (state, letter.id)
        assert f"{state.title()} by you" in page_text(client.get(track).text)


def test_a_letter_that_we_send_or_print_is_never_taken_for_one_of_them(client: FlaskClient) -> None:
    for way in ("email", "print"):
        letter, _track = confirmed(client, way=way, words=f"One more letter, by {way}.")
        age(letter, 400)
    assert sweep() == 0
    assert [row.state for row in letters()] == ["queued", "queued"]


def test_the_worker_does_it(client: FlaskClient, any_app: CampaignApp) -> None:
    letter, _track = confirmed(client, way="self")
    age(letter, 181)
    make_celery(any_app.settings, any_app)
    purge()
    start_reading(None)
    assert letters()[0].state == "withdrawn"


def test_the_desk_says_quietly_that_letters_are_with_their_writers(client: FlaskClient) -> None:
    letter, _track = confirmed(client, way="self")
    assert today(now=now_utc()).quiet == []
    age(letter, 31)
    assert [line.partition(".")[0] for line in today(now=now_utc()).quiet] == ["1 letter has been with its writer for more than 30 days"]
    make("organiser")
    log_in_as(client, "organiser@example.org")
    page = page_text(client.get("/desk/").text)
    assert "Nothing needs you" in page
    assert "1 letter has been with its writer for more than 30 days" in page
