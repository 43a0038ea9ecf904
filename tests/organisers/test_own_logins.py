"""Where somebody is logged in: seen, named, ended one by one or all at once; and the code that is asked for again."""

from datetime import timedelta

import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.audit import service as audit
from campaign.db import db, now_utc
from campaign.organisers import factors, logins
from campaign.organisers.models import Login
from tests.organisers.people import csrf, log_in_as, make, one_time_code, type_code

MINE = "/desk/account/"


def press(client: FlaskClient, path: str, **typed: str) -> int:
    return client.post(path, data={"csrf_token": csrf(client, MINE), **typed}).status_code


def test_one_login_is_ended_and_the_others_stay(app: CampaignApp, client: FlaskClient) -> None:
    account = make("volunteer")
    other = app.test_client()
    for browser in (other, client):
        log_in_as(browser, account.email)
    here, there = logins.of(account, now=now_utc())
    assert press(client, MINE + "name", name=" the  laptop ") == 303
    assert "the laptop" in client.get(MINE).text
    assert press(client, f"{MINE}logins/{there.id}/end") == 303
    assert (other.get(MINE).status_code, client.get(MINE).status_code) == (303, 200)
    assert [login.id for login in logins.of(account, now=now_utc())] == [here.id]
    assert audit.trail(action="account.logged_out")


def test_signing_out_everywhere_ends_them_all(app: CampaignApp, client: FlaskClient) -> None:
    account = make("volunteer")
    other = app.test_client()
    for browser in (other, client):
        log_in_as(browser, account.email)
    assert press(client, MINE + "logins/end") == 303
    assert {other.get(MINE).status_code, client.get(MINE).status_code} == {303}
    assert not db.session.scalars(select(Login)).all()


def test_somebody_elses_login_cannot_be_ended(app: CampaignApp, client: FlaskClient) -> None:
    make("volunteer")
    make("organiser")
    other = app.test_client()
    log_in_as(other, "organiser@example.org")
    theirs = db.session.scalars(select(Login)).one()
    log_in_as(client, "volunteer@example.org")
    assert press(client, f"{MINE}logins/{theirs.id}/end") == 303
    assert other.get(MINE).status_code == 200


def test_logging_out_ends_this_login_alone(app: CampaignApp, client: FlaskClient) -> None:
    account = make("volunteer")
    other = app.test_client()
    for browser in (other, client):
        log_in_as(browser, account.email)
    assert press(client, "/desk/logout") == 303
    assert (other.get(MINE).status_code, client.get(MINE).status_code) == (200, 303)


def test_no_device_no_address_and_not_the_secret_is_kept(app: CampaignApp, client: FlaskClient) -> None:
    make("volunteer")
    client.environ_base["HTTP_USER_AGENT"] = "Kanarienbrowser/1.0"
    client.environ_base["REMOTE_ADDR"] = "192.0.2.77"
    log_in_as(client, "volunteer@example.org")
    with client.session_transaction() as kept:
        secret = kept["login"]
    row = str(db.session.execute(select(Login.__table__)).one())
    assert not [word for word in (secret, "Kanarien", "192.0.2.77") if word in row]
    assert db.session.scalars(select(Login)).one().used_at.minute == 0


def test_a_code_is_asked_for_again_ten_minutes_later_and_leads_on(app: CampaignApp, client: FlaskClient) -> None:
    account = make("volunteer")
    start = now_utc()
    with time_machine.travel(start, tick=False) as clock:
        log_in_as(client, account.email)
        page = client.post(MINE + "recovery-codes", data={"csrf_token": csrf(client, MINE)})
        assert page.status_code == 200 and page.text.count("<li><code>") == factors.RECOVERY_CODES
        clock.move_to(start + timedelta(minutes=11))
        answer = client.post(MINE + "recovery-codes", data={"csrf_token": csrf(client, MINE)})
        assert answer.headers["Location"] == "/desk/account/again?next=/desk/account/"
        assert type_code(client, "abcdef", at=answer.headers["Location"]).status_code == 400
        assert press(client, MINE + "recovery-codes") == 303, "a wrong code is no proof"
        assert type_code(client, one_time_code(account.email), at=answer.headers["Location"]).headers["Location"] == MINE
        assert press(client, MINE + "recovery-codes") == 200


def test_logins_that_are_over_are_forgotten(app: CampaignApp, client: FlaskClient) -> None:
    make("volunteer")
    log_in_as(client, "volunteer@example.org")
    logins.forget(now=now_utc() + timedelta(hours=11))
    assert db.session.scalars(select(Login)).all()
    logins.forget(now=now_utc() + timedelta(hours=13))
    assert not db.session.scalars(select(Login)).all()


def test_when_a_login_was_last_used_is_kept_to_the_hour_and_reading_writes_nothing(app: CampaignApp, client: FlaskClient) -> None:
    make("volunteer")
    start = now_utc().replace(minute=50)
    with time_machine.travel(start, tick=False) as clock:
        log_in_as(client, "volunteer@example.org")
        login = db.session.scalars(select(Login)).one()
        first = login.used_at
        clock.move_to(start + timedelta(minutes=20))
        assert client.get(MINE).status_code == 200
        db.session.expire_all()
        assert login.used_at == first
        assert press(client, MINE + "name", name="here") == 303
        db.session.expire_all()
        assert login.used_at == first + timedelta(hours=1)
