"""A checked folder into the database: all of it in the caller's one transaction, or nothing."""

from datetime import datetime

from campaign.commands.folder import Folder
from campaign.commands.importing.appeals import ImportRefused, load_appeals, load_open_letters
from campaign.commands.importing.authorities import load_authorities
from campaign.commands.importing.cases import load_cases
from campaign.commands.importing.drives import load_drives
from campaign.commands.importing.partners import load_partners
from campaign.commands.importing.people import Login, load_people
from campaign.db import Site, db

__all__ = ["ImportRefused", "Login", "load"]


def load(folder: Folder, *, now: datetime, sample: bool, passwords: dict[str, str] | None = None, totp: dict[str, str] | None = None) -> list[Login]:
    """Make the database say what the folder says, and flush. Loading the same again changes nothing.

    What the folder does not name stays as it is. `passwords`, by a person's key, are set where they are given; for a new
    person without one it is made. `totp`: the same for their one-time codes, in sample mode. Gives the logins that were made, for showing once.
    Raises ImportRefused where the folder's mode is not the database's, or an appeal became another one.
    """
    _check_mode(folder, sample=sample)
    cases = load_cases(folder, now=now, sample=sample)
    authorities = load_authorities(folder, now=now, sample=sample)
    db.session.flush()
    load_appeals(folder, cases, authorities, now=now)
    load_drives(folder, cases)
    load_open_letters(folder)
    logins = load_people(folder, now=now, passwords=passwords or {}, totp=(totp or {}) if sample else None)
    db.session.flush()
    load_partners(folder, cases)
    db.session.flush()
    return logins


def _check_mode(folder: Folder, *, sample: bool) -> None:
    site = db.session.get(Site, 1)
    if site is None:
        raise ImportRefused("The database is not made yet. Run “python -m campaign migrate” first.")
    if site.sample != sample:
        raise ImportRefused("The database was made in the other mode (SAMPLE): a sample and real work never share one.")
    if folder.manifest.sample and not sample:
        raise ImportRefused("This folder is a sample (folder.yaml, sample: true): it is loaded in sample mode only.")
    if sample and not folder.manifest.sample:
        raise ImportRefused("This folder is real (folder.yaml, sample: false): it is not loaded in sample mode, where its mailboxes would count as verified.")
