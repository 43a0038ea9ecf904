"""Strangers who try passwords lock themselves out, and never a browser in which the organiser has logged in before."""

from itertools import count

import pytest
from flask.testing import FlaskClient
from werkzeug.http import parse_cookie

from campaign.app import CampaignApp
from campaign.db import db, now_utc
from campaign.organisers import service
from campaign.organisers.limits import LoginLimits, TooOften
from campaign.security import tokens
from tests.organisers.people import PASSWORD, csrf, log_in_as, make

WRONG = "not the password"
PLACES = count(1)


def a_browser(app: CampaignApp) -> FlaskClient:
    """A browser somewhere else: there is a limit by place too."""
    browser = app.test_client()
    browser.environ_base["REMOTE_ADDR"] = f"198.51.100.{next(PLACES)}"
    return browser


@pytest.fixture
def client(app: CampaignApp) -> FlaskClient:
    return a_browser(app)


def in_the_cookie(browser: FlaskClient) -> str:
    """What proves that the account's owner has used this browser."""
    cookie = browser.get_cookie("known", path="/desk/login")
    assert cookie is not None
    return cookie.value


def has_logged_in(app: CampaignApp, email: str, *, password: str = PASSWORD) -> FlaskClient:
    """A browser in which somebody logged in, and out again."""
    browser = a_browser(app)
    assert log_in_as(browser, email, password=password).status_code == 303
    assert browser.post("/desk/logout", data={"csrf_token": csrf(browser, "/desk/bundles")}).status_code == 303
    return browser


def strangers_try(app: CampaignApp, email: str) -> None:
    """So many wrong passwords that nobody who is unknown gets in."""
    stranger = a_browser(app)
    while log_in_as(stranger, email, password=WRONG).status_code == 400:
        pass
    assert log_in_as(stranger, email).status_code == 429


def test_a_browser_that_logged_in_before_is_not_locked_out_by_strangers(app: CampaignApp) -> None:
    make("organiser", "owner@example.org")
    owner = has_logged_in(app, "owner@example.org")
    strangers_try(app, "owner@example.org")
    assert log_in_as(owner, "Owner@example.org").status_code == 303
    assert log_in_as(a_browser(app), "owner@example.org").status_code == 429, "nor does it let the strangers in"


def test_a_known_browser_may_not_try_for_ever_either(app: CampaignApp) -> None:
    make("organiser", "slipping@example.org")
    owner = has_logged_in(app, "slipping@example.org")
    other = has_logged_in(app, "slipping@example.org")
    assert [log_in_as(owner, "slipping@example.org", password=WRONG).status_code for _ in range(11)] == [400] * 10 + [429]
    assert log_in_as(owner, "slipping@example.org").status_code == 429
    assert log_in_as(other, "slipping@example.org").status_code == 303, "each of them has its own allowance"


def test_a_browser_is_known_for_its_own_account_only(app: CampaignApp) -> None:
    for name in ("one", "two"):
        make("volunteer", f"{name}@example.org")
    browser = has_logged_in(app, "one@example.org")
    strangers_try(app, "two@example.org")
    assert log_in_as(browser, "two@example.org").status_code == 429


def test_another_password_makes_every_browser_unknown_and_a_log_out_none(app: CampaignApp) -> None:
    make("organiser", "changed@example.org")
    owner = has_logged_in(app, "changed@example.org")
    make("organiser", "changed@example.org", password="quite another password")
    strangers_try(app, "changed@example.org")
    assert log_in_as(owner, "changed@example.org", password="quite another password").status_code == 429


def test_the_cookie_is_kept_from_scripts_and_other_sites_and_says_nothing(app: CampaignApp, client: FlaskClient) -> None:
    account = make("organiser", "cookie@example.org")
    answer = log_in_as(client, "cookie@example.org")
    (line,) = [line for line in answer.headers.getlist("Set-Cookie") if line.startswith("known=")]
    for said in ("HttpOnly", "SameSite=Lax", "Path=/desk/login", "Max-Age=31536000"):
        assert said in line
    value = parse_cookie(line)["known"]
    assert len(value) == 44
    assert account.id.hex not in value
    again = a_browser(app)
    log_in_as(again, "cookie@example.org")
    assert in_the_cookie(again) != value, "nothing in it tells that two browsers are of one person"
    assert not [line for line in log_in_as(client, "cookie@example.org", password=WRONG).headers.getlist("Set-Cookie") if line.startswith("known=")]


@pytest.mark.parametrize("forged", ["", "x", "ä", "A" * 44, "=" * 4_000])
def test_a_cookie_that_was_made_up_is_worth_nothing(app: CampaignApp, client: FlaskClient, forged: str) -> None:
    make("organiser", "forged@example.org")
    strangers_try(app, "forged@example.org")
    client.set_cookie("known", forged, path="/desk/login")
    assert log_in_as(client, "forged@example.org").status_code == 429


def test_an_unknown_address_is_answered_and_worked_for_the_same_with_somebodys_cookie_too(app: CampaignApp, monkeypatch: pytest.MonkeyPatch) -> None:
    make("organiser", "asked@example.org")
    proof = in_the_cookie(has_logged_in(app, "asked@example.org"))
    read: list[tuple[int, int]] = []
    real = tokens.read

    def watched(purpose: str, token: str) -> object:
        read.append((len(purpose), len(token)))
        return real(purpose, token)

    monkeypatch.setattr(tokens, "read", watched)
    assert service.known_browser(email="asked@example.org", proof=proof) is not None
    assert service.known_browser(email="nobody@example.org", proof=proof) is None
    assert service.known_browser(email="nobody@example.org", proof="") is None
    assert [size for size, _ in read] == [read[0][0]] * 3, "a signature over as much for each"
    for email in ("asked@example.org", "nobody.asked@example.org"):
        browser = a_browser(app)
        browser.set_cookie("known", proof[::-1], path="/desk/login")
        assert [log_in_as(browser, email, password=WRONG).status_code for _ in range(11)] == [400] * 10 + [429]


def test_known_browsers_are_limited_while_the_broker_is_away(app: CampaignApp) -> None:
    from tests.catcher import free_port

    make("organiser", "away.too@example.org")
    db.session.commit()
    limits = LoginLimits(f"redis://127.0.0.1:{free_port()}/0", prefix="test:")
    browser = service.known_browser(email="away.too@example.org", proof=in_the_cookie(has_logged_in(app, "away.too@example.org")))
    for _attempt in range(10):
        limits.attempt(email="away.too@example.org", remote="192.0.2.1", browser=browser, now=now_utc())
    with pytest.raises(TooOften):
        limits.attempt(email="away.too@example.org", remote="192.0.2.1", browser=browser, now=now_utc())
    limits.attempt(email="away.too@example.org", remote="192.0.2.1", browser=None, now=now_utc())
