"""The database: session, naming convention, column types, and the two promises of every transaction.

A reading request cannot write, and a writing one takes its lock at the start (so that SQLite waits instead of failing).
"""

import json
import os
import sqlite3
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime
from typing import Any, Self, TypeVar, cast

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, CheckConstraint, ColumnElement, Dialect, LargeBinary, MetaData, String, Table, TypeDecorator, Uuid, event, func, update
from sqlalchemy import DateTime as SADateTime
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import DeclarativeBase, InstrumentedAttribute, Mapped, Session, mapped_column, registry
from sqlalchemy.pool import ConnectionPoolEntry

from campaign.security.keys import ring

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
BUSY_MILLISECONDS = 10_000
_reading: ContextVar[bool | None] = ContextVar("reading", default=None)  # None: neither page nor task


class ReadOnly(Exception):
    """A page that only reads tried to write."""


def new_id() -> uuid.UUID:
    """An id that sorts by time, made before the insert (RFC 9562, version 7 with method 3): 48 bits of milliseconds, 12 of their fraction, then chance."""
    milliseconds, rest = divmod(time.time_ns(), 1_000_000)
    fraction = (rest << 12) // 1_000_000
    chance = int.from_bytes(os.urandom(8), "big") >> 2
    return uuid.UUID(int=milliseconds << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | chance)


def now_utc() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


class Instant(TypeDecorator[datetime]):
    """A point in time, kept and given in UTC. A value without a zone is refused."""

    impl = SADateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class PartialDate(str):
    """A date known to the day, the month or the year: `2024-01-16`, `2022-07` or `2015`. Sorts as text does."""

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Check and keep. Raises ValueError for what is no date of one of the three precisions."""
        parts = text.split("-")
        if [len(part) for part in parts] not in ([4], [4, 2], [4, 2, 2]) or not all(part.isdecimal() and part.isascii() for part in parts):
            raise ValueError(f"“{text}” is not a day, a month or a year")
        date(*[int(part) for part in parts], *([1] * (3 - len(parts))))
        return cls(text)

    @property
    def precision(self) -> str:
        """`day`, `month` or `year`."""
        return {4: "year", 7: "month", 10: "day"}[len(self)]

    @property
    def first_day(self) -> date:
        """The first day it can mean."""
        return date.fromisoformat((self + "-01-01")[:10])


class PartialDateColumn(TypeDecorator[PartialDate]):
    """A column of partial dates, kept as text."""

    impl = String(10)
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else str(PartialDate.parse(value))

    def process_result_value(self, value: str | None, dialect: Dialect) -> PartialDate | None:
        return None if value is None else PartialDate(value)


class Base(DeclarativeBase):
    """Every table has an id of its own, made before the insert."""

    registry = registry(
        metadata=MetaData(naming_convention=NAMES),
        type_annotation_map={datetime: Instant(), PartialDate: PartialDateColumn(), uuid.UUID: Uuid(), dict[str, str]: JSON(), list[str]: JSON(), list[int]: JSON()},
    )

    def __init__(self, **values: Any) -> None:
        if "id" in type(self).__mapper__.columns and "id" not in values:
            self.id = new_id()
        for name in sorted(values, key=lambda name: name != "id"):  # the id first: sealed columns are bound to it
            if not hasattr(type(self), name):
                raise TypeError(f"{type(self).__name__} has no {name}")
            setattr(self, name, values[name])


class WithId:
    """Mixin: a primary key that sorts by time."""

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)


class Encrypted:
    """Text that is sealed in its column. Use it beside the column it writes to:

    name_sealed: Mapped[bytes] = sealed_column()
    name = Encrypted()
    """

    def __set_name__(self, owner: Any, name: str) -> None:
        self.column, self.table = f"{name}_sealed", owner.__tablename__

    def place(self, row: Any) -> str:
        """The place a value is bound to: table, column and row."""
        return f"{row.__tablename__}/{self.column}/{row.id}"

    def seal(self, value: str, *, id: uuid.UUID) -> bytes:
        """What goes into the column of the row with this id, for a statement that inserts without a row of the session."""
        return ring().seal(value.encode(), place=f"{self.table}/{self.column}/{id}")

    def __get__(self, row: Any, owner: type | None = None) -> Any:
        if row is None:
            return self
        sealed = getattr(row, self.column)
        return None if sealed is None else ring().open(sealed, place=self.place(row)).decode()

    def __set__(self, row: Any, value: str | None) -> None:
        setattr(row, self.column, None if value is None else ring().seal(value.encode(), place=self.place(row)))


def table(model: type[Base]) -> Table:
    """The table of a model, for statements that go past the session."""
    return cast(Table, model.__table__)


def utc_day(instant: InstrumentedAttribute[Any]) -> ColumnElement[str]:
    """The day (UTC) of an instant's column as text, whatever the zone of the connection."""
    if db.session.get_bind().dialect.name == "postgresql":
        return func.to_char(func.timezone("UTC", instant), "YYYY-MM-DD")
    return func.date(instant)


