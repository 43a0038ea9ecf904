"""Home and case pages, to a view that returns a constant of the same size: same server, same flags."""

import socket
from collections.abc import Mapping

from sqlalchemy import create_engine, select

from bench.client import get, talk, throughput
from bench.figures import Result, at_least, paired
from bench.places import platform, served
from campaign.cases.models import Case

KNOWN = 2300  # requests a second
# What every browser sends. The limit sends as many bytes as the browser gets.
BROWSER = "Accept-Encoding: gzip, deflate, br\r\nAccept-Language: en-GB,en;q=0.8\r\nAccept: text/html\r\n"


def case_page(environment: Mapping[str, str]) -> str:
    """The page of a case of the sample that is held."""
    engine = create_engine(environment["DATABASE_URL"])
    with engine.connect() as connection:
        slug = connection.scalar(select(Case.slug).where(Case.status == "imprisoned").order_by(Case.slug).limit(1))
    engine.dispose()
    assert slug is not None, "the sample has cases"
    return f"/cases/{slug}"


def size_of(port: int, path: str) -> int:
    """How many bytes a browser gets."""
    with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
        _head, body = talk(connection, get(path, headers=BROWSER))
    return len(body)


def measure(*, quick: bool) -> list[Result]:
    """Both pages, as a browser asks for them."""
    results = []
    with platform() as environment, served("campaign.app:serving()", environment) as ours:
        for name, path in (("home page", "/"), ("case page", case_page(environment))):
            bare = {**environment, "BARE_BYTES": str(size_of(ours, path))}
            with served("bench.bare:app", bare) as limit:
                results.append(_measure(name, ours, path, limit, quick=quick))
    return results


def _measure(name: str, ours: int, path: str, limit: int, *, quick: bool) -> Result:
    count, rounds = (600, 3) if quick else (4000, 7)
    figures = paired(
        lambda: throughput(ours, [get(path, headers=BROWSER)], count=count),
        lambda: throughput(limit, [get("/constant", headers=BROWSER)], count=count),
        rounds=rounds,
    )
    return at_least(name, figures, 0.4, unit="requests/s", known=KNOWN)
