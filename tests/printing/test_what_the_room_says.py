"""What the print room says after a button was pressed, before one can be, and of a batch that was posted in part."""

import re

import pytest
from flask.testing import FlaskClient
from lxml import html

from campaign.app import CampaignApp
from campaign.appeals.service import stop_case
from campaign.db import db, new_id, now_utc
from campaign.letters.models import Letter
from campaign.overview.today import today
from tests.organisers.people import log_in_as, make
from tests.printing.rows import pool
from tests.printing.test_pages import files, press, take


@pytest.fixture
def room(client: FlaskClient, app: CampaignApp) -> FlaskClient:
    """A browser in which a volunteer is logged in."""
    make("volunteer")
    log_in_as(client, "volunteer@example.org")
    return client


def said(text: str) -> str:
    """The words a reader sees, blanks made one."""
    return " ".join(html.fromstring(text).text_content().split())


def status(room: FlaskClient, page: str) -> str:
    """What the page says happened."""
    return " ".join(" ".join(note.text_content().split()) for note in html.fromstring(room.get(page).text).xpath("//*[@role='status']"))


def buttons(room: FlaskClient, page: str, ending: str) -> list[str]:
    """Where the buttons of a page lead that post to an address with this ending."""
    return re.findall(rf'formaction="([^"]+{ending})"', room.get(page).text)


def posted_in_part(app: CampaignApp, room: FlaskClient) -> list[Letter]:
    """Four letters in a batch: one was returned after printing, three were posted."""
    letters = pool(4)
    page = take(room, app)
    press(room, page, files(room, page)[0])
    press(room, page, buttons(room, page, '/letters/[^"]+/return')[0])
    press(room, page, f"{page}/posted")
    assert sorted(letter.state for letter in letters) == ["posted", "posted", "posted", "queued"]
    return letters


def test_a_returned_sheet_is_told_on_the_next_page_by_its_code(app: CampaignApp, room: FlaskClient) -> None:
    letters = pool(3)
    page = take(room, app)
    answer = press(room, page, buttons(room, page, '/letters/[^"]+/return')[1])
    assert answer.status_code == 303
    returned = next(letter for letter in letters if letter.state == "queued")
    told = status(room, answer.location)
    assert f"Sheet {returned.code} went back to the pool." in told
    assert status(room, answer.location) == told, "a reload says it again and changes nothing"
    assert "went back to the pool" not in status(room, page)


def test_a_returned_batch_is_told_on_the_next_page(app: CampaignApp, room: FlaskClient) -> None:
    pool(4, offices=2)
    page = take(room, app)
    answer = press(room, page, buttons(room, page, '/batches/[^"]+/return')[0])
    assert re.search(r"Batch \d+ went back to the pool\.", status(room, answer.location))


def test_returned_stopped_letters_are_told_on_the_next_page(app: CampaignApp, room: FlaskClient) -> None:
    letters = pool(2)
    other = pool_of_another_case()
    page = take(room, app)
    for path in files(room, page):
        press(room, page, path)
    stop_case(letters[0].appeal.case, now=now_utc())
    db.session.commit()
    answer = press(room, page, f"{page}/return-stopped")
    assert {letter.state for letter in letters} == {"queued"}
    assert other.state == "printed"
    assert "The stopped letters went back to the pool." in status(room, answer.location)


def pool_of_another_case() -> Letter:
    """One letter more, about somebody else and to another office."""
    from tests import made
    from tests.printing.rows import letter

    office = made.authority("another-office")
    row = letter(made.appeal("letter", of=made.case("another-defender"), targets=[office]), office, 9)
    db.session.commit()
    return row


def test_a_link_alone_cannot_say_that_something_was_returned(app: CampaignApp, room: FlaskClient) -> None:
    pool(2)
    page = take(room, app)
    sheet = buttons(room, page, '/letters/[^"]+/return')[0].split("/")[-2]
    for asked in (sheet, str(new_id()), "nothing", "", "<b>"):
        assert "went back" not in said(room.get(f"{page}?returned={asked}").text)


def test_before_anything_was_downloaded_there_is_no_button_that_says_it_is_posted(app: CampaignApp, room: FlaskClient) -> None:
    pool(4, offices=2)
    page = take(room, app)
    first, second = files(room, page)
    assert not buttons(room, page, "/posted")
    assert "First download and print batch 1, 2" in said(room.get(page).text)
    press(room, page, first)
    assert not buttons(room, page, "/posted")
    assert "First download and print batch" in said(room.get(page).text)
    press(room, page, second)
    assert len(buttons(room, page, "/posted")) == 1
    assert "First download" not in said(room.get(page).text)


def test_the_page_has_a_way_on_after_the_download_which_leaves_it_as_it_was(app: CampaignApp, room: FlaskClient) -> None:
    pool(2)
    page = take(room, app)
    text = room.get(page).text
    press(room, page, files(room, page)[0])
    (onward,) = html.fromstring(text).xpath("//a[contains(., 'I have downloaded')]/@href")
    assert onward == page
    assert "I have posted them" in room.get(onward).text


def test_an_organiser_is_told_that_what_was_not_downloaded_cannot_be_in_the_post(app: CampaignApp, room: FlaskClient) -> None:
    pool(1)
    page = take(room, app)
    make("organiser")
    organiser = app.test_client()
    log_in_as(organiser, "organiser@example.org")
    assert not buttons(organiser, page, "/posted")
    assert "The volunteer has not downloaded batch 1 yet" in said(organiser.get(page).text)


def test_what_was_done_before_says_how_many_were_posted_of_how_many(app: CampaignApp, room: FlaskClient) -> None:
    posted_in_part(app, room)
    assert "3 of 4" in said(room.get("/desk/bundles").text)


def test_the_desk_says_how_many_of_a_batch_were_posted(app: CampaignApp, room: FlaskClient) -> None:
    posted_in_part(app, room)
    pool_of_another_case()
    take(room, app)
    rows = {row.number: (row.state, row.letters, row.posted) for row in today(now=now_utc()).batches}
    assert rows[1] == ("posted", 4, 3)
    assert {(state, posted) for number, (state, _size, posted) in rows.items() if number != 1} == {("taken", None)}
    make("organiser")
    organiser = app.test_client()
    log_in_as(organiser, "organiser@example.org")
    assert "3 of 4" in said(organiser.get("/desk/").text)
