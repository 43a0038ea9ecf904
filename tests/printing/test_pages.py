"""The print room as a volunteer sees it: take, print, posted, without a script."""

import io
import re
from datetime import timedelta

import pypdf
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.app import CampaignApp
from campaign.appeals.service import stop_case
from campaign.db import db, now_utc
from campaign.letters.models import Letter
from campaign.printing.models import Bundle
from campaign.printing.prepare import prepare_next
from tests.organisers.people import log_in_as, make
from tests.printing.rows import items, pool, rendered


@pytest.fixture
def room(client: FlaskClient, app: CampaignApp) -> FlaskClient:
    """A browser in which a volunteer is logged in."""
    make("volunteer")
    log_in_as(client, "volunteer@example.org")
    return client


def press(room: FlaskClient, page: str, action: str, **data: str) -> TestResponse:
    """Press a button of a page that posts to `action`."""
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', room.get(page).text)
    assert token
    answer = room.post(action, data={"csrf_token": token.group(1), **data})
    db.session.expire_all()
    return answer


def take(room: FlaskClient, app: CampaignApp, size: int = 5) -> str:
    """Take a bundle and let the worker do its part; the path of its page."""
    page = press(room, "/desk/bundles", "/desk/bundles", size=str(size)).headers["Location"]
    while prepare_next(now=now_utc()):
        db.session.commit()
    db.session.commit()
    rendered(app)
    return page


def files(room: FlaskClient, page: str) -> list[str]:
    """What can be downloaded on a page."""
    return re.findall(r'action="(/desk/files/[^"]+\.pdf)"', room.get(page).text)


def test_three_strokes_lead_from_the_pool_to_the_post(app: CampaignApp, room: FlaskClient) -> None:
    pool(3)
    assert "3 letters wait for paper" in room.get("/desk/bundles").text
    page = take(room, app)
    first = files(room, page)
    assert len(first) == 1
    answer = press(room, page, first[0])
    assert answer.content_type == "application/pdf"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert len(pypdf.PdfReader(io.BytesIO(answer.data)).pages) == 4
    assert press(room, page, f"{page}/posted").status_code == 303
    assert "3 letters are in the post" in room.get(page).text
    assert {letter.state for letter in db.session.scalars(select(Letter))} == {"posted"}
    assert "Posted" in room.get("/desk/bundles").text


def test_reading_a_page_changes_nothing_and_a_file_has_no_link(app: CampaignApp, room: FlaskClient) -> None:
    pool(2)
    page = take(room, app)
    path = files(room, page)[0]
    for _time in range(2):
        room.get(page)
    assert room.get(path).status_code == 405
    assert room.post(path).status_code == 400, "the button's proof is asked for"
    db.session.expire_all()
    assert {letter.state for letter in db.session.scalars(select(Letter))} == {"sealed"}


def test_the_page_asks_again_by_itself_only_while_something_is_being_made(app: CampaignApp, room: FlaskClient) -> None:
    pool(1)
    page = press(room, "/desk/bundles", "/desk/bundles", size="5").headers["Location"]
    assert 'http-equiv="refresh"' in room.get(page).text
    prepare_next(now=now_utc())
    db.session.commit()
    assert 'http-equiv="refresh"' in room.get(page).text
    rendered(app)
    assert 'http-equiv="refresh"' not in room.get(page).text


def test_a_volunteer_sees_codes_and_nothing_of_a_supporter(app: CampaignApp, room: FlaskClient) -> None:
    letters = pool(2)
    page = take(room, app)
    text = room.get(page).text
    assert all(letter.code in text for letter in letters)
    for word in ("Canary", "canary", "Please release", "Sweden"):
        assert word not in text


def test_stopped_letters_are_said_on_every_page_of_the_bundle(app: CampaignApp, room: FlaskClient) -> None:
    letters = pool(2)
    page = take(room, app)
    path = files(room, page)[0]
    press(room, page, path)
    stop_case(letters[0].appeal.case, now=now_utc())
    db.session.commit()
    assert "2 letters in it are stopped" in room.get("/desk/bundles").text
    text = room.get(page).text
    assert "do not post these sheets" in text
    assert all(letter.code in text for letter in letters)
    for action in (path, f"{page}/posted"):
        refused = press(room, page, action)
        assert refused.status_code == 409
        assert "do not post these sheets" in refused.text
    assert {letter.state for letter in letters} == {"printed"}
    assert press(room, page, f"{page}/return-stopped").status_code == 303
    assert {letter.state for letter in letters} == {"queued"}


def test_posting_before_printing_is_refused_with_what_is_missing(app: CampaignApp, room: FlaskClient) -> None:
    pool(2)
    page = take(room, app)
    refused = press(room, page, f"{page}/posted")
    assert refused.status_code == 409
    assert "Nothing was changed" in refused.text


def test_a_letter_is_returned_by_its_code(app: CampaignApp, room: FlaskClient) -> None:
    letters = pool(2)
    page = take(room, app)
    action = re.findall(r'formaction="([^"]+/letters/[^"]+/return)"', room.get(page).text)[0]
    assert press(room, page, action).status_code == 303
    assert sorted(letter.state for letter in letters) == ["queued", "sealed"]
    assert "returned" in room.get(page).text


def test_all_of_it_can_be_returned(app: CampaignApp, room: FlaskClient) -> None:
    letters = pool(4, offices=2)
    page = take(room, app)
    assert press(room, page, f"{page}/return").status_code == 303
    assert {letter.state for letter in letters} == {"queued"}
    assert "went back" in room.get(page).text


def test_an_empty_pool_offers_nothing_to_take(app: CampaignApp, room: FlaskClient) -> None:
    assert "No letter waits for paper" in room.get("/desk/bundles").text


def test_a_size_that_is_not_offered_is_refused(app: CampaignApp, room: FlaskClient) -> None:
    pool(1)
    assert press(room, "/desk/bundles", "/desk/bundles", size="7").status_code == 400
    assert not db.session.scalars(select(Bundle)).all()


def test_somebody_elses_bundle_is_no_page(app: CampaignApp, room: FlaskClient) -> None:
    pool(1)
    page = take(room, app)
    path = files(room, page)[0]
    make("volunteer", "stranger@example.org")
    stranger = app.test_client()
    log_in_as(stranger, "stranger@example.org")
    assert stranger.get(page).status_code == 404
    assert press(stranger, "/desk/bundles", path).status_code == 404


def test_an_organiser_decides_about_a_printed_bundle_that_is_overdue(app: CampaignApp, room: FlaskClient) -> None:
    letters = pool(1)
    page = take(room, app)
    press(room, page, files(room, page)[0])
    bundle = db.session.scalars(select(Bundle)).one()
    bundle.lease_until = now_utc() - timedelta(days=1)
    db.session.commit()
    make("organiser")
    organiser = app.test_client()
    log_in_as(organiser, "organiser@example.org")
    assert "1 printed bundle is overdue" in organiser.get("/desk/").text
    assert not files(organiser, page), "who did not take it cannot download it"
    assert press(organiser, page, f"{page}/posted").status_code == 303
    assert letters[0].state == "posted"
    assert items(bundle)[0].state == "posted"
