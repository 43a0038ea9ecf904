"""`python -m campaign account`: who runs the site lets people in, and gives a new password to who forgot theirs."""

import argparse
import re

import pytest
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.commands import account as command
from campaign.db import db
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
