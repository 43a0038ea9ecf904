"""The desk's door: who gets in, who does not, and what nobody can learn by trying."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.db import db, now_utc
from campaign.organisers.models import Account
from campaign.organisers.service import LoginWrong, PasswordWeak, log_in, make_account
from tests.organisers.people import PASSWORD, csrf, log_in_as, make, one_time_code


def test_an_organiser_logs_in_and_comes_to_the_day(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser")
    answer = log_in_as(client, "organiser@example.org")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/desk/")


def test_a_volunteer_logs_in_and_comes_to_the_print_room(app: CampaignApp, client: FlaskClient) -> None:
    make("volunteer")
    assert log_in_as(client, "volunteer@example.org").headers["Location"] == "/desk/bundles"


def test_the_page_that_was_asked_for_is_shown_after_the_login(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser")
    first = client.get("/desk/bundles")
    assert first.status_code == 303
    assert log_in_as(client, "organiser@example.org", at=first.headers["Location"]).headers["Location"] == "/desk/bundles"


@pytest.mark.parametrize("elsewhere", ["https://example.net/", "//example.net/desk/", "/desk/\\example.net", "/desk/\n", "/petitions/x", "/desk/%0d"])
def test_a_link_cannot_lead_out_of_the_desk_after_the_login(app: CampaignApp, client: FlaskClient, elsewhere: str) -> None:
    make("organiser")
    client.get("/desk/login")
    first = client.post("/desk/login", query_string={"next": elsewhere}, data={"csrf_token": csrf(client), "email": "organiser@example.org", "password": PASSWORD})
    assert first.headers["Location"].partition("?")[0] == "/desk/login/code"
    answer = client.post(
        "/desk/login/code", query_string={"next": elsewhere}, data={"csrf_token": csrf(client, "/desk/login/code"), "code": one_time_code("organiser@example.org")}
    )
    assert answer.headers["Location"] in ("/desk/", "/desk/%0d")  # the last one stays on the desk, as it was typed


def test_an_unknown_address_and_a_wrong_password_are_answered_the_same(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser")
    with time_machine.travel(now_utc(), tick=False):  # the form's token has the second in it
        wrong = log_in_as(client, "organiser@example.org", password="not the password")
        unknown = log_in_as(client, "nobody.here.at@example.org", password="not the password")
    assert wrong.status_code == unknown.status_code == 400
    clean = [answer.text.replace("organiser@example.org", "X").replace("nobody.here.at@example.org", "X") for answer in (wrong, unknown)]
    assert clean[0] == clean[1]


def test_an_unknown_address_costs_the_same_work(app: CampaignApp, monkeypatch: pytest.MonkeyPatch) -> None:
    from campaign.organisers import service

    checked: list[str] = []
    real = service._fits

    def watched(known: str, password: str) -> bool:
        checked.append(known.rpartition("$")[0].rpartition("$")[0])
        return real(known, password)

    monkeypatch.setattr(service, "_fits", watched)
    make("organiser")
    db.session.commit()
    checked.clear()
    for email in ("organiser@example.org", "nobody@example.org"):
        with pytest.raises(LoginWrong):
            log_in(email=email, password="not the password")
    assert len(checked) == 2
    assert checked[0] == checked[1], "the same argon2 parameters for both"


def test_what_was_typed_stays_but_for_the_password(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser")
    page = log_in_as(client, "organiser@example.org", password="a secret slip")
    assert "organiser@example.org" in page.text
    assert "a secret slip" not in page.text


def test_a_stale_form_is_said_and_the_address_kept(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser")
    answer = client.post("/desk/login", data={"csrf_token": "stale", "email": "organiser@example.org", "password": PASSWORD})
    assert answer.status_code == 400
    assert "organiser@example.org" in answer.text
    assert client.get("/desk/").status_code == 303


def test_the_eleventh_wrong_password_is_not_even_compared_and_the_right_one_is_refused_too(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser", "limited.one@example.org")
    for _attempt in range(10):
        assert log_in_as(client, "limited.one@example.org", password="not the password").status_code == 400
    assert log_in_as(client, "limited.one@example.org").status_code == 429
    assert log_in_as(client, "Limited.One@example.org").status_code == 429, "another spelling is the same address"


def test_slips_are_forgotten_after_a_right_password(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser", "slips@example.org")
    for _round in range(2):
        for _attempt in range(9):
            assert log_in_as(client, "slips@example.org", password="not the password").status_code == 400
        assert log_in_as(client, "slips@example.org").status_code == 303


def test_attempts_are_limited_while_the_broker_is_away(app: CampaignApp, client: FlaskClient) -> None:
    from campaign.organisers.limits import LoginLimits, TooOften
    from tests.catcher import free_port

    limits = LoginLimits(f"redis://127.0.0.1:{free_port()}/0", prefix="test:")
    for _attempt in range(10):
        limits.attempt(email="away@example.org", remote="192.0.2.1", now=now_utc())
    with pytest.raises(TooOften):
        limits.attempt(email="away@example.org", remote="192.0.2.2", now=now_utc())


def test_the_broker_holds_neither_the_typed_nor_the_remote_address(app: CampaignApp, redis_url: str) -> None:
    from redis import Redis

    from campaign.organisers.limits import LoginLimits

    LoginLimits(redis_url, prefix="canary:").attempt(email="canary.person@example.org", remote="192.0.2.77", now=now_utc())
    with Redis.from_url(redis_url) as broker:
        held = [(key, broker.dump(key)) for key in broker.scan_iter("*canary:*")]
    assert held, "the attempt was counted in the broker"
    assert not [1 for pair in held for part in pair for word in (b"canary.person", b"192.0.2.77") if word in (part or b"")]


def test_a_session_ends_twelve_hours_after_the_login_however_much_it_is_used(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser")
    start = now_utc()
    with time_machine.travel(start, tick=False) as clock:
        log_in_as(client, "organiser@example.org")
        for hours in (4, 8, 11.9):
            clock.move_to(start + timedelta(hours=hours))
            assert client.get("/desk/").status_code == 200
        clock.move_to(start + timedelta(hours=12.1))
        assert client.get("/desk/").status_code == 303


def test_a_copied_cookie_is_worth_nothing_after_the_log_out(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser")
    log_in_as(client, "organiser@example.org")
    cookie = client.get_cookie("session")
    assert cookie is not None
    client.get("/desk/")
    assert client.post("/desk/logout", data={"csrf_token": csrf(client)}).status_code == 303
    thief = app.test_client()
    thief.set_cookie("session", cookie.value)
    assert thief.get("/desk/").status_code == 303


def test_logging_out_by_a_link_or_without_the_forms_proof_does_nothing(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser")
    log_in_as(client, "organiser@example.org")
    assert client.get("/desk/logout").status_code == 405
    assert client.post("/desk/logout").status_code == 400
    assert client.get("/desk/").status_code == 200


def test_the_cookie_holds_no_address_and_no_name(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser")
    log_in_as(client, "organiser@example.org")
    with client.session_transaction() as kept:
        assert set(kept) == {"_permanent", "login", "csrf_token"} - ({"csrf_token"} - set(kept))


def test_a_new_password_ends_the_sessions(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser")
    log_in_as(client, "organiser@example.org")
    make("organiser", password="quite another password")
    assert client.get("/desk/").status_code == 303
    assert log_in_as(client, "organiser@example.org", password="quite another password").status_code == 303


def test_making_the_same_account_twice_changes_nothing(any_app: CampaignApp) -> None:
    first, second = make("volunteer"), make("volunteer")
    assert (first.id, second.generation) == (second.id, 0)
    assert len(db.session.scalars(select(Account)).all()) == 1


def test_a_short_password_is_refused(app: CampaignApp) -> None:
    with pytest.raises(PasswordWeak):
        make_account(email="x@example.org", name="Test", role="volunteer", country="NO", password="elevenchars", now=now_utc())


def test_an_older_hash_is_made_anew_at_the_login(app: CampaignApp, client: FlaskClient) -> None:
    from argon2 import PasswordHasher

    account = make("organiser")
    account.password_hash = PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(PASSWORD)
    old: Any = account.password_hash
    db.session.commit()
    assert log_in_as(client, "organiser@example.org").status_code == 303
    db.session.expire_all()
    assert db.session.get(Account, account.id).password_hash != old  # type: ignore[union-attr]  # it was made above
    assert log_in_as(client, "organiser@example.org").status_code == 303
