"""A supporter signs a petition, in a browser without scripts."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import PHONE, new_context
from tests.browser.people import Supporter, main_text
from tests.system.platform import Platform

PETITION = "rukhshona-hakimova-petition"


def test_what_was_typed_is_kept_when_the_form_has_a_fault(supporter: Supporter) -> None:
    page = supporter.page
    page.goto(f"/petitions/{PETITION}")
    supporter.fill_in(name="Ҷамила Санҷишӣ", email="no address at all", country="Norway")
    page.get_by_label("Why you sign").fill("Because “words” & <b>tags</b> stay as they are.")
    supporter.press("Sign")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent yet")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Ҷамила Санҷишӣ")
    expect(page.get_by_role("textbox", name="E-mail")).to_have_value("no address at all")
    expect(page.get_by_label("Country", exact=True)).to_have_value("NO")
    expect(page.get_by_label("Why you sign")).to_have_value("Because “words” & <b>tags</b> stay as they are.")


def test_below_each_choice_stands_what_will_be_read_and_the_safest_is_chosen(supporter: Supporter) -> None:
    supporter.page.goto(f"/petitions/{PETITION}")
    public = supporter.page.get_by_role("group", name="What the public sees of you")
    expect(public.get_by_role("radio", name="Counted, no name")).to_be_checked()
    expect(public.get_by_text("The public reads:")).to_have_count(4)
    expect(public).to_contain_text("Anna Example")


def test_who_lives_in_the_country_of_the_authority_is_warned_before_anything_is_sent(supporter: Supporter) -> None:
    supporter.sign(PETITION, country="Tajikistan")
    page = supporter.page
    expect(page.get_by_role("alert")).to_contain_text("A name on it can bring its owner into danger")
    authority = page.get_by_role("group", name="What the authority sees of you")
    expect(authority.get_by_role("radio", name="Counted, no name")).to_be_checked()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Test Supporter")
    supporter.press("Sign")
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    supporter.follow_link(saying="confirm your signature")
    expect(page.get_by_role("button", name="Confirm my signature")).to_be_visible()


def signatures(page: Page, slug: str) -> int:
    """The count as the petition's page shows it."""
    page.goto(f"/petitions/{slug}")
    found = re.search(r"(\d+|No) signatures?\b", main_text(page))
    assert found is not None
    return 0 if found[1] == "No" else int(found[1])


def test_on_a_phone_the_form_begins_within_two_screens_and_a_link_leads_to_it_from_the_first(supporter: Supporter) -> None:
    page = supporter.page
    for slug in (PETITION, "ulfatkhonim-mamadshoeva-petition"):
        page.goto(f"/petitions/{slug}")
        onward, form = page.get_by_role("link", name="Sign the petition"), page.get_by_role("heading", name="Sign the petition")
        places = [one.bounding_box() for one in (onward, form)]
        assert places[0] is not None
        assert places[1] is not None
        assert places[0]["y"] + places[0]["height"] <= PHONE["height"]
        assert places[1]["y"] + places[1]["height"] <= 2 * PHONE["height"]
        onward.click()
        expect(page.get_by_label("Name", exact=True)).to_be_in_viewport()


LINES_OF_WORDS = """heading => [...heading.textContent.matchAll(/\\S+/g)].map(word => {
  const range = document.createRange();
  range.setStart(heading.firstChild, word.index);
  range.setEnd(heading.firstChild, word.index + word[0].length);
  return range.getClientRects().length;
})"""


@pytest.mark.parametrize("width", [320, 390, 768])
def test_a_long_name_never_breaks_within_a_word(supporter: Supporter, width: int) -> None:
    supporter.page.set_viewport_size({"width": width, "height": 844})
    for slug in ("buzurgmehr-yorov-petition", "dauletmurat-tadzhimuratov-petition"):
        supporter.page.goto(f"/petitions/{slug}")
        lines = supporter.page.get_by_role("heading", level=1).evaluate(LINES_OF_WORDS)
        assert lines == [1] * len(lines), slug


def test_a_signature_counts_once_its_link_was_opened_and_the_button_there_was_pressed(supporter: Supporter, chromium: Browser, platform: Platform) -> None:
    page, slug = supporter.page, "ahmad-ibrohim-petition"
    before = signatures(page, slug)
    supporter.sign(slug)
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    link = supporter.follow_link(saying="confirm your signature")
    with new_context(chromium, platform) as scanner:  # a mail scanner follows each link, twice
        for _ in range(2):
            assert scanner.request.get(link).status == 200
    page.reload()
    supporter.press("Confirm my signature")
    expect(page.get_by_role("heading", name="Your signature is confirmed")).to_be_visible()
    page.goto(f"/petitions/{slug}")
    supporter.wait_until_page_says(f"{before + 1} signature")
    assert signatures(page, slug) == before + 1, "the scanner's visits count for nothing"


def test_a_mail_scanner_that_opens_the_link_confirms_nothing(supporter: Supporter, chromium: Browser, platform: Platform) -> None:
    supporter.sign("abdullo-ghurbati-petition")
    link = supporter.follow_link(saying="confirm your signature")
    with new_context(chromium, platform) as scanner:
        other = scanner.new_page()
        for _ in range(3):
            other.goto(link)
            expect(other.get_by_role("button", name="Confirm my signature")).to_be_visible()


def test_who_signs_again_with_another_spelling_of_the_address_is_answered_alike_and_mailed_once(supporter: Supporter) -> None:
    page, slug = supporter.page, "abdusattor-pirmuhammadzoda-petition"
    supporter.sign(slug)
    first = main_text(page)
    supporter.follow_link(saying="confirm your signature")
    supporter.press("Confirm my signature")
    supporter.sign(slug, email=supporter.address.upper())
    assert main_text(page) == first, "the page never tells whether somebody has signed"
    supporter.follow_link(saying="You have signed already")
    expect(page.get_by_role("heading", name="You have signed already").or_(page.get_by_role("heading", name="Your signature is confirmed"))).to_be_visible()


def test_a_signature_can_be_taken_back(supporter: Supporter) -> None:
    page, slug = supporter.page, "buzurgmehr-yorov-petition"
    supporter.sign(slug)
    supporter.follow_link(saying="confirm your signature")
    supporter.press("Confirm my signature")
    expect(page.get_by_role("heading", name="Your signature is confirmed")).to_be_visible()
    page.get_by_text("Take my signature back").click()
    supporter.press("Take it back")
    expect(page.get_by_role("heading", name="This link is over")).to_be_visible()


@pytest.mark.parametrize("broken", ["x", "%F0%9F%92%8C"])
def test_a_link_that_was_cut_off_says_so_and_loses_nothing(supporter: Supporter, broken: str) -> None:
    supporter.sign("ulfatkhonim-mamadshoeva-petition")
    link = supporter.follow_link(saying="confirm your signature")
    answer = supporter.page.goto(link[:-1] + broken + "9")
    assert answer is not None
    assert answer.status == 404
    expect(supporter.page.get_by_role("heading", name="This link is not complete")).to_be_visible()
    supporter.page.goto(link)
    expect(supporter.page.get_by_role("button", name="Confirm my signature")).to_be_visible()
