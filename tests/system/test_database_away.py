"""The database is locked or gone: a page that says so, when to come back, and everything that was typed."""

import html
import re
import socket
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from flask_migrate import upgrade
from sqlalchemy import select

import campaign.db
from campaign.app import create_app
from campaign.db import Site, db
from campaign.petitions.models import Signature
from tests import made
from tests.conftest import Browser, make_settings
from tests.services import drop_database, make_database

WORDS = {
    "name": "Test Supporter",
    "email": "test.supporter@example.org",
    "country": "SE",
    "comment": "These words took me an hour.",
    "to_public": "counted",
    "to_authority": "counted",
}


def filled_in(client: FlaskClient) -> dict[str, str]:
    """The petition's form with its hidden fields, as a browser would send it."""
    page = client.get("/petitions/test-defender-petition")
    assert page.status_code == 200
    return {**dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*type="hidden"[^>]*value="([^"]*)"', page.text)), **WORDS}


def check_nothing_is_lost(client: FlaskClient, form: dict[str, str], answer_code: int, retry: str | None, page: str) -> None:
    assert answer_code == 503
    assert retry is not None and int(retry) > 0
    assert all(value in html.unescape(page) for value in ("Test Supporter", "test.supporter@example.org", "These words took me an hour."))
    again = dict(re.findall(r'<input[^>]*name="(\w+)"[^>]*value="([^"]*)"', page))
    assert client.post("/petitions/test-defender-petition", data={**form, **again}).status_code == 303, "the page's own button sends it again"
    assert db.session.scalar(select(Signature.state)) == "pending"
    db.session.rollback()


@pytest.fixture
def locked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[FlaskClient, Path]]:
    """A site on SQLite that waits only a moment for a lock."""
    monkeypatch.setattr(campaign.db, "BUSY_MILLISECONDS", 200)
    app = create_app(make_settings(tmp_path))
    app.test_client_class = Browser
    with app.app_context():
        upgrade()
        db.session.add(Site(id=1, sample=True))
        made.appeal()
        db.session.commit()
        yield app.test_client(), tmp_path / "campaign.sqlite"
        db.session.remove()


def test_a_database_that_is_locked_answers_with_a_page_and_loses_nothing(locked: tuple[FlaskClient, Path]) -> None:
    client, file = locked
    form = filled_in(client)
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        answer = client.post("/petitions/test-defender-petition", data=form)
        assert client.get("/").status_code == 200, "reading goes on while somebody writes"
        other.execute("ROLLBACK")
    check_nothing_is_lost(client, form, answer.status_code, answer.headers.get("Retry-After"), answer.text)


class Door:
    """A way to the database that can be shut, as a cable that is pulled: connections break, and new ones are refused."""

    def __init__(self, port: int) -> None:
        self.target, self.open, self.pairs = port, True, list[socket.socket]()
        self.listener = socket.create_server(("127.0.0.1", 0))
        threading.Thread(target=self._serve, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.listener.getsockname()[1])

    def _serve(self) -> None:
        while True:
            try:
                one, _address = self.listener.accept()
            except OSError:
                return
            if not self.open:
                one.close()
                continue
            other = socket.create_connection(("127.0.0.1", self.target))
            self.pairs += [one, other]
            for source, sink in ((one, other), (other, one)):
                threading.Thread(target=self._carry, args=(source, sink), daemon=True).start()

    @staticmethod
    def _carry(source: socket.socket, sink: socket.socket) -> None:
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        finally:
            for one in (source, sink):
                one.close()

    @contextmanager
    def shut(self) -> Iterator[None]:
        """Shut inside."""
        self.open = False
        for one in self.pairs:
            with closing(one):
                try:
                    one.shutdown(socket.SHUT_RDWR)
                except OSError:
                    continue
        self.pairs.clear()
        yield
        self.open = True


def test_a_database_that_is_gone_answers_with_a_page_and_is_found_again(tmp_path: Path, postgres_server: str) -> None:
    url = make_database(postgres_server)
    port = int(url.rpartition("/")[0].rpartition(":")[2])
    door = Door(port)
    try:
        app = create_app(make_settings(tmp_path, database_url=url.replace(f":{port}/", f":{door.port}/")))
        app.test_client_class = Browser
        with app.app_context():
            upgrade()
            db.session.add(Site(id=1, sample=True))
            made.appeal()
            db.session.commit()
            client = app.test_client()
            form = filled_in(client)
            with door.shut():
                answer = client.post("/petitions/test-defender-petition", data=form)
                reading = client.get("/petitions/test-defender-petition")
            assert reading.status_code == 503 and reading.headers["Retry-After"]
            client.get("/healthz")  # the first question after the fault may meet a dead connection of the pool
            check_nothing_is_lost(client, form, answer.status_code, answer.headers.get("Retry-After"), answer.text)
            db.session.remove()
            db.engine.dispose()
    finally:
        door.listener.close()
        drop_database(url)
