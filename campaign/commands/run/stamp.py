"""Whether a database was prepared by this very code, sample and logins: then a start has nothing to prepare.

The stamp stands in the database itself (SQLite's `user_version`, a number that is an application's to use), so that a file that was
taken away or put back tells for itself. A database of the person's own is always asked.
"""

import hashlib
import hmac
import sqlite3
from collections.abc import Mapping
from contextlib import closing, suppress
from datetime import date
from pathlib import Path

from campaign.commands.run.part import ROOT
from campaign.commands.run.sample_secrets import DATABASE

MADE_OF = ("campaign/**/*.py", "migrations/**/*.py", "sample/*.yaml", "config.py")
LOGINS = ("SAMPLE_ORGANISER_PASSWORD", "SAMPLE_VOLUNTEER_PASSWORD")


def stamp_of(environment: Mapping[str, str], *, version: str, today: date, root: Path = ROOT) -> int:
    """A number for all that decides what preparing would do to a database at this version. The month is in it, because a sample's review days move on."""
    digest = hmac.new(environment["SECRET_KEY"].encode(), digestmod=hashlib.sha256)
    for path in sorted(path for pattern in MADE_OF for path in root.glob(pattern)):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(root)}\0{len(content)}\0".encode() + content)
    digest.update("\0".join([version, f"{today:%Y-%m}", *(environment.get(name, "") for name in LOGINS)]).encode())
    return 1 + int.from_bytes(digest.digest()[:4], "big") % (2**31 - 1)  # user_version is signed, and 0 where nobody set it


def is_prepared(instance: Path, environment: Mapping[str, str], *, today: date) -> bool:
    """Whether the instance's own database bears the stamp, and is at the version at which it got it."""
    if "DATABASE_URL" in environment:
        return False
    try:
        with closing(_opened(instance)) as database:
            (stamp,) = database.execute("PRAGMA user_version").fetchone()
            return bool(stamp == stamp_of(environment, version=_version(database), today=today))
    except sqlite3.Error:
        return False


def write_stamp(instance: Path, environment: Mapping[str, str], *, today: date) -> None:
    """Say in the instance's own database that it is prepared. Where that cannot be said, the next start prepares again."""
    if "DATABASE_URL" not in environment:
        with suppress(sqlite3.Error), closing(_opened(instance)) as database:
            database.execute(f"PRAGMA user_version = {stamp_of(environment, version=_version(database), today=today)}")


def _opened(instance: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{(instance / DATABASE).as_uri()}?mode=rw", uri=True)  # without making one


def _version(database: sqlite3.Connection) -> str:
    return str(database.execute("SELECT version_num FROM alembic_version").fetchall())
