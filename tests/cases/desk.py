"""Somebody at the desk, filling in the form of a case as a browser without scripts does."""

import re
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

TYPED: dict[str, Any] = {
    "slug": "test-person",
    "name": "Test Person",
    "native_name": "Тест Персон",
    "native_language": "tg",
    "names-0-text": "Test Persson",
    "names-0-language": "",
    "country": "TJ",
    "status": "imprisoned",
    "as_of": "2026-02",
    "held_since": "2024-01-16",
    "confidence": "high",
    "demands": ["release", "medical_care"],
    "texts-0-roles": "test journalist\r\ntest teacher",
    "sources-0-title": "A made-up statement",
    "sources-0-publisher": "Test Publisher",
    "sources-0-date": "2026-02",
    "sources-0-url": "https://publisher.example/statement",
    "timeline-0-date": "2024-01-16",
    "timeline-0-kind": "arrest",
    "timeline-0-source": "0",
    "timeline-0-words-0-text": "The test person was arrested.",
}


def fields_of(page: str) -> dict[str, Any]:
    """What the form of a page holds, by name."""
    form = page.partition('<form class="facts-form"')[2].partition("</form>")[0]
    values: dict[str, Any] = {"demands": []}
    for tag in re.findall(r"<input[^>]*>", form):
        named = dict(re.findall(r'([a-z-]+)="([^"]*)"', tag))
        if named.get("type") != "checkbox":
            values[named["name"]] = unescape(named.get("value", ""))
        elif re.search(r"\schecked\b", tag):
            values[named["name"]].append(named["value"])
    for name, inside in re.findall(r'<textarea[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.DOTALL):
        values[name] = unescape(inside).strip()
    for name, inside in re.findall(r'<select[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', inside)
        values[name] = unescape(chosen.group(1)) if chosen else ""
    return values


def fill(client: FlaskClient, path: str, *, to: str = "", button: Any = None, **typed: Any) -> TestResponse:
    """Open the form, type over what it holds, and press a button."""
    held = fields_of(client.get(path).text)
    return client.post(to or path, data={**held, **typed, **(button or {})})


def make_case(client: FlaskClient, **typed: Any) -> TestResponse:
    """Make the test person's case."""
    return fill(client, "/desk/cases/new", **{**TYPED, **typed})
