"""How somebody comes to the desk, and back to it: by a link that works once, for seven days."""

import json
from datetime import datetime, timedelta

import pyotp
import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select, update
from werkzeug.test import TestResponse

from campaign.app import CampaignApp
from campaign.audit import service as audit
from campaign.db import db, now_utc
from campaign.mail.models import OutgoingMail
from campaign.organisers import factors, invitations
from campaign.organisers.models import Account, Invitation
from campaign.organisers.service import find_account, password_fits
from campaign.security.tokens import TokenWrong
from tests.organisers.people import PASSWORD, csrf, log_in_as, make, type_code

NEW = "seldom-heron-orbit-lattice"
WHO = {"email": "new.person@example.org", "name": "Test Person", "role": "translator", "country": "SE"}


def invited(email: str = WHO["email"], *, now: datetime | None = None) -> Invitation:
    """Somebody whom an admin invited."""
    by = find_account(email="admin@example.org") or make("admin")
    invitation = invitations.invite(**{**WHO, "email": email}, by=by.id, link=lambda token: f"/{token}", language="en", now=now or now_utc())
    db.session.commit()
    return invitation


def link(invitation: Invitation) -> str:
    return f"/desk/invitation/{invitations.token(invitation)}"


def accept(client: FlaskClient, invitation: Invitation, *, password: str = NEW, again: str | None = None, name: str = "Test Person") -> TestResponse:
    path = link(invitation)
    return client.post(path, data={"csrf_token": csrf(client, path), "name": name, "password": password, "again": password if again is None else again})


def test_an_admin_invites_and_the_person_comes_in_with_password_and_second_factor(app: CampaignApp, client: FlaskClient) -> None:
    make("admin")
    log_in_as(client, "admin@example.org")
    assert client.post("/desk/invitations", data={"csrf_token": csrf(client, "/desk/invitations"), **WHO}).status_code == 303
    assert "new.person@example.org" in client.get("/desk/invitations").text
    mail = db.session.scalars(select(OutgoingMail)).one()
    path = json.loads(mail.values)["link"].removeprefix(app.settings.site_url)
    person = app.test_client()
    before = db.session.scalars(select(Account)).all()
    assert person.get(path).status_code == person.head(path).status_code == 200
    db.session.expire_all()
    assert db.session.scalars(select(Account)).all() == before, "looking at the link does nothing"
    answer = person.post(path, data={"csrf_token": csrf(person, path), "name": "Test Person", "password": NEW, "again": NEW})
    assert answer.headers["Location"] == "/desk/login/set-up"
    account = find_account(email=WHO["email"])
    assert account is not None and (account.role, account.country, account.name) == ("translator", "SE", "Test Person")
    assert person.get("/desk/bundles").headers["Location"] == "/desk/login/set-up", "nothing opens before the second factor"
    code = pyotp.TOTP(account.totp).generate_otp(factors.step_at(now_utc()))
    assert type_code(person, code, at="/desk/login/set-up").status_code == 200
    assert [entry.action for entry in audit.trail(kind="invitation")] == ["invitation.accepted", "invitation.made"]


def test_a_link_works_once(app: CampaignApp, client: FlaskClient) -> None:
    invitation = invited()
    assert accept(client, invitation).status_code == 303
    assert client.get(link(invitation)).status_code == 410
    other = app.test_client()
    assert other.post(link(invitation), data={"name": "Test", "password": NEW, "again": NEW}).status_code == 410


def test_a_link_is_over_after_seven_days_and_the_sweeper_says_so(any_app: CampaignApp) -> None:
    invitation = invited()
    secret, ends = invitations.token(invitation), invitation.ends_at
    assert invitations.find(secret, now=ends - timedelta(seconds=1)).id == invitation.id
    with pytest.raises(invitations.InvitationOver):
        invitations.find(secret, now=ends)
    with pytest.raises(invitations.InvitationOver):
        invitations.accept(invitation, name="Test", password=NEW, now=ends)
    invitations.sweep(now=ends)
    assert invitation.state == "expired"
    invitations.sweep(now=ends + timedelta(days=30))
    assert not db.session.scalars(select(Invitation)).all(), "and is forgotten with its address"


