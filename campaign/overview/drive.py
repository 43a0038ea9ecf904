"""What the page of a drive shows: who takes part, who carries it, and how far it has come."""

from dataclasses import dataclass
from datetime import datetime

from campaign.appeals.drives import service as drives
from campaign.appeals.models import Drive
from campaign.db import db
from campaign.organisers.models import Organisation
from campaign.overview import cloth
from campaign.overview.service import Person, with_calls


@dataclass(frozen=True)
class DrivePage:
    """A drive. `phase`: `before`, `running` or `ended`; `days`: until it begins, or until it ends. `done`: actions by kind, on its days."""

    drive: Drive
    phase: str
    days: int
    people: list[Person]
    organisations: list[Organisation]
    done: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.done.values())

    @property
    def with_sheets(self) -> list[Person]:
        """Those for whom something is open, so that there is something to print for an evening; nobody once the drive has ended."""
        return [person for person in self.people if person.calls] if self.phase != "ended" else []

    @property
    def woven(self) -> str:
        """The way to the goal as weaving, in colours of the drive's own."""
        return cloth.woven(self.drive.slug, cloth.threads_woven(self.total, self.drive.goal))


def drive_page(slug: str, *, now: datetime) -> DrivePage:
    """A public drive. Raises DriveUnknown."""
    drive, today = drives.find_public(slug), now.date()
    phase = drives.phase(drive, today)
    owner = db.session.get(Organisation, drive.organisation_id) if drive.organisation_id else None
    partners = [part.organisation for part in drive.partners if part.organisation is not owner]
    return DrivePage(
        drive=drive,
        phase=phase,
        days=((drive.starts_on if phase == "before" else drive.ends_on) - today).days,
        people=with_calls(drives.public_cases(drive), now=now),
        organisations=[*([owner] if owner else []), *partners],
        done=drives.done(drive),
    )
