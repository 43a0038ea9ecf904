"""A letter that something holds back: headline, words and what is to come say the same, and name what holds it."""

import pytest
from flask.testing import FlaskClient
from lxml import html

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal
from campaign.db import db, now_utc
from campaign.letters.steps import step as take_step
from tests import made
from tests.letters.test_following_a_letter import page_text
from tests.letters.writing import confirmed, letters, write

PAUSED = "The appeal is paused."
STOPPED = "Actions for this case are stopped for now."
WITHDRAWN = "The appeal was withdrawn."


@pytest.fixture
def appeal(app: CampaignApp) -> Appeal:
    """A letter appeal to one office."""
    row = made.appeal("letter")
    db.session.commit()
    return row


def hold_back(appeal: Appeal, by: str) -> None:
    """Pause or withdraw the appeal, or stop its case."""
    if by == "stopped":
        appeal.case.stopped_at = now_utc()
    else:
        appeal.state = by
    db.session.commit()


def told(client: FlaskClient, path: str) -> tuple[str, str]:
    """The headline of a page, and all of its words."""
    text = client.get(path).text
    return " ".join(html.fromstring(text).findtext(".//h1").split()), page_text(text)


@pytest.mark.parametrize(
    ("by", "headline", "words"),
    [
        ("paused", "Your letter is held back", f"{PAUSED} Your letter waits here and has not left. It goes on when the appeal does."),
        ("stopped", "Your letter is held back", f"{STOPPED} Your letter waits here and has not left. It goes on when they do."),
        ("withdrawn", "Your letter does not leave", f"{WITHDRAWN} Your letter has not left, and does not leave any more."),
    ],
)
@pytest.mark.parametrize("state", ["queued", "sealed", "stopped"])
def test_headline_and_words_of_a_letter_that_we_carry_agree(client: FlaskClient, appeal: Appeal, by: str, headline: str, words: str, state: str) -> None:
    letter, track = confirmed(client, way="print")
    for step in ("sealed", "stopped")[: ("queued", "sealed", "stopped").index(state)]:
        take_step(letter, step, now=now_utc(), batch=1)
    hold_back(appeal, by)
    shown, said = told(client, track)
    assert shown == headline
    assert words in said
    assert [other in said for other in (PAUSED, STOPPED, WITHDRAWN)].count(True) == 1
    assert "made ready" not in said


@pytest.mark.parametrize(
    ("by", "headline", "words"),
    [
        ("paused", "Please do not post your letter yet", f"{PAUSED} Please do not post your letter until it goes on."),
        ("stopped", "Please do not post your letter yet", f"{STOPPED} Please do not post your letter until they go on."),
        ("withdrawn", "Please do not post your letter", f"{WITHDRAWN} Please do not post your letter."),
    ],
)
def test_headline_and_words_of_a_letter_that_its_writer_prints_agree(client: FlaskClient, appeal: Appeal, by: str, headline: str, words: str) -> None:
    letter, track = confirmed(client, way="self")
    hold_back(appeal, by)
    shown, said = told(client, track)
    assert shown == headline
    assert words in said
    assert "Download your letter" not in said, "it would not be handed out"
    assert "To come Posted by you" not in said
    assert letter.state == "with_writer"


@pytest.mark.parametrize(("by", "words"), [("paused", PAUSED), ("stopped", STOPPED), ("withdrawn", WITHDRAWN)])
def test_the_page_with_the_sheet_says_the_same(client: FlaskClient, appeal: Appeal, by: str, words: str) -> None:
    sheet = write(client, way="self").location
    hold_back(appeal, by)
    headline, said = told(client, sheet)
    assert words in said
    assert headline.startswith("Please do not post your letter")
    assert "Download your letter" not in said
    assert "Put the right stamp on it" not in said


def test_a_letter_that_was_stopped_by_itself_is_held_back_too(client: FlaskClient, appeal: Appeal) -> None:
    letter, track = confirmed(client, way="print")
    take_step(letter, "sealed", now=now_utc(), batch=1)
    take_step(letter, "stopped", now=now_utc())
    db.session.commit()
    headline, said = told(client, track)
    assert headline == "Your letter is held back"
    assert not any(words in said for words in (PAUSED, STOPPED, WITHDRAWN))
    assert "Goes on once nothing holds it back any more" in said


@pytest.mark.parametrize("by", ["paused", "stopped", "withdrawn"])
@pytest.mark.parametrize("state", ["unknown", "sent"])
def test_what_has_left_or_may_have_is_not_said_to_be_held_back(client: FlaskClient, appeal: Appeal, by: str, state: str) -> None:
    letter, track = confirmed(client)
    for step in ("sealed", "sending", state):
        take_step(letter, step, now=now_utc(), batch=1)
    hold_back(appeal, by)
    _headline, said = told(client, track)
    assert "has not left" not in said
    assert letters()[0].state == state
