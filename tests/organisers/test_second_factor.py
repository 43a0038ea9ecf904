"""A password alone opens nothing: the second step, what sets it up, and what it refuses."""

from datetime import timedelta

import pyotp
import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.audit import service as audit
from campaign.db import db, now_utc
from campaign.organisers import factors
from campaign.organisers.models import Account, RecoveryCode
from tests.organisers.people import PASSWORD, csrf, log_in_as, make, one_time_code, type_code, type_password

SET_UP = "/desk/login/set-up"


def code_of(account: Account, *, steps: int = 0) -> str:
    """What the telephone shows now, or so many steps away."""
    return pyotp.TOTP(account.totp).generate_otp(factors.step_at(now_utc()) + steps)


def with_codes(email: str = "organiser@example.org") -> tuple[Account, list[str]]:
    """Somebody with recovery codes."""
    account = make("organiser", email)
    codes = factors.new_recovery_codes(account, now=now_utc())
    db.session.commit()
    return account, codes


def test_between_the_two_steps_every_page_of_the_desk_is_shut(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser")
    assert type_password(client, "organiser@example.org").headers["Location"] == "/desk/login/code"
    for path in ("/desk/", "/desk/bundles"):
        assert client.get(path).headers["Location"].partition("?")[0] == "/desk/login"
    assert "Log out" not in client.get("/desk/login/code").text
    assert type_code(client, one_time_code("organiser@example.org")).headers["Location"] == "/desk/"
    assert client.get("/desk/").status_code == 200


def test_without_the_password_there_is_no_second_step(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser")
    for email in ("organiser@example.org", "nobody@example.org"):
        assert type_password(client, email, password="not the password").status_code == 400
        for path in ("/desk/login/code", SET_UP):
            assert client.get(path).headers["Location"] == "/desk/login"
            answer = client.post(path, data={"csrf_token": csrf(client), "code": one_time_code("organiser@example.org")})
            assert answer.headers["Location"] == "/desk/login"
    assert client.get("/desk/").status_code == 303


def test_the_second_step_is_open_for_ten_minutes(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser")
    start = now_utc()
    with time_machine.travel(start, tick=False) as clock:
        type_password(client, "organiser@example.org")
        clock.move_to(start + timedelta(minutes=11))
        assert client.get("/desk/login/code").headers["Location"] == "/desk/login"


@pytest.mark.parametrize(("steps", "fits"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_half_a_minute_wrong_and_no_more(app: CampaignApp, client: FlaskClient, steps: int, fits: bool) -> None:
    account = make("organiser", f"drift{steps}@example.org")
    with time_machine.travel(now_utc(), tick=False):
        type_password(client, account.email)
        assert type_code(client, code_of(account, steps=steps)).status_code == (303 if fits else 400)


def test_a_code_works_once_and_none_before_it_afterwards(any_app: CampaignApp) -> None:
    account = make("organiser")
    with time_machine.travel(now_utc(), tick=False):
        factors.prove(account, code=code_of(account), now=now_utc())
        db.session.commit()
        for steps in (0, -1):
            with pytest.raises(factors.CodeWrong):
                factors.prove(account, code=code_of(account, steps=steps), now=now_utc())
        factors.prove(account, code=code_of(account, steps=1), now=now_utc())


def test_a_recovery_code_opens_the_door_once_and_the_trail_says_so(app: CampaignApp, client: FlaskClient) -> None:
    account, codes = with_codes()
    typed = f" {codes[3].upper().replace('-', ' ')} "
    type_password(client, account.email)
    assert type_code(client, typed).headers["Location"] == "/desk/"
    assert audit.trail(action="account.recovery_code_used")[0].object_id == str(account.id)
    assert factors.recovery_codes_left(account) == factors.RECOVERY_CODES - 1
    type_password(client, account.email)
    assert type_code(client, typed).status_code == 400


def test_another_persons_recovery_code_and_an_older_one_open_nothing(any_app: CampaignApp) -> None:
    (one, old), (_other, theirs) = with_codes("one@example.org"), with_codes("two@example.org")
    factors.new_recovery_codes(one, now=now_utc())
    for code in (old[0], theirs[0]):
        with pytest.raises(factors.CodeWrong):
            factors.prove(one, code=code, now=now_utc())


@pytest.mark.parametrize("typed", ["", "      ", "12345", "０１２３４５", "abc", "x" * 41, "\0" * 6, "000000-"])
def test_what_is_no_code_is_refused_and_breaks_nothing(app: CampaignApp, client: FlaskClient, typed: str) -> None:
    account = make("organiser", "typing@example.org")
    account.totp = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    db.session.commit()
    with time_machine.travel("2026-11-22 12:00:00+00:00", tick=False):
        type_password(client, "typing@example.org")
        assert type_code(client, typed).status_code == 400
    assert client.get("/desk/").status_code == 303


def test_the_eleventh_code_is_not_even_compared(app: CampaignApp, client: FlaskClient) -> None:
    account = make("organiser", "codes.limited@example.org")
    type_password(client, account.email)
    for _attempt in range(10):
        assert type_code(client, "abcdef").status_code == 400
    assert type_code(client, one_time_code(account.email)).status_code == 429
    type_password(client, account.email)
    assert type_code(client, one_time_code(account.email)).status_code == 429, "the password again does not wipe them out"


def test_who_tries_codes_does_not_lock_out_a_browser_that_is_known(app: CampaignApp, client: FlaskClient) -> None:
    account = make("organiser", "codes.known@example.org")
    assert log_in_as(client, account.email).status_code == 303
    client.post("/desk/logout", data={"csrf_token": csrf(client, "/desk/bundles")})
    thief = app.test_client()
    type_password(thief, account.email)
    while type_code(thief, "abcdef").status_code == 400:
        pass
    assert log_in_as(client, account.email).headers["Location"] == "/desk/"


def test_the_password_alone_does_not_make_a_browser_known(app: CampaignApp, client: FlaskClient) -> None:
    make("organiser")
    type_password(client, "organiser@example.org")
    assert client.get_cookie("known", path="/desk/login") is None


def test_without_a_second_factor_nothing_opens_but_the_page_that_sets_it_up(app: CampaignApp, client: FlaskClient) -> None:
    account = make("volunteer", enrolled=False)
    assert log_in_as(client, account.email).headers["Location"] == SET_UP
    for path in ("/desk/bundles", "/desk/"):
        assert client.get(path).headers["Location"] == SET_UP
    assert client.get("/desk/login/code").headers["Location"] == "/desk/login"
    assert account.totp in client.get(SET_UP).text


def test_the_page_sets_it_up_shows_the_recovery_codes_once_and_lets_in(app: CampaignApp, client: FlaskClient) -> None:
    account = make("volunteer", enrolled=False)
    log_in_as(client, account.email)
    assert type_code(client, "abcdef", at=SET_UP).status_code == 400
    assert not account.enrolled
    done = type_code(client, code_of(account), at=SET_UP)
    assert done.status_code == 200 and done.text.count("<li><code>") == factors.RECOVERY_CODES
    assert client.get("/desk/bundles").status_code == 200
    assert client.get(SET_UP).status_code == 303
    assert [entry.action for entry in audit.trail(object_id=str(account.id))] == ["account.recovery_codes_made", "account.second_factor_set"]
    assert len(db.session.scalars(select(RecoveryCode)).all()) == factors.RECOVERY_CODES
    with pytest.raises(factors.CodeWrong):
        factors.enrol(account, code=code_of(account, steps=1), now=now_utc())


def test_a_secret_that_was_offered_is_another_one_after_the_next_password(app: CampaignApp, client: FlaskClient) -> None:
    account = make("volunteer", enrolled=False)
    log_in_as(client, account.email)
    first = account.totp
    log_in_as(app.test_client(), account.email)
    db.session.expire_all()
    assert account.totp != first
    log_in_as(client, "volunteer@example.org", password=PASSWORD)


def test_neither_secret_nor_recovery_code_stands_in_the_database(app: CampaignApp) -> None:
    account, codes = with_codes()
    assert account.totp_sealed is not None and account.totp.encode() not in account.totp_sealed
    kept = [row.code_hash for row in db.session.scalars(select(RecoveryCode))]
    assert {len(value) for value in kept} == {32}
    assert not [code for code in codes for value in kept if code.replace("-", "").encode() in value]
