"""The one table of the bare view, as anybody would write it with Flask-SQLAlchemy."""

import uuid
from datetime import datetime

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    """Nothing of ours."""


class Row(Base):
    """Two texts, an id and a time."""

    __tablename__ = "bare_row"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


db = SQLAlchemy(model_class=Base)
