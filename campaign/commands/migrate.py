"""Bring the database to the newest version, and write down in which mode it was made."""

import argparse

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select

from campaign.db import Site, db


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace, app: Flask) -> int:
    """Migrate, then make the site's one row where it is missing."""
    upgrade()
    if db.session.scalar(select(Site)) is None:
        db.session.add(Site(id=1, sample=app.settings.sample, stamp=0))  # type: ignore[attr-defined]  # set in create_app
        db.session.commit()
    return 0
