"""What one reader asks for, however strangely, never changes the page that is kept for the next one."""

import pytest
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.cases.service import find_case
from campaign.db import db
from campaign.overview.doorstep import Doorstep
from tests import made


@pytest.mark.parametrize("language", ["en", "en;q=0.7"])  # at the doorstep, and behind it
def test_nobody_can_put_other_links_into_the_page_that_the_next_reader_gets(app: CampaignApp, client: FlaskClient, language: str) -> None:
    made.appeal("petition")
    db.session.commit()
    # A server takes the script's name from a header of that name, where its proxy hands it on, and all links begin with it.
    assert "//elsewhere.example/" in client.get("/cases/test-defender", environ_overrides={"SCRIPT_NAME": "//elsewhere.example"}, headers={"Accept-Language": "en"}).text

    assert "elsewhere.example" not in client.get("/cases/test-defender", headers={"Accept-Language": language}).text


def test_a_page_that_was_asked_for_in_a_strange_way_is_not_given_for_another(app: CampaignApp, client: FlaskClient) -> None:
    for number in range(32):
        made.case(f"test-person-{number:02}")
    db.session.commit()

    first = client.get("/?page=%202").text

    assert "test-person-00" in first
    assert "test-person-31" in client.get("/?page=2").text


def test_the_doorstep_holds_on_to_nothing_that_is_no_longer_true(app: CampaignApp, client: FlaskClient) -> None:
    made.case()
    db.session.commit()
    for number in range(9):
        client.get("/", headers={"Host": f"host-{number}.example"})
    find_case("test-defender").status = "released"
    db.session.commit()
    client.get("/")
    doorstep = app.wsgi_app
    assert isinstance(doorstep, Doorstep)
    assert len(doorstep) == 1
