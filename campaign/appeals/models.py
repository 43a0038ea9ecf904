"""Appeals: one call to action each, with versions of its text, its targets and kept counts. Launches are what is typed before. Drives gather cases."""

import uuid
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.authorities.models import Authority
from campaign.cases.models import Case
from campaign.db import Base, WithId
from campaign.organisers.models import Organisation

KINDS = ("petition", "letter", "solidarity")
APPEAL_STATES: dict[str, frozenset[str]] = {
    "draft": frozenset({"in_review"}),
    "in_review": frozenset({"draft", "scheduled", "live"}),  # a second person reads it
    "scheduled": frozenset({"draft", "live"}),  # the worker makes it live at its moment
    "live": frozenset({"paused", "closed", "withdrawn"}),
    "paused": frozenset({"live", "closed", "withdrawn"}),
    "closed": frozenset({"archived", "withdrawn"}),  # takes nothing new; what was confirmed still leaves
    "archived": frozenset({"withdrawn"}),  # the same, read at its address and listed nowhere
    "withdrawn": frozenset(),
}
HIDDEN_STATES = ("draft", "in_review", "scheduled")
"""The states in which nobody but the desk knows of it."""
LEAVING_STATES = ("live", "closed", "archived")
"""The states in which what was confirmed may leave."""
DRIVE_STATES: dict[str, frozenset[str]] = {
    "draft": frozenset({"public"}),  # nobody but the desk knows of it
    "public": frozenset({"draft"}),
}


class Launch(WithId, Base):
    """What an organiser has typed for appeals that are launched together: `typed` as it came from the form, with whatever is missing.

    `edits` grows with each saving, so that two who edit it are told of each other.
    """

    __tablename__ = "launch"
    __table_args__ = (Index(None, "case_id"),)

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id"))
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))
    typed: Mapped[dict[str, Any]] = mapped_column(JSON)
    edits: Mapped[int] = mapped_column(default=0)
    edited_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    edited_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # published, or thrown away
    case: Mapped[Case] = relationship(lazy="joined")


class Appeal(WithId, Base):
    """A call to action for a case. `milestone` is the one it works towards, `actions` the kept total."""

    __tablename__ = "appeal"
    __table_args__ = (
        Index(None, "case_id"),
        CheckConstraint(f"kind IN ({', '.join(repr(kind) for kind in KINDS)})", "kind"),
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in APPEAL_STATES)})", "state"),
    )
    __public__ = True

    slug: Mapped[str] = mapped_column(unique=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="draft")
    act_before: Mapped[date]  # closes at the end of that day, anywhere on earth
    milestones: Mapped[list[int]]
    actions: Mapped[int] = mapped_column(default=0)
    channels: Mapped[list[str]]  # of "email", "print", "self"
    batch_size: Mapped[int] = mapped_column(default=50)
    batch_age_minutes: Mapped[int] = mapped_column(default=1440)
    collect_lines: Mapped[list[str] | None]  # where solidarity messages are collected: never a prison or a family
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))  # whose it is
    launch_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("launch.id"))  # what was typed at the desk before it was published
    goes_live_at: Mapped[datetime | None]  # of one that is scheduled
    case: Mapped[Case] = relationship(lazy="joined")
    versions: Mapped[list["AppealVersion"]] = relationship(cascade="all, delete-orphan", order_by="AppealVersion.number")
    targets: Mapped[list["AppealTarget"]] = relationship(cascade="all, delete-orphan", order_by="AppealTarget.position")


class AppealVersion(WithId, Base):
    """One version of an appeal's words. What was signed under it never changes."""

    __tablename__ = "appeal_version"
    __table_args__ = (UniqueConstraint("appeal_id", "number"),)
    __public__ = True

    appeal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appeal.id", ondelete="CASCADE"))
    number: Mapped[int]
    published_at: Mapped[datetime]
    demands: Mapped[list[str]] = mapped_column(default=list)  # what it asks for, in the case's words for demands; none: all that the case asks
    texts: Mapped[list["AppealText"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class AppealText(Base):
    """The words of one version in one language, in Markdown."""

    __tablename__ = "appeal_text"
    __public__ = True

    version_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appeal_version.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    summary: Mapped[str]
    text: Mapped[str]
    subject: Mapped[str] = mapped_column(default="")  # of a letter sent by e-mail
    outline: Mapped[str] = mapped_column(default="")  # what a letter may start from
    rules: Mapped[str] = mapped_column(default="")  # what a solidarity message must not say


class AppealTarget(WithId, Base):
    """An office the appeal is addressed to. `salutations` override the office's own, by language."""

    __tablename__ = "appeal_target"
    __table_args__ = (UniqueConstraint("appeal_id", "authority_id"),)
    __public__ = True

    appeal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appeal.id", ondelete="CASCADE"))
    authority_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("authority.id"))
    position: Mapped[int]
    salutations: Mapped[dict[str, str]]
    authority: Mapped[Authority] = relationship(lazy="joined")


class AppealCount(Base):
    """Actions of an appeal by country, kept by the worker; `reconcile` proves it."""

    __tablename__ = "appeal_count"
    __public__ = True

    appeal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appeal.id", ondelete="CASCADE"), primary_key=True)
    country: Mapped[str] = mapped_column(primary_key=True)
    actions: Mapped[int] = mapped_column(default=0)


class AppealDay(Base):
    """Actions of an appeal by the day (UTC) on which they were confirmed, kept by the worker; `reconcile` proves it."""

    __tablename__ = "appeal_day"
    __public__ = True

    appeal_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("appeal.id", ondelete="CASCADE"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    actions: Mapped[int] = mapped_column(default=0)


class Drive(WithId, Base):
    """A season that gathers cases under one name, one goal and two dates. `edits` grows with each saving, so that two who edit it are told."""

    __tablename__ = "drive"
    __table_args__ = (
        CheckConstraint(f"state IN ({', '.join(repr(state) for state in DRIVE_STATES)})", "state"),
        CheckConstraint("starts_on <= ends_on", "dates"),
    )
    __public__ = True

    slug: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default="draft")
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    goal: Mapped[int]
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))  # whose it is
    texts: Mapped[list["DriveText"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    edits: Mapped[int] = mapped_column(default=0)
    cases: Mapped[list["DriveCase"]] = relationship(cascade="all, delete-orphan", order_by="DriveCase.position")
    partners: Mapped[list["DriveOrganisation"]] = relationship(cascade="all, delete-orphan", order_by="DriveOrganisation.position")


class DriveText(Base):
    """A drive's name and lead in one language."""

    __tablename__ = "drive_text"
    __public__ = True

    drive_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("drive.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    lead: Mapped[str]


class DriveCase(Base):
    """A case in a drive."""

    __tablename__ = "drive_case"
    __public__ = True

    drive_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("drive.id", ondelete="CASCADE"), primary_key=True)
    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]
    case: Mapped[Case] = relationship(lazy="joined")


class DriveOrganisation(Base):
    """An organisation that carries a drive as a partner."""

    __tablename__ = "drive_organisation"
    __public__ = True

    drive_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("drive.id", ondelete="CASCADE"), primary_key=True)
    organisation_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int]
    organisation: Mapped[Organisation] = relationship(lazy="joined")
