"""Signing through the real form, to a bare view that inserts one row: same server, same driver, same database server."""

import itertools
import re
import socket
from collections.abc import Callable, Mapping
from urllib.parse import urlencode

from sqlalchemy import create_engine, select

from bench.client import get, post, talk, throughput
from bench.figures import Result, at_least, paired
from bench.places import database, platform, served
from bench.tables import Base
from campaign.appeals.models import Appeal

KNOWN = 360  # rows inserted a second
_numbers = itertools.count()


def petition(environment: Mapping[str, str]) -> str:
    """A petition of the sample that is live."""
    engine = create_engine(environment["DATABASE_URL"])
    with engine.connect() as connection:
        slug = connection.scalar(select(Appeal.slug).where(Appeal.kind == "petition", Appeal.state == "live").order_by(Appeal.slug).limit(1))
    engine.dispose()
    assert slug is not None, "the sample has petitions"
    return slug


class Signer:
    """Somebody with a browser who opened the form: their cookie, the form's token, and new names without end."""

    def __init__(self, port: int, slug: str) -> None:
        self.path = f"/petitions/{slug}"
        with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
            head, body = talk(connection, get(self.path))
        page = body.decode()
        cookie = re.search(r"(?im)^set-cookie: ([^;\r]+)", head.decode())
        assert cookie is not None, "the form sets a cookie"
        self.headers = f"Cookie: {cookie[1]}\r\n"
        self.fields = {
            "csrf_token": _value(page, "csrf_token"),
            "version": _value(page, "version"),
            "text_language": _value(page, "text_language"),
            "country": "NO",
            "comment": "I ask for this with all my heart.",
            "to_public": "first_name",
            "to_authority": "first_name",
            "updates": "y",
        }

    def request(self, _number: int) -> bytes:
        """One signature, of somebody new."""
        number = next(_numbers)
        fields = {**self.fields, "name": f"Test Supporter {number}", "email": f"test.supporter.{number}@example.org"}
        return post(self.path, urlencode(fields).encode(), headers=self.headers)


def _value(page: str, name: str) -> str:
    tag = re.search(rf'<input[^>]*name="{name}"[^>]*>', page)
    found = re.search(r'value="([^"]*)"', tag[0]) if tag else None
    assert found is not None, f"the form has a field {name}"
    return found[1]


def signing_on(port: int, slug: str, *, count: int) -> Callable[[], float]:
    """A function that signs `count` times and says how many a second."""
    signer = Signer(port, slug)
    return lambda: throughput(port, signer.request, count=count, expected=b"303")


def rows_on(port: int, *, count: int) -> Callable[[], float]:
    """The same for the bare view."""

    def request(number: int) -> bytes:
        return post("/row", urlencode({"name": f"Test Supporter {number}", "email": f"test.supporter.{number}@example.org"}).encode())

    return lambda: throughput(port, request, count=count)


def measure(*, quick: bool) -> list[Result]:
    """Signatures a second to rows a second."""
    count, rounds = (300, 3) if quick else (1500, 7)
    with platform() as environment, database() as url:
        bare = {**environment, "DATABASE_URL": url}
        _make_table(url)
        with served("campaign.app:serving()", environment) as ours, served("bench.bare:app", bare) as limit:
            figures = paired(signing_on(ours, petition(environment), count=count), rows_on(limit, count=count), rounds=rounds)
    return [at_least("signing", figures, 0.5, unit="requests/s", known=KNOWN)]


def _make_table(url: str) -> None:
    engine = create_engine(url)
    Base.metadata.create_all(engine)
    engine.dispose()
