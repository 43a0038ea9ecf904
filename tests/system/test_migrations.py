"""The migrations make what the models say, on both databases, and can be taken back."""

from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, Column, Engine, Integer, Table, inspect
from sqlalchemy.exc import DatabaseError

from campaign.app import create_app
from campaign.commands.folder import read_folder
from campaign.commands.importing.load import load
from campaign.db import Base, Site, db, now_utc
from tests.conftest import make_settings
from tests.overview.sample import SAMPLE
from tests.system.migrations import faults_of_migrations

FIRST = ("account", "appeal", "appeal_target", "appeal_text", "appeal_version", "authority", "case_file", "case_name", "drive", "drive_case", "drive_text", "mailbox")


@pytest.fixture(params=["sqlite", "postgres"])
def empty_database(request: pytest.FixtureRequest) -> str:
    """The address of an empty database, of each kind in turn; SQLite makes its own in the instance folder."""
    return "" if request.param == "sqlite" else str(request.getfixturevalue("new_postgres_url"))


@pytest.fixture
def planted_table() -> Iterator[Table]:
    """A table of the models that no migration makes."""
    table = Table("planted", Base.metadata, Column("id", Integer, primary_key=True))
    yield table
    Base.metadata.remove(table)


@pytest.fixture
def planted_rule() -> Iterator[CheckConstraint]:
    """A rule of a table of the models that no migration adds."""
    table = Base.metadata.tables["case_file"]
    rule = CheckConstraint("slug <> 'planted'", name="planted")
    table.append_constraint(rule)
    yield rule
    table.constraints.remove(rule)


def test_migrations_make_what_the_models_say_and_go_down_and_up_again(empty_database: str, tmp_path: Path) -> None:
    assert faults_of_migrations(database=empty_database, instance=tmp_path) == []


def test_a_table_without_a_migration_is_noticed(empty_database: str, tmp_path: Path, planted_table: Table) -> None:
    faults = faults_of_migrations(database=empty_database, instance=tmp_path)
    assert any("planted" in fault for fault in faults)


def test_a_rule_without_a_migration_is_noticed(empty_database: str, tmp_path: Path, planted_rule: CheckConstraint) -> None:
    faults = faults_of_migrations(database=empty_database, instance=tmp_path)
    assert any("ck_case_file_planted" in fault for fault in faults)


def test_a_database_that_holds_something_is_not_taken_down(empty_database: str, tmp_path: Path) -> None:
    assert faults_of_migrations(database=empty_database, instance=tmp_path) == []
    assert faults_of_migrations(database=empty_database, instance=tmp_path) == ["The database is not empty: this check takes it down to nothing."]


def test_going_back_and_forth_loses_no_row(empty_database: str, tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path, database_url=empty_database))
    with app.app_context():
        upgrade()
        db.session.add(Site(id=1, sample=True))
        db.session.commit()
        load(read_folder(SAMPLE), now=now_utc(), sample=True)
        db.session.commit()
        db.session.remove()
        before = _rows(db.engine)
        downgrade(revision="0001")
        upgrade()
        assert _rows(db.engine) == before
        assert sum(before.values()) > 100
        db.engine.dispose()


def test_after_migrating_foreign_keys_are_watched_over_again(tmp_path: Path) -> None:
    app = create_app(make_settings(tmp_path))
    changes: list[Callable[[], None]] = [upgrade, upgrade, partial(downgrade, revision="0002"), _a_migration_that_fails, upgrade]  # the second has nothing to do
    with app.app_context():
        for change in changes:
            change()
            with db.engine.connect() as connection:
                assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1
        db.engine.dispose()


def _a_migration_that_fails() -> None:
    with db.engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE organisation (in_the_way INTEGER)")
    with pytest.raises(DatabaseError):
        upgrade()
    with db.engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE organisation")


def _rows(engine: Engine) -> dict[str, int]:
    # What the first version does not have is empty afterwards.
    first = [name for name in inspect(engine).get_table_names() if name in FIRST]
    with engine.connect() as connection:
        return {name: connection.exec_driver_sql(f'SELECT count(*) FROM "{name}"').scalar_one() for name in first}
