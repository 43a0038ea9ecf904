"""Seal everything anew with the current data key (the first of DATA_KEYS), a thousand rows at a time. Then the old key can go."""

import argparse
from collections.abc import Iterator

from flask import Flask
from sqlalchemy import select

from campaign.db import Base, Encrypted, db
from campaign.security.keys import ring

STEP = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`rotate`, the one thing that can be done with keys here."""
    parser.add_argument("what", choices=["rotate"])


def run(arguments: argparse.Namespace, app: Flask) -> int:
    """Go through every table that has sealed columns. Safe to stop and to run again."""
    for model, sealed in sealed_columns():
        print(f"{model.__tablename__}: {rotate(model, sealed)} rows sealed anew")
    return 0


def sealed_columns() -> Iterator[tuple[type[Base], list[str]]]:
    """Each model that keeps something sealed, with the names of what it keeps so."""
    for mapper in sorted(Base.registry.mappers, key=lambda mapper: mapper.class_.__tablename__):
        sealed = [name for name, value in vars(mapper.class_).items() if isinstance(value, Encrypted)]
        if sealed:
            yield mapper.class_, sealed


def rotate(model: type[Base], sealed: list[str]) -> int:
    """Seal the rows of one table anew where they are not sealed with the current key. Commits after each thousand."""
    changed, last = 0, None
    identity = model.__table__.c.id
    while True:
        query = select(model).order_by(identity).limit(STEP).with_for_update()
        rows = db.session.scalars(query if last is None else query.where(identity > last)).all()
        if not rows:
            return changed
        for row in rows:
            for name in sealed:
                kept = getattr(row, f"{name}_sealed")
                if kept is not None and not ring().is_current(kept):
                    setattr(row, name, getattr(row, name))
                    changed += 1
        last = rows[-1].id
        db.session.commit()
        db.session.expunge_all()
