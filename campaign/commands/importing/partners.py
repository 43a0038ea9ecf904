"""Organisations that campaign here, into the database: their pages, their people, and what belongs to them."""

from sqlalchemy import select

from campaign.appeals.models import Appeal, Drive
from campaign.cases.models import Case
from campaign.commands.folder import Folder, schema
from campaign.commands.importing.rows import find, find_or_add, keep, keep_rows
from campaign.db import db
from campaign.organisers.models import Membership, Organisation, OrganisationText
from campaign.organisers.service import find_account


def load_partners(folder: Folder, cases: dict[str, Case]) -> None:
    """Keep the organisations. Who belongs to one already stays; whether a second person looks is said at the desk alone."""
    addresses = {person.key: person.email for person in folder.people}
    for said in folder.partners:
        organisation = find_or_add(Organisation, {"slug": said.key}, links=[f"{link.kind} {link.address}" for link in said.links])
        texts = [OrganisationText(language=language, name=words.name, about=words.about) for language, words in said.texts.items()]
        keep_rows(organisation.texts, texts, facts=lambda row: (row.language, row.name, row.about))
        db.session.flush()
        _own(said, organisation, cases)
        for key in said.people:
            _belong(addresses[key], organisation)


def _own(said: schema.Partner, organisation: Organisation, cases: dict[str, Case]) -> None:
    for slug in said.cases:
        keep(cases[slug], organisation_id=organisation.id)
        for appeal in db.session.scalars(select(Appeal).where(Appeal.case_id == cases[slug].id)):
            keep(appeal, organisation_id=organisation.id)
    for key in said.drives:
        drive = find(Drive, slug=key)
        if drive is not None:
            keep(drive, organisation_id=organisation.id)


def _belong(email: str, organisation: Organisation) -> None:
    account = find_account(email=email)
    if account is not None and db.session.get(Membership, (account.id, organisation.id)) is None:
        db.session.add(Membership(account_id=account.id, organisation_id=organisation.id))
