"""A case from nothing to its public page, on a phone with scripts off: typed, looked at, published, and a mistake on it reported."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.conftest import new_context
from tests.system.platform import Platform


@pytest.fixture
def phone(chromium: Browser, platform: Platform, logged_in: dict[str, StorageState]) -> Iterator[Page]:
    """The organiser's phone."""
    with new_context(chromium, platform, state=logged_in["organiser"]) as context:
        yield context.new_page()


def fits(page: Page) -> None:
    """Nothing has to be moved sideways. Scripts are off, so the picture of the whole page is asked for its width."""
    assert int.from_bytes(page.screenshot(full_page=True)[16:20], "big") == 390


def type_it(page: Page) -> None:
    page.get_by_label("Name in Latin letters").fill("Test Browserperson")
    page.get_by_label("Address of its page").fill("test-browserperson")
    page.get_by_label("Name as it is written at home").fill("Тест Браузер")
    page.get_by_label("Country", exact=True).select_option("TJ")
    page.get_by_label("Status", exact=True).select_option("imprisoned")
    page.get_by_label("By news of").fill("2026-02")
    page.get_by_role("checkbox", name="for release").check()
    first = page.get_by_role("group", name="Source 1")
    first.get_by_label("What was published").fill("A made-up statement")
    first.get_by_label("Who published it").fill("Test Publisher")
    event = page.get_by_role("group", name="Event 1")
    event.get_by_label("When").fill("2024-01")
    event.get_by_label("What kind of event").select_option("arrest")
    event.get_by_label("What happened").fill("The test person was arrested.")
    page.get_by_role("group", name="English").get_by_label("one on each line").fill("test journalist")


def test_a_case_is_typed_looked_at_and_published_on_a_phone(phone: Page, tmp_path: Path) -> None:
    phone.goto("/desk/cases")
    fits(phone)
    phone.get_by_role("link", name="New case").click()
    type_it(phone)
    phone.get_by_role("button", name="Add an event").click()
    expect(phone.get_by_label("Name in Latin letters")).to_have_value("Test Browserperson")
    expect(phone.get_by_role("group", name="Event 2")).to_be_visible()
    phone.get_by_role("button", name="Save").first.click()
    expect(phone.get_by_role("alert")).to_contain_text("Each event needs a source")
    fits(phone)
    phone.screenshot(path=tmp_path / "faults.png", full_page=True)
    phone.get_by_role("group", name="Event 1").get_by_label("Told by").select_option(label="Source 1: A made-up statement")
    with phone.expect_popup() as opened:
        phone.get_by_role("button", name="Preview in another tab").first.click()
    preview = opened.value
    expect(preview.get_by_text("A preview: nobody but you sees this")).to_be_visible()
    expect(preview.get_by_role("heading", name="Test Browserperson")).to_be_visible()
    fits(preview)
    preview.screenshot(path=tmp_path / "preview.png", full_page=True)
    preview.close()
    phone.get_by_role("button", name="Save").first.click()
    expect(phone.get_by_text("Nobody but organisers. It is a draft.")).to_be_visible()
    fits(phone)
    phone.screenshot(path=tmp_path / "draft.png", full_page=True)
    phone.get_by_role("button", name="Publish this case").click()
    phone.get_by_role("link", name="See the public page").click()
    expect(phone).to_have_url(re.compile("/cases/test-browserperson$"))
    phone.get_by_role("link", name="Report a mistake").click()
    phone.screenshot(path=tmp_path / "report.png", full_page=True)
    fits(phone)
    phone.get_by_role("radio", name="A mistake on the page").check()
    phone.get_by_label("Tell us").fill("A made-up mistake.")
    phone.get_by_role("button", name="Send it to the organisers").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    phone.goto("/desk/")
    expect(phone.get_by_role("heading", level=2).first).to_contain_text("report about a case waits")
    phone.goto("/desk/cases/test-browserperson")
    phone.get_by_role("button", name="Read it").click()
    phone.get_by_role("button", name="It is dealt with").click()
    phone.get_by_role("button", name="Hide this case").click()
    gone = phone.goto("/cases/test-browserperson")
    assert gone is not None
    assert gone.status == 404
