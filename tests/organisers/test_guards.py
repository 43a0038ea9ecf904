"""Each page of the desk has its guard."""

import pytest
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.db import new_id
from tests.organisers.people import log_in_as, make

OPEN = {"organisers.login"}


def _desk_rules(app: CampaignApp) -> list[tuple[str, str, str]]:
    """(endpoint, method, path) of every route under /desk, with made-up values in the path."""
    rules = []
    for rule in app.url_map.iter_rules():
        if str(rule).startswith("/desk"):
            made_up = {name: next(iter(getattr(kind, "items", [new_id()]))) for name, kind in rule._converters.items()}
            _domain, path = rule.build(made_up) or ("", "")
            assert path, rule
            rules += [(rule.endpoint, method, path) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return rules


def test_every_page_of_the_desk_but_its_door_is_guarded(app: CampaignApp) -> None:
    rules = _desk_rules(app)
    assert len(rules) > 5
    unguarded = {endpoint for endpoint, _method, _path in rules if not getattr(app.view_functions[endpoint], "needs", "")}
    assert unguarded == OPEN


def test_without_a_login_every_page_leads_to_the_login(app: CampaignApp, client: FlaskClient) -> None:
    for endpoint, method, path in _desk_rules(app):
        if endpoint not in OPEN:
            answer = client.open(path, method=method)
            assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/desk/login"), (method, path)


def test_a_volunteer_may_not_open_an_organisers_page(app: CampaignApp, client: FlaskClient) -> None:
    make("volunteer")
    log_in_as(client, "volunteer@example.org")
    organisers = [(method, path) for endpoint, method, path in _desk_rules(app) if getattr(app.view_functions[endpoint], "needs", "") == "organiser"]
    assert organisers
    for method, path in organisers:
        assert client.open(path, method=method).status_code == 403, (method, path)


@pytest.mark.parametrize("path", ["/desk/", "/desk/bundles", "/desk/login"])
def test_pages_of_the_desk_are_kept_by_nobody(app: CampaignApp, client: FlaskClient, path: str) -> None:
    make("organiser")
    if path != "/desk/login":
        log_in_as(client, "organiser@example.org")
    assert client.get(path).headers["Cache-Control"] == "no-store"
