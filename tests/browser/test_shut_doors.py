"""Appeals that take nothing: closed, paused, unknown. Each is said in plain words, with the right status, and nothing typed is lost."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import set_appeal
from tests.browser.people import WORDS, Supporter
from tests.system.platform import Platform

PETITION, LETTER = "dauletmurat-tadzhimuratov-petition", "ulfatkhonim-mamadshoeva-letter"


@pytest.mark.parametrize("path", ["/petitions/never-was", "/letters/never-was", "/cases/never-was", "/countries/XX", f"/petitions/{LETTER}", f"/letters/{PETITION}"])
def test_what_is_unknown_is_404_with_a_way_on(supporter: Supporter, path: str) -> None:
    answer = supporter.page.goto(path)
    assert answer is not None
    assert answer.status == 404
    expect(supporter.page.get_by_role("main").get_by_role("link").first).to_be_visible()


@pytest.mark.parametrize(("state", "status"), [("paused", 403), ("closed", 410)])
def test_a_petition_that_is_shut_says_why_and_gives_back_what_was_typed(supporter: Supporter, platform: Platform, state: str, status: int) -> None:
    page = supporter.page
    page.goto(f"/petitions/{PETITION}")
    supporter.fill_in(name="Test Supporter")
    page.get_by_label("Why you sign").fill("Words that took a while to find.")
    set_appeal(platform, PETITION, state=state)
    try:
        with page.expect_navigation() as sent:
            supporter.press("Sign")
        assert sent.value.status == status
        expect(page.get_by_role("heading", name=f"This petition is {state}")).to_be_visible()
        expect(page.get_by_text("Words that took a while to find.")).to_be_visible()
        seen = page.goto(f"/petitions/{PETITION}")
        assert seen is not None
        assert seen.status == status
        page.get_by_role("link", name="Go to the case of Dauletmurat Tadzhimuratov").click()
        expect(page.get_by_role("link", name="Sign the petition")).to_have_count(0)
    finally:
        set_appeal(platform, PETITION, state="live")


@pytest.mark.parametrize(("state", "status"), [("paused", 403), ("closed", 410)])
def test_a_letter_appeal_that_is_shut_says_why_and_gives_back_every_word(supporter: Supporter, platform: Platform, state: str, status: int) -> None:
    page = supporter.page
    supporter.begin_letter(LETTER)
    supporter.press("Next: your name")
    supporter.fill_in()
    set_appeal(platform, LETTER, state=state)
    try:
        with page.expect_navigation() as sent:
            supporter.press("Send my letter")
        assert sent.value.status == status
        expect(page.get_by_role("heading", name=f"This appeal is {state}")).to_be_visible()
        expect(page.get_by_label("Your words")).to_have_value(WORDS)
    finally:
        set_appeal(platform, LETTER, state="live")


def test_a_letter_whose_appeal_was_closed_before_it_was_confirmed_says_that_it_was_not_sent(supporter: Supporter, platform: Platform) -> None:
    supporter.write(LETTER)
    supporter.follow_link(saying="confirm your letter")
    set_appeal(platform, LETTER, state="closed")
    try:
        supporter.press("Yes, it is mine")
        expect(supporter.page.get_by_role("heading", name="This appeal is closed")).to_be_visible()
        expect(supporter.page.get_by_label("Your words")).to_have_value(WORDS)
    finally:
        set_appeal(platform, LETTER, state="live")
