"""A page as a reader has it: its text without the marks, and what was asked of the database for it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from html import unescape

from flask.testing import FlaskClient
from sqlalchemy import event

from campaign.db import db


def text_of(client: FlaskClient, path: str, *, status: int = 200) -> str:
    """The words of a page, on one line, with plain spaces."""
    answer = client.get(path)
    assert answer.status_code == status, answer.status
    body = re.sub(r"<svg.*?</svg>", "", answer.text, flags=re.DOTALL).partition('<main id="main" tabindex="-1">')[2].partition("</main>")[0]
    words = unescape(re.sub(r"<[^>]+>", " ", body)).replace("\u00a0", " ")
    return re.sub(r"\s+([,.:;])", r"\1", re.sub(r"\s+", " ", words)).strip()


@contextmanager
def asked_of_the_database() -> Iterator[list[str]]:
    """The statements that are sent to the database meanwhile."""
    statements: list[str] = []

    def note(connection: object, cursor: object, statement: str, *rest: object) -> None:
        statements.append(statement.lower())

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
