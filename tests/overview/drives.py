"""A drive of tests, plainly fictional: December, the cases in order, two partners that do not exist."""

from datetime import UTC, date, datetime
from typing import Any

from campaign.appeals.models import Appeal, Drive, DriveCase, DriveOrganisation, DriveText
from campaign.appeals.service import add_counts
from campaign.cases.models import Case
from campaign.db import db
from campaign.organisers.models import Organisation

STARTS, ENDS = date(2026, 12, 1), date(2026, 12, 31)


def make_drive(*cases: Case, slug: str = "test-drive", partners: tuple[Organisation, ...] = (), **values: Any) -> Drive:
    """A public drive with these cases."""
    drive = Drive(**{"slug": slug, "state": "public", "starts_on": STARTS, "ends_on": ENDS, "goal": 500, **values})
    drive.texts = [DriveText(language="en", name="Test letters in December", lead="Choose somebody."), DriveText(language="ru", name="Тестовые письма", lead="Выберите.")]
    drive.cases = [DriveCase(case_id=case.id, position=position) for position, case in enumerate(cases)]
    drive.partners = [DriveOrganisation(organisation_id=partner.id, position=position) for position, partner in enumerate(partners)]
    db.session.add(drive)
    db.session.commit()
    return drive


def act(appeal: Appeal, *, on: date, times: int, country: str = "NO") -> None:
    """So many actions on a day, as the worker would have counted them."""
    add_counts([(appeal.id, country, times)], days=[(appeal.id, on, times)])
    db.session.commit()


def noon(day: date) -> datetime:
    """The middle of a day."""
    return datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
