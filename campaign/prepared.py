"""Statements for loops in which each one counts: compiled once for each database, then run by its driver.

For a small statement SQLAlchemy's way to the driver costs five times what the driver itself does.
"""

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Executable, Select
from sqlalchemy.engine import Connection, CursorResult, Dialect
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql import ClauseElement

_Filler = Callable[[Any], Any] | None


class _Ready(NamedTuple):
    """A statement for one database: its text, values that never change, how others are filled in, and how results are read."""

    text: str
    fixed: dict[str, Any]
    fillers: dict[str, _Filler]
    places: list[str] | None
    readers: list[_Filler]


class Prepared:
    """One statement with named places. Each has a name and, for what the driver does not know, a type."""

    def __init__(self, statement: Executable) -> None:
        assert isinstance(statement, ClauseElement)
        self._statement = statement
        self._ready: dict[str, _Ready] = {}

    def run(self, connection: Connection, values: dict[str, Any]) -> CursorResult[Any]:
        """Run it with these values, in the connection's transaction. Ids in the result are read with `as_id`."""
        return connection.exec_driver_sql(*self._filled(connection.dialect, values))

    def first(self, connection: Connection, values: dict[str, Any]) -> tuple[Any, ...] | None:
        """The first row, its values as their columns' types give them."""
        return next(iter(self.rows(connection, values)), None)

    def rows(self, connection: Connection, values: dict[str, Any]) -> list[tuple[Any, ...]]:
        """All rows, their values as their columns' types give them. The driver's cursor is asked itself: a result of
        SQLAlchemy's costs as much as the statement."""
        text, filled = self._filled(connection.dialect, values)
        cursor = connection.connection.cursor()
        try:
            cursor.execute(text, filled)
            found = cursor.fetchall()
        except connection.dialect.loaded_dbapi.Error as fault:
            raise _told(connection, fault) from fault
        finally:
            cursor.close()
        readers = self._ready[connection.dialect.name].readers
        return [tuple([reader(value) if reader else value for reader, value in zip(readers, row, strict=True)]) for row in found]

    def _filled(self, dialect: Dialect, values: dict[str, Any]) -> tuple[str, Any]:
        text, fixed, fillers, places, _readers = self._ready.get(dialect.name) or self._prepare(dialect)
        filled = fixed | {name: filler(values[name]) if filler else values[name] for name, filler in fillers.items()}
        return text, tuple([filled[name] for name in places]) if places is not None else filled

    def _prepare(self, dialect: Dialect) -> _Ready:
        binds: Any = self._statement.compile(dialect=dialect).bind_names  # type: ignore[attr-defined]  # of the SQL compiler
        named = {name: bind for bind, name in binds.items() if not bind.unique}
        for bind in binds:
            bind.required = False  # it gets its value at each run, and the lists of the statement are spelled out without it
        compiled: Any = self._statement.compile(dialect=dialect, compile_kwargs={"render_postcompile": True})
        fillers = {name: bind.type.dialect_impl(dialect).bind_processor(dialect) for name, bind in named.items()}
        fixed = {name: value for name, value in compiled.params.items() if name not in fillers}
        places = list(compiled.positiontup) if compiled.positional else None
        readers = [column.type.dialect_impl(dialect).result_processor(dialect, None) for column in self._columns()]
        self._ready[dialect.name] = _Ready(str(compiled), fixed, fillers, places, readers)
        return self._ready[dialect.name]

    def _columns(self) -> list[Any]:
        # What it selects, or what it returns of what it wrote.
        statement: Any = self._statement
        return list(statement.selected_columns if isinstance(statement, Select) else statement.exported_columns)


def _told(connection: Connection, fault: Exception) -> DBAPIError:
    # As SQLAlchemy tells it, and with a lost connection taken out of the pool: whoever catches it need not know of this way.
    lost = connection.dialect.is_disconnect(fault, connection.connection.dbapi_connection, None)  # type: ignore[arg-type]  # a fault of its driver
    if lost:
        connection.invalidate(fault)
    told = DBAPIError.instance(None, None, fault, connection.dialect.loaded_dbapi.Error, hide_parameters=True, connection_invalidated=lost, dialect=connection.dialect)
    assert isinstance(told, DBAPIError), "made from a fault of the driver"
    return told


def as_id(value: uuid.UUID | str) -> uuid.UUID:
    """An id as a driver gives it: SQLite's keeps it as text."""
    return value if isinstance(value, uuid.UUID) else uuid.UUID(value)
