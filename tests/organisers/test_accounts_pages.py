"""An admin gives roles and organisations, a role for one drive, and ends sessions; each is in the trail."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.appeals.models import Drive, DriveText
from campaign.audit import service as audit
from campaign.db import db, now_utc
from campaign.organisers import belonging
from campaign.organisers.models import Account, Organisation
from tests import made
from tests.organisers.people import csrf, log_in_as, make


@pytest.fixture
def admin(client: FlaskClient, app: CampaignApp) -> FlaskClient:
    """A browser in which an admin is logged in."""
    make("admin")
    log_in_as(client, "admin@example.org")
    return client


@pytest.fixture
def person(app: CampaignApp) -> Account:
    return make("volunteer")


@pytest.fixture
def partner(app: CampaignApp) -> Organisation:
    organisation = made.organisation()
    db.session.commit()
    return organisation


def path(account: Account) -> str:
    return f"/desk/accounts/{account.id}"


def seen(client: FlaskClient, account: Account) -> str:
    found = re.search(r'name="seen"[^>]*value="([^"]+)"', client.get(path(account)).text)
    assert found
    return found[1]


def save(client: FlaskClient, account: Account, *, role: str, organisations: list[str], stamp: str | None = None) -> int:
    values = {"csrf_token": csrf(client, path(account)), "seen": stamp or seen(client, account), "role": role, "organisations": organisations}
    return client.post(path(account), data=values).status_code


def acts() -> list[str]:
    return [entry.action for entry in audit.trail(kind="account")]


def test_everybody_is_listed_with_role_and_organisations(admin: FlaskClient, person: Account, partner: Organisation) -> None:
    made.member(person, partner)
    db.session.commit()
    page = admin.get("/desk/accounts/").text
    assert "Test Volunteer" in page
    assert "Test Partner" in page


def test_a_role_and_an_organisation_are_given_and_the_session_ends(app: CampaignApp, admin: FlaskClient, person: Account, partner: Organisation) -> None:
    other = app.test_client()
    log_in_as(other, "volunteer@example.org")
    assert other.get("/desk/bundles").status_code == 200
    assert save(admin, person, role="organiser", organisations=["test-partner"]) == 303
    assert other.get("/desk/bundles").status_code == 303
    db.session.expire_all()
    assert person.role == "organiser"
    assert belonging.own(person) == [partner.id]
    assert acts() == ["account.joined", "account.role_changed"]
    assert save(admin, person, role="organiser", organisations=[]) == 303
    assert belonging.own(person) == []


def test_the_only_admin_stays_one(admin: FlaskClient) -> None:
    only = db.session.query(Account).filter_by(role="admin").one()
    assert save(admin, only, role="organiser", organisations=[]) == 409
    db.session.expire_all()
    assert only.role == "admin"
    make("admin", "second@example.org")
    assert save(admin, only, role="organiser", organisations=[]) == 303


def test_two_admins_who_change_the_same_account_are_told(admin: FlaskClient, person: Account, partner: Organisation) -> None:
    stamp = seen(admin, person)
    assert save(admin, person, role="reviewer", organisations=[], stamp=stamp) == 303
    assert save(admin, person, role="organiser", organisations=["test-partner"], stamp=stamp) == 409
    db.session.expire_all()
    assert person.role == "reviewer"


@pytest.mark.parametrize("role", ["king", ""])
def test_a_role_that_is_none_is_refused(admin: FlaskClient, person: Account, role: str) -> None:
    assert save(admin, person, role=role, organisations=[]) == 400


def test_an_organisation_that_is_none_is_refused(admin: FlaskClient, person: Account) -> None:
    assert save(admin, person, role="volunteer", organisations=["nobody"]) == 400


def test_a_role_for_one_drive_is_given_and_taken(admin: FlaskClient, person: Account, partner: Organisation) -> None:
    today = now_utc().date()
    drive = Drive(slug="test-drive", starts_on=today, ends_on=today + timedelta(days=9), goal=10)
    drive.texts = [DriveText(language="en", name="Test drive", lead="A drive.")]
    db.session.add(drive)
    db.session.commit()
    values = {"csrf_token": csrf(admin, path(person)), "drive": str(drive.id)}
    assert admin.post(f"{path(person)}/grants", data=values).status_code == 303
    assert admin.post(f"{path(person)}/grants", data=values).status_code == 303
    db.session.expire_all()
    assert belonging.sees(person, partner.id, drive_id=drive.id)
    page = admin.get(path(person)).text
    taken = re.search(r'formaction="([^"]+/take)"', page)
    assert taken
    other = make("reviewer")
    stolen = taken[1].replace(str(person.id), str(other.id))
    assert admin.post(stolen, data={"csrf_token": csrf(admin, path(person))}).status_code == 404
    assert admin.post(taken[1], data={"csrf_token": csrf(admin, path(person))}).status_code == 303
    db.session.expire_all()
    assert not belonging.sees(person, partner.id, drive_id=drive.id)
    assert acts() == ["account.grant_taken", "account.granted"]


def test_a_role_for_a_drive_that_is_none_is_refused(admin: FlaskClient, person: Account) -> None:
    values = {"csrf_token": csrf(admin, path(person)), "drive": "none"}
    assert admin.post(f"{path(person)}/grants", data=values).status_code == 400


def test_all_sessions_of_somebody_are_ended(app: CampaignApp, admin: FlaskClient, person: Account) -> None:
    other = app.test_client()
    log_in_as(other, "volunteer@example.org")
    assert admin.post(f"{path(person)}/sessions/end", data={"csrf_token": csrf(admin, path(person))}).status_code == 303
    assert other.get("/desk/bundles").status_code == 303
    assert acts() == ["account.sessions_ended"]


def test_the_trail_of_an_account_names_nobody(admin: FlaskClient, person: Account) -> None:
    save(admin, person, role="reviewer", organisations=[])
    for entry in audit.trail():
        assert "Test" not in str(entry.details)
        assert "example.org" not in str(entry.details)
