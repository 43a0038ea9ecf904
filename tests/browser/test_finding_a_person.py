"""A supporter finds a person and reads the case, in a browser without scripts."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.people import main_text


@pytest.mark.parametrize(
    ("typed", "found"),
    [("Tazhibek", "Makhabat Tajibek kyzy"), ("Ғурбатӣ", "Abdullo Ghurbati"), ("gurbati", "Abdullo Ghurbati"), ("ХАКИМОВА", "Rukhshona Hakimova")],
)
def test_a_person_is_found_by_any_spelling_in_any_script(page: Page, typed: str, found: str) -> None:
    page.goto("/")
    page.get_by_role("searchbox").fill(typed)
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("searchbox")).to_have_value(typed)
    expect(page.get_by_role("heading", name=found)).to_be_visible()


def test_who_is_not_found_is_answered_with_a_way_on(page: Page) -> None:
    page.goto("/?q=nobody-is-called-so")
    expect(page.get_by_role("heading", name="Nobody is found by that")).to_be_visible()
    page.get_by_role("link", name="See all people").click()
    expect(page.get_by_role("heading", name="People to write for")).to_be_visible()


def test_people_are_found_by_country_and_status(page: Page) -> None:
    page.goto("/")
    page.get_by_role("combobox", name="Country").select_option(label="Uzbekistan")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", name="Dauletmurat Tadzhimuratov")).to_be_visible()
    expect(page.get_by_role("heading", name="Rukhshona Hakimova")).to_have_count(0)


def test_the_first_screen_of_a_case_says_who_what_how_long_and_what_to_do(page: Page) -> None:
    page.goto("/cases/rukhshona-hakimova")
    for part in (
        page.get_by_role("heading", name="Rukhshona Hakimova", level=1),
        page.get_by_text("Рухшона", exact=False).first,
        page.locator(".hero .status"),
        page.get_by_role("link", name="Write a letter").first,
    ):
        box = part.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 844, "below the first screen of a phone"


def test_a_case_tells_its_sources_and_the_day_on_which_its_facts_were_checked(page: Page) -> None:
    page.goto("/cases/rukhshona-hakimova")
    text = main_text(page)
    assert "Facts last checked on 22 November 2026." in text
    expect(page.get_by_role("heading", name="What happened")).to_be_visible()
    expect(page.get_by_role("heading", name="Sources", exact=True)).to_be_visible()
    assert page.locator("ol.timeline li cite").count() == page.locator("ol.timeline li").count() > 1, "each entry has its source"


def test_every_page_says_that_this_is_a_sample(page: Page, tour: dict[str, str]) -> None:
    silent = [name for name, path in tour.items() if not page.goto(path) or "This is a sample" not in main_text(page)]
    assert silent == []
