"""What somebody at the desk may choose from for a drive: languages, cases, organisations."""

from dataclasses import dataclass

from sqlalchemy import select

from campaign.appeals.models import AppealText, Drive
from campaign.cases.models import Case
from campaign.db import db
from campaign.organisers import belonging
from campaign.organisers.models import Account, Organisation
from campaign.text import reading_language


@dataclass(frozen=True)
class Choices:
    """Languages of name and lead, the first one the page's; cases; partners; and `owners`, the organisations the drive may belong to."""

    languages: tuple[str, ...]
    cases: tuple[Case, ...]
    partners: tuple[Organisation, ...]
    owners: tuple[Organisation, ...]


def choices(account: Account, drive: Drive | None) -> Choices:
    """Their own cases and whatever is in the drive already; any organisation as a partner; their own organisations as owners."""
    organisations = db.session.scalars(select(Organisation).order_by(Organisation.slug)).all()
    own = belonging.own(account)
    owners = [one for one in organisations if own is None or one.id in own or (drive is not None and one.id == drive.organisation_id)]
    return Choices(_languages(drive), _cases(account, drive), tuple(organisations), tuple(owners))


def _languages(drive: Drive | None) -> tuple[str, ...]:
    used = set(db.session.scalars(select(AppealText.language).distinct())) | {text.language for text in (drive.texts if drive else ())}
    return (reading_language(), *sorted(used - {reading_language()}))


def _cases(account: Account, drive: Drive | None) -> tuple[Case, ...]:
    """Those in the drive in their order, then the others they work on."""
    inside = [part.case for part in drive.cases] if drive else []
    others = db.session.scalars(select(Case).where(belonging.condition(account, Case.organisation_id)).order_by(Case.slug))
    return (*inside, *(case for case in others if case not in inside))
