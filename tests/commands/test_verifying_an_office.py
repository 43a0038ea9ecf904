"""Nothing goes to an address that nobody has checked: the command shows it, and writes down who did."""

import argparse

import pytest

from campaign.app import CampaignApp
from campaign.authorities.service import is_verified, mailbox_for
from campaign.commands import authority as command
from campaign.db import db, now_utc
from tests import made


def call(app: CampaignApp, *words: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return command.run(parser.parse_args(words), app)


def test_an_office_is_shown_as_letters_are_addressed_to_it(any_app: CampaignApp, capsys: pytest.CaptureFixture[str]) -> None:
    made.authority("test-office", verified=False)
    db.session.commit()
    assert call(any_app, "test-office") == 0
    said = capsys.readouterr().out
    assert "1 Example Street" in said and "test-office@authorities.example" in said and "Not verified" in said


def test_who_checked_an_office_is_written_down_and_letters_may_go_there(any_app: CampaignApp, capsys: pytest.CaptureFixture[str]) -> None:
    office = made.authority("test-office", verified=False)
    db.session.commit()
    assert not is_verified(office) and mailbox_for(office, now=now_utc()) is None
    assert call(any_app, "test-office", "--verified-by", "Test Organiser") == 0
    db.session.expire_all()
    assert office.verified_by == "Test Organiser"
    assert is_verified(office) and mailbox_for(office, now=now_utc()) is not None
    assert "by Test Organiser" in capsys.readouterr().out


def test_an_unknown_office_is_said_so(app: CampaignApp, capsys: pytest.CaptureFixture[str]) -> None:
    assert call(app, "nowhere") == 1
    assert "no office" in capsys.readouterr().err


def test_a_mailbox_that_moved_since_is_told_apart(app: CampaignApp, capsys: pytest.CaptureFixture[str]) -> None:
    office = made.authority("test-office")
    db.session.commit()
    assert call(app, "test-office") == 0
    assert "(not verified)" not in capsys.readouterr().out
    office.mailboxes[0].verified_at = None
    db.session.commit()
    assert call(app, "test-office") == 0
    assert "test-office@authorities.example (not verified)" in capsys.readouterr().out
