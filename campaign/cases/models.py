"""Cases: the person, every spelling of the name, status, timeline with sources, demands. Content has one row per language."""

import uuid
from datetime import date, datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, PartialDate, WithId

HELD = ("pre_trial_detention", "house_arrest", "on_trial", "imprisoned", "psychiatric_detention")
RESTRICTED = ("travel_ban", "restricted_freedom", "probation")
FREE = ("pardoned", "acquitted", "released")
STATUSES = (*HELD, *RESTRICTED, *FREE, "died_in_custody")
NameKind = Literal["main", "native", "other"]


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", column)


class Case(WithId, Base):
    """A defender and what is done to them. `as_of` is the day of the newest news, `checked_on` the day its facts were last checked."""

    __tablename__ = "case_file"
    __table_args__ = (_one_of("status", STATUSES), CheckConstraint("basis = 'public_sources'", "basis"))
    __public__ = True

    slug: Mapped[str] = mapped_column(unique=True)
    country: Mapped[str]
    status: Mapped[str]
    as_of: Mapped[PartialDate]
    held_since: Mapped[date | None]
    checked_on: Mapped[date]
    review_on: Mapped[date]  # past this day the case can be read and its actions are closed
    confidence: Mapped[str]
    pronoun: Mapped[str | None]
    basis: Mapped[str] = mapped_column(default="public_sources")  # why the case may be public
    featured: Mapped[bool] = mapped_column(default=False)
    demands: Mapped[list[str]]
    stopped_at: Mapped[datetime | None]  # set: nothing leaves, nothing is taken
    organisation_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("organisation.id"))  # whose it is
    names: Mapped[list["CaseName"]] = relationship(cascade="all, delete-orphan", lazy="selectin", order_by="CaseName.position")
    texts: Mapped[list["CaseText"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    timeline: Mapped[list["TimelineEntry"]] = relationship(cascade="all, delete-orphan", order_by="TimelineEntry.position")
    source_links: Mapped[list["CaseSource"]] = relationship(cascade="all, delete-orphan", order_by="CaseSource.position")


class CaseName(WithId, Base):
    """One spelling of the name, and how it is searched: folded to plain letters, and to Latin ones."""

    __tablename__ = "case_name"
    __table_args__ = (Index(None, "case_id"), _one_of("kind", ("main", "native", "other")))
    __public__ = True

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    position: Mapped[int]
    kind: Mapped[str]
    text: Mapped[str]
    search: Mapped[str]


class CaseText(Base):
    """What a case says in one language: roles, and a note where sources conflict."""

    __tablename__ = "case_text"
    __public__ = True

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    roles: Mapped[list[str]]
    note: Mapped[str | None]


class Source(WithId, Base):
    """Where a fact comes from. The publisher is a name; what was published is told in `texts`."""

    __tablename__ = "source"
    __public__ = True

    key: Mapped[str] = mapped_column(unique=True)
    publisher: Mapped[str]
    published_on: Mapped[PartialDate | None]
    texts: Mapped[list["SourceText"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class SourceText(Base):
    """What was published, in our words, in one language."""

    __tablename__ = "source_text"
    __public__ = True

    source_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("source.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]


class CaseSource(Base):
    """The sources of a case, in order."""

    __tablename__ = "case_source"
    __public__ = True

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"), primary_key=True)
    source_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("source.id"), primary_key=True)
    position: Mapped[int]
    source: Mapped[Source] = relationship(lazy="joined")


class TimelineEntry(WithId, Base):
    """One dated event, with its source."""

    __tablename__ = "timeline_entry"
    __table_args__ = (Index(None, "case_id"),)
    __public__ = True

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    position: Mapped[int]
    day: Mapped[PartialDate]
    kind: Mapped[str]
    source_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("source.id"))
    source: Mapped[Source] = relationship(lazy="joined")
    texts: Mapped[list["TimelineText"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class TimelineText(Base):
    """What happened, in one language."""

    __tablename__ = "timeline_text"
    __public__ = True

    entry_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("timeline_entry.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    text: Mapped[str]
