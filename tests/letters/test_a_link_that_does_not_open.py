"""A private link that was cut off, changed, or is over: its page says which, and what to do."""

import pytest
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.db import db
from campaign.letters import service
from tests import made
from tests.letters.test_following_a_letter import page_text
from tests.letters.writing import confirmed, letters, link, write


@pytest.fixture(autouse=True)
def _appeal(app: CampaignApp) -> None:
    made.appeal("letter")
    db.session.commit()


def links_of(client: FlaskClient) -> list[str]:
    """Links to confirm a letter, to its tracking page and to its sheet."""
    sheet = write(client, way="self").location
    to_confirm = link()
    _letter, track = confirmed(client)
    return [to_confirm, track, f"{track}/sheet.pdf", sheet, f"{sheet}/letter.pdf"]


def test_a_link_that_was_cut_off_says_so_and_what_to_do(client: FlaskClient) -> None:
    for path in links_of(client):
        whole = path.split("/")[3]
        for cut in (whole[:-1], whole[:10], f"{whole}.", f"{whole[:-1]}é"):
            answer = client.get(path.replace(whole, cut))
            assert answer.status_code == 404
            said = page_text(answer.text)
            assert "This link is not complete" in said, path
            assert "Nothing was changed and nothing is lost" in said
            assert "open the link in our mail again" in said
            assert 'content="noindex"' in answer.text


@pytest.mark.parametrize("action", ["", "/withdraw", "/posted", "/resend", "/close"])
def test_a_button_on_a_changed_link_changes_nothing_and_says_why(client: FlaskClient, action: str) -> None:
    write(client)
    before = letters()[0].state
    path = f"/letters/confirm/{'A' * 44}" if not action else f"/letters/track/{'A' * 44}{action}"
    answer = client.post(path)
    assert answer.status_code == 404
    assert "This link is not complete" in page_text(answer.text)
    assert letters()[0].state == before


def test_a_link_that_is_over_says_why(client: FlaskClient) -> None:
    paths = links_of(client)
    for letter in letters():
        service.close_links(letter)
    db.session.commit()
    for path in paths:
        answer = client.get(path)
        assert answer.status_code == 410
        assert "This link is over" in page_text(answer.text)
        assert "or its page was closed for good" in page_text(answer.text)
