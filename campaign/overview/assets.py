"""The files that pages load: read once, compressed, under an address that changes with what is in them."""

from functools import lru_cache
from pathlib import Path

from flask import Blueprint, Response, abort, request

from campaign.overview.kept import Kept, answer

FOLDER = Path(__file__).parent.parent / "static"
KINDS = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".txt": "text/plain; charset=utf-8"}
FOR_EVER = "public, max-age=31536000, immutable"
A_WHILE = "public, max-age=300"

files = Blueprint("assets", __name__)


@lru_cache(maxsize=1)
def _files() -> dict[str, Kept]:
    return {path.name: Kept.make(path.read_bytes(), kind=KINDS[path.suffix]) for path in FOLDER.iterdir() if path.suffix in KINDS}


def asset(name: str) -> str:
    """The address of a file, with the mark of what is in it."""
    return f"/static/{name}?{_files()[name].mark}"


@files.get("/static/<name>")
def file(name: str) -> Response:
    """A file, to be kept for a year where its mark was asked for."""
    found = _files().get(name) or abort(404)
    return answer(found, caching=FOR_EVER if request.query_string.decode("latin-1") == found.mark else A_WHILE)


@files.get("/robots.txt")
def robots() -> Response:
    """Private links and the desk are not for search engines; they carry noindex too where they matter."""
    paths = ("/desk/", "/signatures/", "/letters/confirm/", "/letters/track/")
    return Response("User-agent: *\n" + "".join(f"Disallow: {path}\n" for path in paths), content_type=KINDS[".txt"])
