"""Alembic's environment: the application's engine and the models' tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import context
from flask import current_app
from sqlalchemy.engine import Connection

from campaign.db import Base


@contextmanager
def _without_foreign_keys(connection: Connection) -> Iterator[None]:
    """SQLite changes a table by making it anew and dropping the old one, and dropping deletes what refers to its rows.

    Outside of a transaction, where alone the setting can be changed: so the driver is asked itself.
    """
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "sqlite":
        yield
        return
    driver.execute("PRAGMA foreign_keys=OFF")
    try:
        yield
        broken = driver.execute("PRAGMA foreign_key_check").fetchall()
        if broken:
            raise RuntimeError(f"The migration left rows that refer to nothing: {broken[:5]}")
    finally:
        connection.rollback()  # whoever only read has a transaction open, in which the setting would silently stay as it is
        driver.execute("PRAGMA foreign_keys=ON")


def run_migrations() -> None:
    """Run them on the application's own connection, one transaction for all."""
    options: dict[str, Any] = {"target_metadata": Base.metadata, "compare_type": True, "compare_server_default": True}
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection, _without_foreign_keys(connection):
        context.configure(connection=connection, render_as_batch=connection.dialect.name == "sqlite", **options)
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
