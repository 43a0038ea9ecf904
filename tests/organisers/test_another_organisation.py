"""An organiser of another organisation finds nothing of it on the desk, and changes nothing, on any route that names an object."""

import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.audit import service as audit
from campaign.db import Base, db, now_utc
from campaign.organisers.matrix import ANYBODY, roles_for
from campaign.organisers.models import Account
from campaign.overview.needs import needs
from campaign.overview.today import today
from tests import made
from tests.organisers.people import csrf, log_in_as, make
from tests.organisers.theirs import ADMINS, SHARED, Theirs, naming

TAKER_ALONE = {"printing.file"}
"""A file is downloaded by whoever took its bundle, and by nobody else of any organisation."""


@pytest.fixture
def theirs(app: CampaignApp) -> Theirs:
    return Theirs.make(app, made.organisation("test-partner"))


def _of_another() -> Account:
    account = make("organiser")
    made.member(account, made.organisation("other-partner"))
    db.session.commit()
    return account


def _of_theirs(theirs: Theirs) -> Account:
    account = make("organiser")
    made.member(account, theirs.organisation)
    db.session.commit()
    return account


def _routes(app: CampaignApp) -> list[tuple[str, str]]:
    return naming(app, needs_login=lambda endpoint: ANYBODY not in roles_for(endpoint))


def _everything() -> dict[str, list[Any]]:
    db.session.expire_all()
    rows = {table.name: sorted(map(repr, db.session.execute(table.select()))) for table in Base.metadata.sorted_tables}
    db.session.rollback()
    return rows


def _press(client: FlaskClient, app: CampaignApp, endpoint: str, method: str, values: dict[str, Any], token: str, **typed: str) -> int:
    with app.test_request_context():
        path = app.url_for(endpoint, **values)
    return client.open(path, method=method, data={"csrf_token": token, **typed} if method == "POST" else None).status_code


def test_every_route_that_names_an_object_has_one_here(app: CampaignApp, theirs: Theirs) -> None:
    named = {endpoint for endpoint, _method in _routes(app) if roles_for(endpoint) - ADMINS}
    assert named == set(theirs.addresses()) | set(SHARED), "see tests/organisers/theirs.py"


def test_what_is_anothers_is_not_there_and_stays_as_it_is(app: CampaignApp, client: FlaskClient, theirs: Theirs) -> None:
    _of_another()
    log_in_as(client, "organiser@example.org")
    token, addresses = csrf(client, "/desk/"), theirs.addresses()
    before = _everything()
    for endpoint, method in _routes(app):
        if endpoint in addresses:
            assert _press(client, app, endpoint, method, addresses[endpoint], token) in (403, 404), (endpoint, method)
    assert _everything() == before


def test_what_is_theirs_opens(app: CampaignApp, client: FlaskClient, theirs: Theirs) -> None:
    _of_theirs(theirs)
    log_in_as(client, "organiser@example.org")
    token, addresses = csrf(client, "/desk/"), theirs.addresses()
    last = {
        "drives.discard": 1,
        "printing.return_all": 2,
        "printing.return_batch": 1,
        "publishing.hide": 3,
        "publishing.withdraw_consent": 3,
    }  # what empties the bundle or hides the case comes last
    for endpoint, method in sorted(_routes(app), key=lambda route: last.get(route[0], 0)):
        if endpoint in addresses and endpoint not in TAKER_ALONE:
            assert _press(client, app, endpoint, method, addresses[endpoint], token) not in (403, 404), (endpoint, method)


def test_what_is_decided_at_the_desk_is_in_the_trail(app: CampaignApp, client: FlaskClient, theirs: Theirs) -> None:
    account = _of_theirs(theirs)
    log_in_as(client, "organiser@example.org")
    token, addresses = csrf(client, "/desk/"), theirs.addresses()
    for endpoint in ("desk.decide_letter", "desk.decide_delivery", "desk.requeue_letter", "desk.move_appeal", "desk.stop_case", "desk.resume_case"):
        seen = ""
        if endpoint == "desk.resume_case":  # what it will do stood on its page
            seen = re.findall(r'name="seen" value="([^"]*)"', client.get(f"/desk/cases/{theirs.case.slug}/resume").text)[0]
        _press(client, app, endpoint, "POST", addresses[endpoint], token, seen=seen)
    written = [(entry.action, entry.actor_id) for entry in audit.trail(actor_id=account.id)]
    actions = ("approval.asked", "case.stopped", "appeal.paused", "letter.requeued", "delivery.decided", "letter.decided")
    assert written == [(action, account.id) for action in actions]


def test_the_days_list_names_nothing_of_another_organisation(app: CampaignApp, client: FlaskClient, theirs: Theirs) -> None:
    account = _of_another()
    assert {need.key for need in needs(now=now_utc())} >= {"unknown-letters", "unknown-deliveries", "unprintable-letters"}
    assert needs(now=now_utc(), account=account) == []
    day = today(now=now_utc(), account=account)
    assert (day.cases, day.batches, day.quiet) == ([], [], [])
    log_in_as(client, "organiser@example.org")
    page = client.get("/desk/").text
    assert theirs.case.slug not in page
    assert "Office office-of" not in page


def test_the_days_list_is_the_same_for_its_own_people_as_for_an_admin(app: CampaignApp, theirs: Theirs) -> None:
    account, admin, now = _of_theirs(theirs), make("admin"), now_utc()
    assert needs(now=now, account=account) == needs(now=now, account=admin)
    assert today(now=now, account=account) == today(now=now, account=admin)
    assert today(now=now, account=account).cases


def test_an_appeal_without_an_organisation_is_that_of_its_case_and_one_with_it_its_own(app: CampaignApp, client: FlaskClient, theirs: Theirs) -> None:
    account = _of_another()
    lent = made.appeal("solidarity", of=theirs.case, targets=[], organisation_id=made.organisation("third-partner").id)
    made.member(account, db.session.get_one(type(theirs.organisation), lent.organisation_id))
    db.session.commit()
    log_in_as(client, "organiser@example.org")
    token = csrf(client, "/desk/")
    assert _press(client, app, "desk.move_appeal", "POST", {"slug": lent.slug, "state": "paused"}, token) == 303
    assert _press(client, app, "desk.move_appeal", "POST", {"slug": theirs.petition.slug, "state": "paused"}, token) == 404


def test_a_download_is_in_the_trail(app: CampaignApp, client: FlaskClient, theirs: Theirs) -> None:
    taker = make("volunteer", "volunteer-of-test-partner@example.org")
    log_in_as(client, "volunteer-of-test-partner@example.org")
    token = csrf(client, "/desk/bundles")
    assert _press(client, app, "printing.file", "POST", theirs.addresses()["printing.file"], token) == 200
    entry = audit.trail()[0]
    assert (entry.action, entry.object_id, entry.actor_id) == ("bundle.downloaded", str(theirs.bundle.id), taker.id)


def test_an_admin_opens_a_volunteers_bundle(app: CampaignApp, client: FlaskClient, theirs: Theirs) -> None:
    make("admin")
    log_in_as(client, "admin@example.org")
    assert client.get(f"/desk/bundles/{theirs.bundle.id}").status_code == 200
