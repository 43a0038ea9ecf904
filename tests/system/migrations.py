"""Check that the migrations make what the models say, go down to nothing, and up again; on an empty database that is made for it."""

import base64
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from flask_migrate import downgrade, upgrade
from sqlalchemy import Engine, inspect

from campaign.app import create_app
from campaign.db import Base, db
from config import Settings

VERSIONS = "alembic_version"

Shape = dict[str, dict[str, Any]]


def faults_of_migrations(*, database: str, instance: Path) -> list[str]:
    """What is wrong, in sentences: up, compare, down, up again. The database must be empty, and holds all tables afterwards."""
    made_up = [base64.b64encode(secrets.token_bytes(32)).decode() for _ in range(3)]
    keys = dict(zip(("secret_key", "data_keys", "index_key"), made_up, strict=True))
    app = create_app(Settings.model_validate({**keys, "sample": True, "instance": instance, "database_url": database}))
    with app.app_context():
        engine = db.engine
        if inspect(engine).get_table_names():
            return ["The database is not empty: this check takes it down to nothing."]
        upgrade()
        first = shape_of(engine)
        faults = [f"The migrations and the models differ: {text}" for text in _compare(engine, Base.metadata)]
        downgrade(revision="base")
        faults += [f"Going down leaves the table {name} behind." for name in sorted(shape_of(engine))]
        if not faults:
            faults += _compare_with_models(engine, first, Base.metadata)
        upgrade()
        faults += [f"Up again is not what it was: {text}" for text in differences(first, shape_of(engine))]
        engine.dispose()
    return faults


def _compare_with_models(engine: Engine, migrated: Shape, metadata: Any) -> list[str]:
    """Alembic compares no CHECK and little of an index: so make the models' tables beside and ask the database about both."""
    metadata.create_all(engine)
    made = shape_of(engine)
    metadata.drop_all(engine)
    return [f"The migrations and the models differ: {text}" for text in differences(migrated, made)]


def _compare(engine: Engine, metadata: Any) -> list[str]:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        return [str(difference) for difference in compare_metadata(context, metadata)]


def shape_of(engine: Engine) -> Shape:
    """Tables, columns, keys, indexes and constraints, as the database itself tells them."""
    inspector = inspect(engine)
    readers: dict[str, Callable[..., Any]] = {
        "column": inspector.get_columns,
        "foreign key": inspector.get_foreign_keys,
        "unique": inspector.get_unique_constraints,
        "index": inspector.get_indexes,
        "check": inspector.get_check_constraints,
    }
    shape: Shape = {}
    for table in inspector.get_table_names():
        if table == VERSIONS:
            continue
        parts = {f"{kind} {part['name']}": _plain(part) for kind, read in readers.items() for part in read(table)}
        shape[table] = {**parts, "primary key": _plain(inspector.get_pk_constraint(table))}
    return shape


def _plain(part: Any) -> str:
    """A text that is the same for the same thing: white space in an SQL text says nothing."""
    if isinstance(part, dict):
        part = sorted(f"{key}={_plain(value)}" for key, value in part.items() if key != "comment")
    return " ".join(str(part).split())


def differences(one: Shape, other: Shape) -> list[str]:
    """What stands in only one of two shapes, or differs, in sentences."""
    faults = [f"the table {table} is in only one of them" for table in sorted(one.keys() ^ other.keys())]
    for table in sorted(one.keys() & other.keys()):
        names = sorted(one[table].keys() | other[table].keys())
        faults += [f"{table}, {name}: {one[table].get(name)} / {other[table].get(name)}" for name in names if one[table].get(name) != other[table].get(name)]
    return faults