def sealed_column(*, nullable: bool = False) -> Mapped[Any]:
    """The column in which an `Encrypted` keeps its bytes."""
    return mapped_column(LargeBinary, nullable=nullable)


db = SQLAlchemy(
    model_class=Base,
    engine_options={"hide_parameters": True, "pool_pre_ping": False, "json_serializer": lambda value: json.dumps(value, ensure_ascii=False)},
    disable_autonaming=True,
)


Row = TypeVar("Row", bound=Base)


def keep(row: Base, **values: Any) -> bool:
    """Set what differs. Whether anything did."""
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in different.items():
        setattr(row, name, value)
    return bool(different)


def keep_rows(kept: list[Row], wanted: Sequence[Row], *, facts: Callable[[Row], Any]) -> bool:
    """Put `wanted` in the place of the rows that are kept, unless both state the same facts. Whether they did not."""
    if sorted(map(facts, kept)) == sorted(map(facts, wanted)):
        return False
    kept.clear()
    db.session.flush()  # gone before the new ones come: they may have the same keys
    kept.extend(wanted)
    return True


@contextmanager
def reading() -> Iterator[None]:
    """Inside, nothing can be written: a flush raises ReadOnly."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


def start_reading(only: bool | None) -> None:
    """Say for the rest of this context whether it only reads (True), writes (False), or that nobody knows (None)."""
    _reading.set(only)


@event.listens_for(Session, "before_flush")
def _refuse_writes(session: Session, context: Any, instances: Any) -> None:
    if _reading.get() and (session.new or session.dirty or session.deleted):
        raise ReadOnly("a page that reads tried to write")


@event.listens_for(Engine, "connect")
def _tune_sqlite(connection: Any, entry: ConnectionPoolEntry) -> None:
    if not isinstance(connection, sqlite3.Connection):
        return
    connection.isolation_level = None  # the driver starts no transaction of its own; `_begin_sqlite` does
    for pragma in ("journal_mode=WAL", "foreign_keys=ON", f"busy_timeout={BUSY_MILLISECONDS}", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin_sqlite(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        # A transaction that starts by reading and then writes fails at once when another one wrote in between.
        connection.exec_driver_sql("BEGIN IMMEDIATE" if _reading.get() is False else "BEGIN")


class Site(Base):
    """One row: in which mode the database was made, and a stamp that changes with everything that public pages show."""

    __tablename__ = "site"
    __table_args__ = (CheckConstraint("id = 1", "one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)  # type: ignore[assignment]  # always 1, not an id of ours
    sample: Mapped[bool]
    stamp: Mapped[int] = mapped_column(default=0)


def touch_public(session: Session) -> None:
    """Say that public pages changed: what was kept of them is made anew."""
    session.execute(update(Site).values(stamp=Site.stamp + 1))


@event.listens_for(Session, "after_flush")
def _stamp_public(session: Session, context: Any) -> None:
    if any(getattr(row, "__public__", False) for row in (*session.new, *session.dirty, *session.deleted)):
        touch_public(session)
