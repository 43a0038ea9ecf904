"""Fixtures of every test: an application on a real database, a client, a clock that stands still when asked to."""

import base64
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import g, has_app_context
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy.engine import Connection

from campaign.app import CampaignApp, create_app
from campaign.db import Base, Site, db
from campaign.organisers.limits import LoginLimits
from config import Settings

pytest_plugins = ["tests.services", "tests.browser.together"]


def make_settings(instance: Path, **values: object) -> Settings:
    """Settings of a test: keys made for it, nothing read from the environment that it does not name."""
    return Settings.model_validate(
        {
            "sample": True,
            "instance": instance,
            "secret_key": base64.b64encode(os.urandom(32)).decode(),
            "data_keys": "a:" + base64.b64encode(os.urandom(32)).decode(),
            "index_key": base64.b64encode(os.urandom(32)).decode(),
            "database_url": "",
            **values,
        }
    )


class Browser(FlaskClient):
    """A test's application context lasts longer than a request: what a request put aside in `g` must not reach the next one."""

    def open(self, *args: Any, **values: Any) -> Any:
        for name in list(g) if has_app_context() else ():
            g.pop(name)
        return super().open(*args, **values)


@pytest.fixture(scope="session")
def _migrated(tmp_path_factory: pytest.TempPathFactory) -> CampaignApp:
    """One migrated SQLite database a test process."""
    app = create_app(make_settings(tmp_path_factory.mktemp("instance")))
    with app.app_context():
        upgrade()
    return app


@pytest.fixture(scope="session")
def _migrated_postgres(tmp_path_factory: pytest.TempPathFactory, postgres_url: str) -> CampaignApp:
    """One migrated PostgreSQL database a test process."""
    app = create_app(make_settings(tmp_path_factory.mktemp("instance"), database_url=postgres_url))
    with app.app_context():
        upgrade()
    return app


@contextmanager
def _trail_let_go(connection: Connection) -> Iterator[None]:
    """The trail refuses to be emptied. Between two tests, and only there, it is."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("ALTER TABLE audit_entry DISABLE TRIGGER USER")
        yield
        connection.exec_driver_sql("ALTER TABLE audit_entry ENABLE TRIGGER USER")
        return
    triggers = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'").all()
    for name, _made in triggers:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _name, made in triggers:
        connection.exec_driver_sql(made)


def _fresh(app: CampaignApp) -> Iterator[CampaignApp]:
    # Emptied, not rolled back: the code under test commits, and other processes must see what it committed.
    app.test_client_class = Browser
    # Limits of its own: together the tests log in more often than anybody may from one address.
    app.extensions["login_limits"] = LoginLimits(app.settings.redis_url, prefix=f"test-{secrets.token_hex(8)}:")
    with app.app_context():
        with db.engine.begin() as connection, _trail_let_go(connection):
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(table.delete())
        # A stamp that no test before had: pages kept from another test are not taken for this one's.
        db.session.add(Site(id=1, sample=True, stamp=secrets.randbelow(2**30)))
        db.session.commit()
        yield app
        db.session.rollback()
        db.session.remove()


@pytest.fixture
def app(_migrated: CampaignApp) -> Iterator[CampaignApp]:
    """The application on an empty SQLite database, inside its context."""
    _hold(_migrated)
    yield from _fresh(_migrated)


@pytest.fixture
def postgres_app(_migrated_postgres: CampaignApp) -> Iterator[CampaignApp]:
    """The application on an empty PostgreSQL database, inside its context."""
    _hold(_migrated_postgres)
    yield from _fresh(_migrated_postgres)


def _hold(app: CampaignApp) -> None:
    # Keys are held per process, and tests use several applications in one.
    from campaign.security import keys, tokens

    keys.hold(keys.KeyRing(app.settings.ring, next(iter(app.settings.ring)), app.settings.index_bytes))
    tokens.hold_secret(app.settings.secret_key)


@pytest.fixture(params=["sqlite", "postgres"])
def any_app(request: pytest.FixtureRequest) -> CampaignApp:
    """The application on each database in turn."""
    app: CampaignApp = request.getfixturevalue("app" if request.param == "sqlite" else "postgres_app")
    return app


@pytest.fixture
def client(app: CampaignApp) -> FlaskClient:
    """A browser without scripts, more or less."""
    return app.test_client()
