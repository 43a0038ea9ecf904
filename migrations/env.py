"""Alembic's environment: the application's engine and the models' tables."""

from typing import Any

from alembic import context
from flask import current_app

from campaign.db import Base


def run_migrations() -> None:
    """Run them on the application's own connection, one transaction for all."""
    options: dict[str, Any] = {"target_metadata": Base.metadata, "compare_type": True, "compare_server_default": True}
    engine = current_app.extensions["migrate"].db.engine
    with engine.connect() as connection:
        context.configure(connection=connection, render_as_batch=connection.dialect.name == "sqlite", **options)
        with context.begin_transaction():
            context.run_migrations()


run_migrations()
