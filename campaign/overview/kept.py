"""Rendered pages, kept while what they show stays the same, so that many readers cost little.

A page is kept by its path, the arguments it knows, the language and the half day (a day ends at noon UTC at the latest
place on earth), and made anew when the site's stamp changed. Only pages that touch no session are kept or compressed:
a compressed page with a form's token in it would let that token be guessed (BREACH).
"""

import gzip
import hashlib
import re
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import ParamSpec

from flask import Response, current_app, request
from flask.globals import request_ctx
from sqlalchemy import select

from campaign.db import Site, db
from campaign.overview.doorstep import half_day, leave, stamp_of
from campaign.text import reading_language

MOST_BYTES = 16 * 1024 * 1024
NAMED = re.compile(r"([A-Za-z_]{1,32}|[1-9][0-9]{0,2})?")
"""What an argument may look like: a code, a word of ours, a number. A page asked for with anything else is made each time."""

Key = tuple[str, ...]
Asked = ParamSpec("Asked")


@dataclass(frozen=True)
class Kept:
    """One page: plain, compressed, and a mark by which a browser asks whether it changed."""

    stamp: int
    kind: str
    plain: bytes
    zipped: bytes
    mark: str

    @classmethod
    def make(cls, body: bytes, *, kind: str, stamp: int = 0) -> "Kept":
        """Compress and mark a body of this content type."""
        return cls(stamp, kind, body, gzip.compress(body, 6, mtime=0), hashlib.sha256(body).hexdigest()[:16])

    @property
    def size(self) -> int:
        return len(self.plain) + len(self.zipped)


class Pages:
    """What is kept, up to a number of bytes: what was not asked for the longest time goes first."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._bytes = most_bytes, 0
        self._pages: OrderedDict[Key, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Key, *, stamp: int) -> Kept | None:
        """The page, if it was made under this stamp."""
        with self._lock:
            page = self._pages.get(key)
            if page is None or page.stamp != stamp:
                return None
            self._pages.move_to_end(key)
            return page

    def keep(self, key: Key, page: Kept) -> None:
        """Keep a page in the place of an older one."""
        with self._lock:
            old = self._pages.pop(key, None)
            self._pages[key] = page
            self._bytes += page.size - (old.size if old else 0)
            while self._bytes > self._most:
                self._bytes -= self._pages.popitem(last=False)[1].size


def kept(*arguments: str, typed: tuple[str, ...] = ()) -> Callable[[Callable[Asked, str]], Callable[Asked, Response]]:
    """Keep what a view renders. `arguments` are those of the query it reads; all others are ignored.

    With one of `typed`, what somebody typed, the page is made each time: there is no end of them.
    """

    def around(view: Callable[Asked, str]) -> Callable[Asked, Response]:
        @wraps(view)
        def page(*args: Asked.args, **parts: Asked.kwargs) -> Response:
            stamp = _stamp()
            key = None if any(request.args.get(name) for name in typed) else _key(arguments)
            found = _pages().get(key, stamp=stamp) if key else None
            if found is None:
                found = Kept.make(view(*args, **parts).encode(), kind="text/html; charset=utf-8", stamp=stamp)
                session = request_ctx._session  # `flask.session` itself would count as accessed because it was asked
                if session is not None and session.accessed:
                    return Response(found.plain, content_type=found.kind)
                if key:
                    _pages().keep(key, found)
            if key:
                leave(request.environ, stamp=stamp)
            return answer(found)

        return page

    return around


def answer(page: Kept, *, caching: str = "no-cache") -> Response:
    """The page as this browser wants it: compressed or not, or only that it has not changed."""
    zipped = request.accept_encodings["gzip"] > 0
    headers = [("Content-Type", page.kind), ("Vary", "Accept-Encoding, Accept-Language"), ("Cache-Control", caching), ("ETag", f'W/"{page.mark}"')]
    if zipped:
        headers.append(("Content-Encoding", "gzip"))
    response = Response(page.zipped if zipped else page.plain, headers=headers)
    if request.if_none_match:
        response.make_conditional(request)
    return response


def _stamp() -> int:
    stamp = stamp_of(db.engine)
    if stamp is None:  # on a new connection, or with the fault that is answered by a 503
        return db.session.scalar(select(Site.stamp)) or 0
    return stamp


def _key(arguments: tuple[str, ...]) -> Key | None:
    values = [request.args.get(name, "") for name in arguments]
    # As they came: a view may read “ 2” otherwise than “2”. Under a script's name all links are others, and anybody might have given it.
    if request.environ.get("SCRIPT_NAME") or not all(NAMED.fullmatch(value) for value in values):
        return None
    return (request.path, reading_language(), half_day(), *values)


def _pages() -> Pages:
    store: Pages = current_app.extensions.setdefault("kept-pages", Pages())
    return store
