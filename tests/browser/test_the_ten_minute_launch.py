"""An organiser who has read no manual launches a petition and letters in two languages: the pages that it takes are counted."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from campaign.appeals.typed import texts_of
from tests.browser.conftest import DESKTOP, login, new_context
from tests.browser.people import Desk
from tests.system.platform import Platform

MOST_LOADS = 12
CASE = "zavqibek-saidamini"


class Loads:
    """Counts the pages that a tab loads: each document that came, redirects apart."""

    def __init__(self, page: Page) -> None:
        self.count = 0
        page.on("response", self._note)

    def _note(self, response: Response) -> None:
        if response.request.resource_type == "document" and not 300 <= response.status < 400:
            self.count += 1


@pytest.fixture
def organisers_page(chromium: Browser, platform: Platform) -> Iterator[Page]:
    with new_context(chromium, platform, size=DESKTOP) as context:
        yield context.new_page()


@pytest.fixture
def reviewers_page(chromium: Browser, platform: Platform) -> Iterator[Page]:
    with new_context(chromium, platform, size=DESKTOP) as context:
        yield context.new_page()


def fill_in(page: Page) -> None:
    """Every word of both kinds in both languages, plainly those of a test; the rest stands there already."""
    languages = page.locator("input[name=languages]").input_value().split()
    assert len(languages) == 2
    for name, kind, word, tag in texts_of(("petition", "letter"), languages):
        page.locator(f'[name="{name}"]').fill(f"Test {kind}, {word}, {tag}. Please let this person go home.")
    for box in page.locator("#checks").get_by_role("checkbox").all():
        box.check()


def test_from_login_to_live_takes_at_most_twelve_pages(organisers_page: Page, reviewers_page: Page, platform: Platform) -> None:
    page, loads = organisers_page, Loads(organisers_page)
    Desk(page).log_in(*login(platform, "organiser"), platform.one_time_code)
    page.get_by_role("link", name="Cases", exact=True).click()
    page.get_by_role("searchbox").or_(page.locator("input[name=q]")).first.fill("Saidamini")
    page.keyboard.press("Enter")
    page.locator(f'a[href="/desk/cases/{CASE}"]').click()
    page.get_by_role("link", name="Launch a call to action").click()
    fill_in(page)
    page.get_by_role("button", name="Save, and ask a second person to publish it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("It waits for a second person")

    reviewer = reviewers_page
    Desk(reviewer).log_in(*login(platform, "reviewer"), platform.one_time_code)
    reviewer.goto(page.get_by_role("link", name="See what is asked").get_attribute("href") or "")
    expect(reviewer.get_by_text("Test petition, text, en.").first).to_be_visible()
    reviewer.get_by_role("button", name="Grant it: it is done at once").click()
    expect(reviewer.get_by_text("and done.")).to_be_visible()

    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("It is published")
    page.get_by_role("link", name="See its page").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert loads.count <= MOST_LOADS
