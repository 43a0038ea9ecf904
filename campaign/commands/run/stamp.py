"""Whether a database was prepared by this very code, sample and logins: then a start has nothing to prepare.

The stamp stands in the database itself (SQLite's `user_version`, a number that is an application's to use), so that a file that was
taken away or put back tells for itself. A database of the person's own is always asked.
"""

import hashlib
import hmac
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from datetime import date
from pathlib import Path

from campaign.commands.run.part import ROOT
from campaign.commands.run.sample_secrets import DATABASE

MADE_OF = ("campaign/**/*.py", "migrations/**/*.py", "sample/*.yaml", "config.py")
LOGINS = ("SAMPLE_ORGANISER_PASSWORD", "SAMPLE_VOLUNTEER_PASSWORD")


def stamp_of(environment: Mapping[str, str], *, today: date, root: Path = ROOT) -> int:
    """A number for all that decides what preparing would do. The month is in it, because a sample's review days move on."""
    digest = hmac.new(environment["SECRET_KEY"].encode(), digestmod=hashlib.sha256)
    for path in sorted(path for pattern in MADE_OF for path in root.glob(pattern)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)}\0{len(content)}\0".encode() + content)
    digest.update("\0".join([f"{today:%Y-%m}", *(environment.get(name, "") for name in LOGINS)]).encode())
    return 1 + int.from_bytes(digest.digest()[:4], "big") % (2**31 - 1)  # user_version is signed, and 0 where nobody set it


def is_prepared(instance: Path, environment: Mapping[str, str], *, today: date) -> bool:
    """Whether the instance's own database bears the stamp, and is at the newest migration."""
    if "DATABASE_URL" in environment:
        return False
    try:
        with closing(sqlite3.connect(f"{(instance / DATABASE).as_uri()}?mode=rw", uri=True)) as database:
            (stamp,) = database.execute("PRAGMA user_version").fetchone()
            versions = database.execute("SELECT version_num FROM alembic_version").fetchall()
    except sqlite3.Error:
        return False
    newest = max(path.name.partition("_")[0] for path in (ROOT / "migrations" / "versions").glob("[0-9]*.py"))
    return versions == [(newest,)] and stamp == stamp_of(environment, today=today)


def write_stamp(instance: Path, environment: Mapping[str, str], *, today: date) -> None:
    """Say in the instance's own database that it is prepared."""
    if "DATABASE_URL" not in environment:
        with closing(sqlite3.connect(instance / DATABASE)) as database:
            database.execute(f"PRAGMA user_version = {stamp_of(environment, today=today)}")
