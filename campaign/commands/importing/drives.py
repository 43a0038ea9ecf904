"""Drives of a folder, and the organisations that carry them, into the database."""

from campaign.appeals.models import Drive, DriveCase, DriveOrganisation, DriveText
from campaign.cases.models import Case
from campaign.commands.folder import Folder
from campaign.commands.importing.rows import find, keep, keep_rows
from campaign.db import db
from campaign.organisers.models import Organisation, OrganisationText


def load_drives(folder: Folder, cases: dict[str, Case]) -> None:
    """Keep the drives with their texts, cases and partners. A new one is public; one that was taken back to the desk stays there."""
    groups = _load_groups(folder)
    for said in folder.drives:
        values = {"starts_on": said.starts, "ends_on": said.ends, "goal": said.goal}
        drive = find(Drive, slug=said.key)
        if drive is None:
            drive = Drive(slug=said.key, state="public", **values)
            db.session.add(drive)
        else:
            keep(drive, **values)
        texts = [DriveText(language=language, name=words.name, lead=words.lead) for language, words in said.texts.items()]
        keep_rows(drive.texts, texts, facts=lambda row: (row.language, row.name, row.lead))
        gathered = [DriveCase(case_id=cases[slug].id, position=position) for position, slug in enumerate(said.cases)]
        keep_rows(drive.cases, gathered, facts=lambda row: (row.position, row.case_id))
        partners = [DriveOrganisation(organisation_id=groups[key].id, position=position) for position, key in enumerate(said.partners)]
        keep_rows(drive.partners, partners, facts=lambda row: (row.position, row.organisation_id))


def _load_groups(folder: Folder) -> dict[str, Organisation]:
    """Keep the organisations that campaign, and give them by key."""
    groups = {}
    for said in folder.groups:
        group = find(Organisation, slug=said.key)
        if group is None:
            group = Organisation(slug=said.key, links=[])
            db.session.add(group)
        texts = [OrganisationText(language=language, name=words.name, about=words.about) for language, words in said.texts.items()]
        keep_rows(group.texts, texts, facts=lambda row: (row.language, row.name, row.about))
        groups[said.key] = group
    return groups
