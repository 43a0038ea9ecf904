"""A volunteer who comes to an organiser's page is shown the way to the print room."""

from urllib.parse import urlsplit

from flask import render_template
from flask.testing import FlaskClient
from lxml import html

from campaign.app import CampaignApp
from tests.organisers.people import log_in_as, make


def ways_on(text: str) -> list[str]:
    """Where the buttons of a page lead."""
    return [str(link.get("href")) for link in html.fromstring(text).xpath("//main//a[contains(@class, 'button')]")]


def test_the_refusal_leads_to_the_print_room(app: CampaignApp, client: FlaskClient) -> None:
    make("volunteer")
    log_in_as(client, "volunteer@example.org")
    refused = client.get("/desk/")
    assert refused.status_code == 403
    assert ways_on(refused.text) == ["/desk/bundles"]
    assert "Go to the print room" in refused.text
    assert client.get("/desk/bundles").status_code == 200


def test_after_the_login_the_desks_front_door_is_each_ones_own_first_page(app: CampaignApp, client: FlaskClient) -> None:
    for role, first in (("volunteer", "/desk/bundles"), ("organiser", "/desk/")):
        make(role)
        person = app.test_client()
        to_login = person.get("/desk/")
        assert to_login.status_code == 303
        answer = log_in_as(person, f"{role}@example.org", at=to_login.location)
        assert (answer.status_code, urlsplit(answer.location).path) == (303, first)
        assert person.get(answer.location).status_code == 200


def test_who_has_no_login_is_led_to_the_cases(app: CampaignApp) -> None:
    with app.test_request_context("/"):
        assert ways_on(render_template("error.html", code=403)) == ["/"]