def test_a_link_that_was_taken_back_or_replaced_opens_nothing(app: CampaignApp, client: FlaskClient) -> None:
    first = invited()
    second = invited("New.Person@example.org")
    log_in_as(client, "admin@example.org")
    assert client.get(link(first)).status_code == 410
    assert client.get(link(second)).status_code == 200
    token = csrf(client, "/desk/invitations")
    for _twice in range(2):
        assert client.post(f"/desk/invitations/{second.id}/withdraw", data={"csrf_token": token}).status_code == 303
    assert client.get(link(second)).status_code == 410
    assert client.post(f"/desk/invitations/{second.id}/withdraw").status_code == 400


def test_a_link_that_was_cut_off_is_said(client: FlaskClient) -> None:
    invitation = invited()
    assert client.get(link(invitation)[:-1]).status_code == 404
    with pytest.raises(TokenWrong):
        invitations.find("x", now=now_utc())


@pytest.mark.parametrize(
    ("password", "said"),
    [
        ("elevenchars", "at least twelve"),
        ("passwordpassword", "stolen passwords"),
        ("P@ssw0rd1234", "stolen passwords"),
        ("qwertyuiopasdf", "stolen passwords"),
        ("letmein-letmein", "stolen passwords"),
        ("new.person-and-a-heron", "name or address"),
        ("seldom-PERSON-orbit", "name or address"),
    ],
)
def test_a_password_that_is_known_or_theirs_is_refused_and_the_name_stays(app: CampaignApp, client: FlaskClient, password: str, said: str) -> None:
    invitation = invited()
    answer = accept(client, invitation, password=password, name="Test Person Olsen")
    assert answer.status_code == 400 and said in answer.text
    assert "Test Person Olsen" in answer.text and password not in answer.text
    assert find_account(email=WHO["email"]) is None
    assert accept(client, invitation, again="another one").status_code == 400
    assert accept(client, invitation).status_code == 303


def test_who_lost_the_telephone_comes_back_by_an_invitation_and_nothing_old_works(app: CampaignApp, client: FlaskClient) -> None:
    account = make("organiser")
    codes = factors.new_recovery_codes(account, now=now_utc())
    db.session.commit()
    log_in_as(client, account.email)
    invitation = invited(account.email)
    assert invitation.role == "organiser", "they keep their role"
    assert client.get("/desk/").status_code == 200, "until they press the button all stays as it is"
    person = app.test_client()
    assert accept(person, invitation).headers["Location"] == "/desk/login/set-up"
    db.session.expire_all()
    assert client.get("/desk/").status_code == 303
    assert not account.enrolled and not password_fits(account, PASSWORD)
    with pytest.raises(factors.CodeWrong):
        factors.prove(account, code=codes[0], now=now_utc())
    assert "account.second_factor_reset" in {entry.action for entry in audit.trail(object_id=str(account.id))}


def test_an_address_that_is_none_is_refused_and_what_was_typed_stays(app: CampaignApp, client: FlaskClient) -> None:
    make("admin")
    log_in_as(client, "admin@example.org")
    answer = client.post("/desk/invitations", data={"csrf_token": csrf(client, "/desk/invitations"), **WHO, "email": "no-address"})
    assert answer.status_code == 400 and "no-address" in answer.text and "Test Person" in answer.text
    assert not invitations.waiting()


def test_two_who_open_the_same_link_at_once_make_one_account(any_app: CampaignApp) -> None:
    invitation = invited()
    db.session.refresh(invitation)
    # The other one was done after this one had read the row.
    db.session.execute(update(Invitation).values(state="accepted"), execution_options={"synchronize_session": False})
    assert invitation.state == "waiting"
    with pytest.raises(invitations.InvitationOver):
        invitations.accept(invitation, name="Test", password=NEW, now=now_utc())
    assert find_account(email=WHO["email"]) is None


def test_the_sweeper_leaves_what_still_waits(app: CampaignApp) -> None:
    with time_machine.travel(now_utc(), tick=False):
        invitation = invited()
        invitations.sweep(now=now_utc() + timedelta(days=6))
        assert invitation.state == "waiting"
