"""Load a folder of cases, offices, appeals and people: all of it or nothing, with every fault told by file and line."""

import argparse
import os
import sys
from pathlib import Path

from flask import Flask

from campaign.commands.folder import Folder, FolderFaults, read_folder
from campaign.commands.importing.load import ImportRefused, Login, load
from campaign.db import db, now_utc
from campaign.organisers.service import PasswordWeak

__all__ = ["ImportRefused", "Login", "add_arguments", "load", "run"]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The folder."""
    parser.add_argument("folder", type=Path, help="the folder that holds folder.yaml")


def run(arguments: argparse.Namespace, app: Flask) -> int:
    """Read, check, load, commit. Gives 1 where the folder has faults or does not fit the database; then nothing was changed."""
    try:
        folder = read_folder(arguments.folder)
        sample = bool(app.settings.sample)  # type: ignore[attr-defined]  # set in create_app
        logins = load(folder, now=now_utc(), sample=sample, passwords=_given(folder, "PASSWORD") if sample else {}, totp=_given(folder, "TOTP"))
    except FolderFaults as found:
        return _say_faults(found)
    except (ImportRefused, PasswordWeak) as refused:
        db.session.rollback()
        print(refused, "Nothing was imported.", sep="\n", file=sys.stderr)
        return 1
    db.session.commit()
    print(f"{arguments.folder}: cases {len(folder.cases)}, offices {len(folder.authorities)}, appeals {len(folder.appeals)}, open letters {len(folder.open_letters)}.")
    for login in logins:
        print(f"A login was made: {login.email}, password {login.password} (shown this once).")
    return 0


def _say_faults(found: FolderFaults) -> int:
    for fault in found.faults:
        print(fault, file=sys.stderr)
    word = "fault" if len(found.faults) == 1 else "faults"
    print(f"{len(found.faults)} {word}. Nothing was imported.", file=sys.stderr)
    return 1


def _given(folder: Folder, what: str) -> dict[str, str]:
    """What the environment gives the sample's people, by role: SAMPLE_ORGANISER_PASSWORD, SAMPLE_VOLUNTEER_TOTP."""
    given = {person.key: os.environ.get(f"SAMPLE_{person.role.upper()}_{what}", "") for person in folder.people}
    return {key: value for key, value in given.items() if value}
