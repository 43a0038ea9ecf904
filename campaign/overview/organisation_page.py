"""What the page of an organisation shows: who they are, their cases now and past, and how to help beyond letters."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from campaign.cases.models import Case
from campaign.cases.service import shown
from campaign.db import db
from campaign.organisers import organisations
from campaign.organisers.models import Organisation, OrganisationText
from campaign.organisers.organisations import Link
from campaign.overview.service import Person, with_calls
from campaign.text import one_language

MOST_CASES = 500


@dataclass(frozen=True)
class OrganisationPage:
    """The organisation, its words in one language, its links, and the people it campaigns or campaigned for."""

    organisation: Organisation
    words: OrganisationText | None
    links: list[Link]
    now: list[Person]
    past: list[Person]


def organisation_page(slug: str, *, now: datetime) -> OrganisationPage:
    """The public page of an organisation, with the cases that are public. Raises OrganisationUnknown."""
    organisation = organisations.find(slug)
    query = select(Case).where(Case.organisation_id == organisation.id, shown()).order_by(Case.featured.desc(), Case.slug).limit(MOST_CASES)
    people = with_calls(db.session.scalars(query.options(selectinload(Case.timeline))).all(), now=now)
    active = ("held", "restricted")
    return OrganisationPage(
        organisation,
        one_language(organisation.texts),
        organisations.links(organisation),
        now=[person for person in people if person.shape in active],
        past=[person for person in people if person.shape not in active],
    )
