"""Kept pages are handed out at the doorstep, before Flask begins: what Flask does for a request costs more than the page.

Only answers that a page left here (`leave`) are kept: whole, with their headers, for one path without arguments and one kind of
reader, under the stamp they were made with. The stamp is asked for at every request, so a stopped case shows at the next one.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

from sqlalchemy.engine import Engine
from sqlalchemy.exc import TimeoutError as PoolTimeout

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

MOST = 512
LONGEST_KEY = 400
STAMP = "SELECT stamp FROM site"
READER = ("wsgi.url_scheme", "HTTP_HOST", "PATH_INFO", "HTTP_ACCEPT_LANGUAGE", "HTTP_ACCEPT_ENCODING")
"""What an answer that is kept may depend on."""
NEVER = ("SCRIPT_NAME", "QUERY_STRING", "HTTP_COOKIE", "HTTP_AUTHORIZATION", "HTTP_IF_NONE_MATCH", "HTTP_RANGE")
"""With one of these it is Flask's: whoever brings a cookie may get one, and that is nobody else's. All links begin with the script's name,
and a server takes that from a header where its proxy lets it through."""
_LEFT = "campaign.stamp"


class Answer(NamedTuple):
    """A whole answer."""

    stamp: int
    headers: list[tuple[str, str]]
    body: bytes


class Doorstep:
    """The WSGI application with kept answers in front. `engine` gives the engine of the database."""

    def __init__(self, inside: "WSGIApplication", engine: Callable[[], Engine]) -> None:
        self.inside, self._engine = inside, engine
        self._answers: OrderedDict[tuple[str, ...], Answer] = OrderedDict()
        self._newest = -1
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._answers)

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        key = _key(environ)
        if key is None:
            return self.inside(environ, start_response)
        found = self._answers.get(key)
        if found is not None and found.stamp == stamp_of(self._engine()):
            start_response("200 OK", found.headers.copy())
            return [found.body]
        return self._keeping(key, environ, start_response)

    def _keeping(self, key: tuple[str, ...], environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        said: dict[str, Any] = {}

        def noting(status: str, headers: list[tuple[str, str]], *fault: Any) -> Any:
            said.update(status=status, headers=headers)
            return start_response(status, headers, *fault)

        body = self.inside(environ, noting)
        stamp = environ.pop(_LEFT, None)
        if stamp is None or said["status"] != "200 OK" or any(name.lower() == "set-cookie" for name, _value in said["headers"]):
            return body
        try:
            whole = b"".join(body)
        finally:
            if hasattr(body, "close"):
                body.close()
        with self._lock:
            if stamp != self._newest:  # the others are of no use to anybody, and the pages they hold are held nowhere else
                self._answers.clear()
                self._newest = stamp
            self._answers[key] = Answer(stamp, said["headers"], whole)
            self._answers.move_to_end(key)
            if len(self._answers) > MOST:
                self._answers.popitem(last=False)
        return [whole]


def leave(environ: "WSGIEnvironment", *, stamp: int) -> None:
    """Say that the answer to this request is the same for everybody who reads it so, as long as the stamp stays."""
    environ[_LEFT] = stamp


def half_day() -> str:
    """The half of a day (UTC) this is. A day ends at noon UTC at the latest place on earth, and pages count days."""
    return str(int(time.time() // 43_200))


def stamp_of(engine: Engine) -> int | None:
    """The stamp of what public pages show; None where the database could not be asked.

    The driver is asked itself: a session, or even a transaction of its own, would cost more than all else of a kept page.
    """
    try:
        connection = engine.raw_connection()
    except (engine.dialect.loaded_dbapi.Error, PoolTimeout):
        return None
    driver: Any = connection.driver_connection
    begins = getattr(driver, "autocommit", True) is False  # PostgreSQL's: beginning and ending would be two more ways there and back
    try:
        if begins:
            driver.autocommit = True
        cursor = connection.cursor()
        cursor.execute(STAMP)
        row = cursor.fetchone()
        cursor.close()
        if begins:
            driver.autocommit = False
    except engine.dialect.loaded_dbapi.Error:
        connection.invalidate()
        return None
    finally:
        connection.close()
    return row[0] if row else 0


def _key(environ: "WSGIEnvironment") -> tuple[str, ...] | None:
    if environ["REQUEST_METHOD"] != "GET" or any(map(environ.get, NEVER)):
        return None
    key = (half_day(), *[environ.get(name, "") for name in READER])
    return key if sum(map(len, key)) <= LONGEST_KEY else None
