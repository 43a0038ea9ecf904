"""A start prepares the database again as soon as anything it would prepare has changed, and only then."""

import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from campaign.app import CampaignApp
from campaign.commands.run.part import ROOT
from campaign.commands.run.sample_secrets import DATABASE
from campaign.commands.run.stamp import MADE_OF, is_prepared, stamp_of, write_stamp

TODAY = date(2026, 11, 22)
SETTINGS = {"SECRET_KEY": "a secret of this test", "SAMPLE_ORGANISER_PASSWORD": "one", "SAMPLE_VOLUNTEER_PASSWORD": "two"}


def prepared(instance: Path, *, today: date = TODAY, **settings: str) -> bool:
    return is_prepared(instance, {**SETTINGS, **settings}, today=today)


def change(instance: Path, statement: str) -> None:
    with closing(sqlite3.connect(instance / DATABASE)) as database, database:
        database.execute(statement)


@pytest.fixture
def instance(_migrated: CampaignApp, tmp_path: Path) -> Path:
    """A folder with a database at the newest migration, which bears the stamp."""
    with closing(sqlite3.connect(_migrated.settings.instance / DATABASE)) as migrated, closing(sqlite3.connect(tmp_path / DATABASE)) as copy:
        migrated.backup(copy)
    assert not prepared(tmp_path)
    write_stamp(tmp_path, SETTINGS, today=TODAY)
    return tmp_path


def test_what_was_prepared_is_not_prepared_again(instance: Path) -> None:
    assert prepared(instance)
    assert prepared(instance, today=date(2026, 11, 30), MAIL_PORT="2525")


@pytest.mark.parametrize("name", list(SETTINGS))
def test_another_secret_or_password_is_prepared(instance: Path, name: str) -> None:
    assert not is_prepared(instance, {**SETTINGS, name: "another one"}, today=TODAY)


def test_another_month_is_prepared_since_review_days_move_on(instance: Path) -> None:
    assert not prepared(instance, today=date(2026, 12, 1))


def test_a_database_that_is_gone_is_made_again_and_looking_makes_none(instance: Path) -> None:
    (instance / DATABASE).unlink()
    assert not prepared(instance)
    assert not (instance / DATABASE).exists()


@pytest.mark.parametrize("content", [b"", b"no database at all, whatever its name says"])
def test_what_is_no_prepared_database_is_prepared(instance: Path, content: bytes) -> None:
    (instance / DATABASE).write_bytes(content)
    assert not prepared(instance)


@pytest.mark.parametrize("statement", ["UPDATE alembic_version SET version_num = '0001'", "DELETE FROM alembic_version", "PRAGMA user_version = 1"])
def test_a_database_at_an_older_version_or_of_another_copy_is_prepared(instance: Path, statement: str) -> None:
    change(instance, statement)
    assert not prepared(instance)


def test_a_database_of_ones_own_is_always_prepared(instance: Path) -> None:
    assert not prepared(instance, DATABASE_URL="postgresql://127.0.0.1/example")


@pytest.mark.parametrize("file", ["sample/cases.yaml", "migrations/versions/0001_first_tables.py", "campaign/commands/importing/cases.py", "config.py"])
def test_a_change_in_the_sample_or_the_code_is_another_stamp(tmp_path: Path, file: str) -> None:
    for pattern in MADE_OF:
        for path in ROOT.glob(pattern):
            copy = tmp_path / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copy)
    before = stamp_of(SETTINGS, version="0001", today=TODAY, root=tmp_path)
    assert before == stamp_of(SETTINGS, version="0001", today=TODAY)
    with (tmp_path / file).open("a") as text:
        text.write("# changed\n")
    assert stamp_of(SETTINGS, version="0001", today=TODAY, root=tmp_path) != before
