"""Each page of the desk has its guard."""

import pytest
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.db import new_id
from campaign.organisers.matrix import ANYBODY, MATRIX, roles_for
from campaign.organisers.models import ROLES
from tests.organisers.people import log_in_as, make


def _rules(app: CampaignApp) -> list[tuple[str, str, str]]:
    """(endpoint, method, path) of every route that needs a login, with made-up values in the path."""
    rules = []
    for rule in app.url_map.iter_rules():
        if ANYBODY not in roles_for(rule.endpoint):
            made_up = {name: next(iter(getattr(kind, "items", [new_id()]))) for name, kind in rule._converters.items()}
            _domain, path = rule.build(made_up) or ("", "")
            assert path, rule
            rules += [(rule.endpoint, method, path) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return rules


def test_the_matrix_names_every_route_and_no_other(app: CampaignApp) -> None:
    assert {rule.endpoint for rule in app.url_map.iter_rules()} == set(MATRIX)


def test_the_matrix_names_roles_that_exist() -> None:
    assert {role for endpoint in MATRIX for role in roles_for(endpoint)} <= {ANYBODY, *ROLES}


def test_every_page_of_the_desk_but_its_door_needs_a_login(app: CampaignApp) -> None:
    open_pages = {rule.endpoint for rule in app.url_map.iter_rules() if str(rule).startswith("/desk") and ANYBODY in roles_for(rule.endpoint)}
    assert open_pages == {"organisers.login", "organisers.code", "organisers.enrol", "people.accept"}


def test_without_a_login_every_page_leads_to_the_login(app: CampaignApp, client: FlaskClient) -> None:
    for endpoint, method, path in _rules(app):
        answer = client.open(path, method=method)
        assert (answer.status_code, answer.headers["Location"].partition("?")[0]) == (303, "/desk/login"), (endpoint, method, path)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_opens_what_the_matrix_says_and_nothing_else(app: CampaignApp, client: FlaskClient, role: str) -> None:
    make(role)
    log_in_as(client, f"{role}@example.org")
    for endpoint, method, path in _rules(app):
        if endpoint not in ("organisers.logout", "account.end_all"):
            refused = client.open(path, method=method).status_code == 403
            assert refused == (role not in roles_for(endpoint)), (endpoint, method, path)


def test_a_route_that_nobody_thought_of_opens_for_nobody(app: CampaignApp, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(MATRIX, "overview.privacy")
    assert client.get("/privacy").status_code == 403
    make("admin")
    log_in_as(client, "admin@example.org")
    assert client.get("/privacy").status_code == 403


@pytest.mark.parametrize("path", ["/desk/", "/desk/bundles", "/desk/login"])
def test_pages_of_the_desk_are_kept_by_nobody(app: CampaignApp, client: FlaskClient, path: str) -> None:
    make("organiser")
    if path != "/desk/login":
        log_in_as(client, "organiser@example.org")
    assert client.get(path).headers["Cache-Control"] == "no-store"
