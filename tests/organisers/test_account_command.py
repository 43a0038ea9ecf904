"""`python -m campaign account`: who runs the site lets people in, and gives a new password to who forgot theirs."""

import argparse
import re
from pathlib import Path

import pytest
import time_machine
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.commands import account as command
from campaign.commands.run.sample_secrets import environment_of_sample, load_or_make
from campaign.db import db, now_utc
from campaign.organisers import factors, invitations
from campaign.organisers.models import Account
from campaign.organisers.service import LoginWrong, log_in
from tests.organisers.people import PASSWORD, make


def _run(app: CampaignApp, *words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words), app)


def _shown(capsys: pytest.CaptureFixture[str]) -> str:
    found = re.search(r"password (\S+)", capsys.readouterr().out)
    assert found
    return found.group(1)


def test_a_new_person_gets_a_password_that_is_shown_once(app: CampaignApp, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(app, "new@example.org", "--name", "Test Person", "--role", "volunteer", "--country", "NO") == 0
    assert log_in(email="new@example.org", password=_shown(capsys)).role == "volunteer"


def test_a_new_password_takes_the_place_of_the_old_one_and_ends_the_sessions(app: CampaignApp, capsys: pytest.CaptureFixture[str]) -> None:
    make("organiser")
    assert _run(app, "organiser@example.org") == 0
    assert log_in(email="organiser@example.org", password=_shown(capsys)).generation == 1
    with pytest.raises(LoginWrong):
        log_in(email="organiser@example.org", password=PASSWORD)


@pytest.mark.parametrize("words", [(), ("--name", "Test", "--role", "volunteer"), ("--name", "Test", "--role", "volunteer", "--country", "Norway")])
def test_a_new_account_that_lacks_something_is_not_made(app: CampaignApp, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(app, "new@example.org", *words) == 1
    assert "Nothing was changed" in capsys.readouterr().out
    assert not db.session.scalars(select(Account)).all()


def test_the_sample_shows_a_code_that_works_and_waits_for_the_next_one_where_it_was_used(app: CampaignApp, capsys: pytest.CaptureFixture[str]) -> None:
    account = make("organiser")
    with time_machine.travel(now_utc(), tick=False) as clock:
        assert _run(app, "organiser@example.org", "--code") == 0
        first = capsys.readouterr().out.strip()
        factors.prove(account, code=first, now=now_utc())
        assert factors.code_now(account, now=now_utc()) is None
        clock.shift(factors.STEP_SECONDS)
        assert _run(app, "organiser@example.org", "--code") == 0
        second = capsys.readouterr().out.strip()
        factors.prove(account, code=second, now=now_utc())
    assert _run(app, "nobody@example.org", "--code") == 1


def test_on_a_real_site_no_code_is_shown(app: CampaignApp, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    make("organiser")
    monkeypatch.setattr(app, "settings", app.settings.model_copy(update={"sample": False}))
    assert _run(app, "organiser@example.org", "--code") == 1
    assert not re.search("[0-9]{6}", capsys.readouterr().out)


def test_a_command_finds_the_keys_of_the_sample_where_nobody_has_set_any(tmp_path: Path) -> None:
    kept = load_or_make(tmp_path)
    found = environment_of_sample({"INSTANCE": str(tmp_path)})
    assert found == {**{name: kept[name] for name in ("SECRET_KEY", "DATA_KEYS", "INDEX_KEY")}, "SAMPLE": "true", "INSTANCE": str(tmp_path)}
    assert environment_of_sample({"INSTANCE": str(tmp_path), "SECRET_KEY": "x"}) == {}
    assert environment_of_sample({"INSTANCE": str(tmp_path / "none")}) == {}


def test_who_runs_the_site_invites_somebody_and_the_link_is_shown_too(app: CampaignApp, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(app, "first@example.org", "--invite", "--name", "Test First", "--role", "admin", "--country", "NO") == 0
    found = re.search(r"/desk/invitation/(\S+)", capsys.readouterr().out)
    assert found
    assert invitations.find(found[1], now=now_utc()).role == "admin"
    assert not db.session.scalars(select(Account)).all()
    make("organiser")
    assert _run(app, "organiser@example.org", "--invite") == 0
    assert {row.role for row in invitations.waiting()} == {"admin", "organiser"}
    assert _run(app, "third@example.org", "--invite") == 1
