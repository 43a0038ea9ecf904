"""Cases: the person, every spelling of the name, status, timeline with sources, demands. Content has one row per language."""

import uuid
from datetime import date, datetime
from typing import Literal

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, Encrypted, PartialDate, WithId, sealed_column

HELD = ("pre_trial_detention", "house_arrest", "on_trial", "imprisoned", "psychiatric_detention")
RESTRICTED = ("travel_ban", "restricted_freedom", "probation")
FREE = ("pardoned", "acquitted", "released")
STATUSES = (*HELD, *RESTRICTED, *FREE, "died_in_custody")
PUBLICATION: dict[str, frozenset[str]] = {
    "draft": frozenset({"public"}),
    "public": frozenset({"hidden"}),
    "hidden": frozenset({"public"}),  # what was public once is never a draft again: pages link to it
}
BASES = ("public_sources", "consent")
"""Why a case may be public: its sources are, or somebody agreed."""
GIVERS = ("person", "family", "lawyer")
COVERS = ("name", "story", "photo", "address")
"""To what somebody agrees. A case needs the first two to be public."""
REPORT_KINDS = ("mistake", "removal")
REPORT_STATES: dict[str, frozenset[str]] = {"open": frozenset({"answered"}), "answered": frozenset()}
NameKind = Literal["main", "native", "other"]


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", column)


class Case(WithId, Base):
    """A defender and what is done to them. `as_of` is the day of the newest news, `checked_on` the day its facts were last checked."""

    __tablename__ = "case_file"
    __table_args__ = (
        _one_of("status", STATUSES),
        _one_of("basis", BASES),
        _one_of("publication", tuple(PUBLICATION)),
        # Without a valid consent nothing is public; the day is kept by campaign.cases.consent.
        CheckConstraint("publication <> 'public' OR basis = 'public_sources' OR consent_until IS NOT NULL", "consented"),
        Index(None, "publication", "consent_until"),
    )
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
    publication: Mapped[str] = mapped_column(default="draft")
    consent_until: Mapped[date | None]  # the last day on which a consent to name and story holds
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
    language: Mapped[str | None]  # in which it is written so, where somebody said


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
    url: Mapped[str | None]
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


class CaseConsent(WithId, Base):
    """Who agreed, to what, until when. Never published. The evidence is a file, sealed, under this row's id."""

    __tablename__ = "case_consent"
    __table_args__ = (Index(None, "case_id"), _one_of("giver", GIVERS))

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    giver: Mapped[str]
    who_sealed: Mapped[bytes] = sealed_column()
    who = Encrypted()
    covers: Mapped[list[str]]
    given_on: Mapped[date]
    valid_until: Mapped[date]
    evidence_size: Mapped[int | None]
    evidence_name_sealed: Mapped[bytes | None] = sealed_column(nullable=True)
    evidence_name = Encrypted()
    recorded_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]


class CaseReport(WithId, Base):
    """Somebody says that a page is wrong, or asks that it goes. Its words are erased a while after it was answered."""

    __tablename__ = "case_report"
    __table_args__ = (Index(None, "case_id"), Index(None, "state", "received_at"), _one_of("kind", REPORT_KINDS), _one_of("state", tuple(REPORT_STATES)))

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    words_sealed: Mapped[bytes | None] = sealed_column(nullable=True)
    words = Encrypted()
    address_sealed: Mapped[bytes | None] = sealed_column(nullable=True)
    address = Encrypted()
    received_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]


class CasePhoto(WithId, Base):
    """A photograph, made anew from its pixels. `mark` stands in its address; the files lie sealed on disk under this row's id."""

    __tablename__ = "case_photo"
    __table_args__ = (UniqueConstraint("case_id"),)
    __public__ = True

    case_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_file.id", ondelete="CASCADE"))
    mark: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    made_at: Mapped[datetime]
    texts: Mapped[list["CasePhotoText"]] = relationship(cascade="all, delete-orphan", lazy="selectin")


class CasePhotoText(Base):
    """What is seen on a photograph, and who took it, in one language."""

    __tablename__ = "case_photo_text"
    __public__ = True

    photo_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("case_photo.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    alt: Mapped[str]
    credit: Mapped[str]
