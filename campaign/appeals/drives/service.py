"""What can be known about drives: found, told apart by their dates, and what was done in them by kind, from kept counts alone."""

import uuid
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import selectinload

from campaign.appeals.models import KINDS, Appeal, AppealDay, Drive, DriveCase
from campaign.cases.models import Case
from campaign.cases.service import shown
from campaign.db import db


class DriveUnknown(Exception):
    """There is no such drive, or it is not public."""


def find_public(slug: str) -> Drive:
    """The public drive of this name, with its partners. Raises DriveUnknown."""
    drive = db.session.scalar(select(Drive).where(Drive.slug == slug, Drive.state == "public").options(selectinload(Drive.partners)))
    if drive is None:
        raise DriveUnknown(slug)
    return drive


def public_cases(drive: Drive) -> list[Case]:
    """The cases that take part, in its order, with their timelines; those alone that are public today."""
    query = select(Case).join(DriveCase, DriveCase.case_id == Case.id).where(DriveCase.drive_id == drive.id, shown())
    return list(db.session.scalars(query.order_by(DriveCase.position).options(selectinload(Case.timeline))))


def phase(drive: Drive, today: date) -> str:
    """`before`, `running` or `ended`. Days are UTC's, as those of the kept counts are."""
    return "before" if today < drive.starts_on else "running" if today <= drive.ends_on else "ended"


def done(drive: Drive) -> dict[str, int]:
    """How many actions of each kind were confirmed for its cases on its days. What was done for them before and after is not the drive's."""
    taking_part = select(DriveCase.case_id).where(DriveCase.drive_id == drive.id)
    on_its_days = AppealDay.day.between(drive.starts_on, drive.ends_on)
    query = select(Appeal.kind, func.sum(AppealDay.actions)).join(AppealDay, AppealDay.appeal_id == Appeal.id)
    found = dict(db.session.execute(query.where(Appeal.case_id.in_(taking_part), on_its_days).group_by(Appeal.kind)).all())
    return {kind: int(found.get(kind) or 0) for kind in KINDS}


def of_case(case_id: uuid.UUID, *, limit: int = 3) -> list[Drive]:
    """The public drives a case takes, or took, part in; the newest first."""
    query = select(Drive).join(DriveCase, DriveCase.drive_id == Drive.id).where(DriveCase.case_id == case_id, Drive.state == "public")
    return list(db.session.scalars(query.order_by(Drive.starts_on.desc()).limit(limit)))
