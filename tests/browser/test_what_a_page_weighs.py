"""What a first visit costs: few bytes, few requests, none of them to anybody else, and no fault in the console."""

from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Request

from tests.browser.conftest import PLAIN_PATHS, new_context
from tests.system.platform import Platform

MOST_BYTES, MOST_REQUESTS = 60_000, 3
LEAST_BYTES = 5_000  # less was not measured but lost: page and style sheet weigh more
PRIVATE = ("a signature", "a letter to confirm", "a letter that is followed")


class Visit:
    """What the browser asked for while a page was opened for the first time."""

    def __init__(self, page: Page, path: str) -> None:
        self.faults: list[str] = []
        self.requests: list[Request] = []
        page.on("console", lambda said: self.faults.append(said.text) if said.type in ("error", "warning") else None)
        page.on("request", lambda request: None if request.url.startswith("data:") else self.requests.append(request))
        answer = page.goto(path, wait_until="networkidle")
        assert answer is not None
        self.status = answer.status

    @property
    def bytes(self) -> int:
        """What came over the wire, headers too."""
        sizes = [request.sizes() for request in self.requests]
        return sum(size["responseHeadersSize"] + size["responseBodySize"] for size in sizes)

    @property
    def hosts(self) -> set[str]:
        """Who was asked."""
        return {urlsplit(request.url).netloc for request in self.requests}


@pytest.mark.parametrize("name", [*PLAIN_PATHS, *PRIVATE])
def test_a_first_visit_is_light_and_asks_nothing_of_anybody_else(chromium: Browser, platform: Platform, tour: dict[str, str], name: str) -> None:
    with new_context(chromium, platform) as context:
        visit = Visit(context.new_page(), tour[name])
        assert visit.status == (404 if name == "no such page" else 200)
        assert visit.hosts == {urlsplit(platform.address).netloc}
        assert len(visit.requests) <= MOST_REQUESTS
        assert LEAST_BYTES < visit.bytes <= MOST_BYTES
        # The browser's own line about the status is no fault of the page.
        assert [fault for fault in visit.faults if "404" not in fault] == []


def test_reading_leaves_no_cookie(chromium: Browser, platform: Platform) -> None:
    with new_context(chromium, platform) as context:
        page = context.new_page()
        for path in ("/", "/cases/rukhshona-hakimova", "/countries/TJ", "/good-news", "/open-letters", "/privacy"):
            page.goto(path)
        assert context.cookies() == []
