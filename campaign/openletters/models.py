"""Open letters: texts that organisations signed, in the order of signature."""

import uuid
from datetime import date

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from campaign.db import Base, WithId


class OpenLetter(WithId, Base):
    """A published letter. `excerpt_of` is the number of all signatories where only some are listed."""

    __tablename__ = "open_letter"
    __public__ = True

    key: Mapped[str] = mapped_column(unique=True)
    published_on: Mapped[date]
    texts: Mapped[list["OpenLetterText"]] = relationship(cascade="all, delete-orphan", lazy="selectin")
    signatories: Mapped[list["Signatory"]] = relationship(cascade="all, delete-orphan", order_by="Signatory.position")


class OpenLetterText(Base):
    """To whom, and what is asked, in one language."""

    __tablename__ = "open_letter_text"
    __public__ = True

    open_letter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("open_letter.id", ondelete="CASCADE"), primary_key=True)
    language: Mapped[str] = mapped_column(primary_key=True)
    addressed_to: Mapped[str]
    demand: Mapped[str]


class Signatory(WithId, Base):
    """An organisation under an open letter. `clause` is printed after the name."""

    __tablename__ = "signatory"
    __table_args__ = (UniqueConstraint("open_letter_id", "position"),)
    __public__ = True

    open_letter_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("open_letter.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str]
    country: Mapped[str | None]
    clause: Mapped[str | None]
