"""Somebody signs who was never here: supporter, signature and mail, all three or none.

On PostgreSQL it is one statement, since each one more would cost a tenth of the whole request. SQLite has no such statement.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import CTE, Select, bindparam, cast, insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection

from campaign.db import table
from campaign.mail.models import OutgoingMail
from campaign.mail.service import NEW_MAIL
from campaign.petitions.models import Signature
from campaign.prepared import Prepared
from campaign.supporters.models import Supporter
from campaign.supporters.service import NEW_SUPPORTER

NEW_SIGNATURE = (
    "id",
    "appeal_id",
    "version_id",
    "supporter_id",
    "language",
    "page_language",
    "state",
    "name_sealed",
    "comment_sealed",
    "country",
    "to_public",
    "to_authority",
    "wants_updates",
    "updates_wording",
    "created_at",
    "counted",
    "reminded",
)
Row = dict[str, Any]
_person, _signature, _mail = table(Supporter), table(Signature), table(OutgoingMail)


def _places(of: str, columns: Iterable[str]) -> dict[str, Any]:
    return {column: bindparam(f"{of}_{column}") for column in columns}


def _filled(of: str, row: Row) -> Row:
    return {f"{of}_{column}": value for column, value in row.items()}


def _all_at_once() -> Prepared:
    made = postgresql.insert(_person).values(**_places("person", NEW_SUPPORTER)).on_conflict_do_nothing(index_elements=["address_index"])
    person = made.returning(_person.c.id).cte("person")

    def values(of: str, kept: Any, columns: Iterable[str]) -> Select[Any]:
        # The type is said aloud: nothing (NULL) has none by itself.
        return select(*[cast(bindparam(f"{of}_{column}", type_=kept.c[column].type), kept.c[column].type) for column in columns]).select_from(person)

    signed: CTE = (
        insert(_signature).from_select(NEW_SIGNATURE, values("signature", _signature, NEW_SIGNATURE), include_defaults=False).returning(_signature.c.id).cte("signed")
    )
    asked = insert(_mail).from_select(NEW_MAIL, values("mail", _mail, NEW_MAIL), include_defaults=False)
    return Prepared(asked.add_cte(signed).returning(_mail.c.id))


_ALL_AT_ONCE = _all_at_once()
_ONE_BY_ONE = tuple(
    Prepared(sqlite.insert(kept).values(**_places(of, columns)).on_conflict_do_nothing(index_elements=[unique]).returning(kept.c.id))
    for of, kept, columns, unique in (
        ("person", _person, NEW_SUPPORTER, "address_index"),
        ("signature", _signature, NEW_SIGNATURE, "id"),
        ("mail", _mail, NEW_MAIL, "id"),
    )
)


def keep(connection: Connection, *, supporter: Row, signature: Row, mail: Row) -> bool:
    """Insert the three rows; False, and nothing is kept, where somebody has the address already."""
    values = {**_filled("person", supporter), **_filled("signature", signature), **_filled("mail", mail)}
    if connection.dialect.name == "postgresql":
        return _ALL_AT_ONCE.first(connection, values) is not None
    return all(statement.first(connection, values) is not None for statement in _ONE_BY_ONE)
