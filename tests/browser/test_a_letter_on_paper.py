"""Letters on paper: a volunteer's evening in the print room, and the sheet that a supporter prints."""

import io
import re

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from tests.browser.people import WORDS, Desk, Supporter, download, main_text, wait_until_page_says
from tests.paper.eyes import Picture, picture

LETTER, SELF, SOLIDARITY = "abdullo-ghurbati-letter", "abdusattor-pirmuhammadzoda-letter", "ulfatkhonim-mamadshoeva-solidarity"
ON_PAPER = "On paper, we print and post it"
MARK = "Sample, do not post"
A4 = (210, 297)
CODE = re.compile(r"\b[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}\b")


def page_texts(pdf: bytes) -> list[str]:
    """The words on each page, with plain blanks and without line breaks."""
    return [re.sub(r"\s+", " ", page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def address_is_in_the_window(page: Picture) -> bool:
    """DIN 5008 form B: there is ink in the address zone, and none of it touches the edges of the field, in mm from the top left."""
    edges = [*page.ink(20, 45, 22, 90), *page.ink(103, 45, 105, 90), *page.ink(20, 88.5, 105, 90)]
    return len(page.ink(20, 62.7, 105, 90)) > 500 and not edges


def test_a_volunteer_takes_prints_returns_and_posts_and_the_writers_read_where_it_was_posted(supporter: Supporter, volunteer: Desk) -> None:
    words = [f"This is letter number {number}.\n\nPlease let this person go home." for number in (1, 2, 3)]
    followed = []
    for number, one in enumerate(words, 1):
        supporter.write(LETTER, words=one, way=ON_PAPER)
        followed.append(supporter.confirm_letter(number=number))
    page, bundle = volunteer.page, volunteer.take_a_bundle()
    assert "Test Supporter" not in page.content()
    assert supporter.address not in page.content()

    pdf = next(pdf for pdf in volunteer.download_all() if "letter number 1" in "".join(page_texts(pdf)))
    assert pdf.startswith(b"%PDF-")
    cover, *sheets = page_texts(pdf)
    assert MARK in cover
    assert "Fold each sheet" in cover
    assert "Test Supporter" not in cover
    assert sum("This is letter number" in sheet for sheet in sheets) == len(sheets) == 3, "one page for each letter"
    for number, sheet in enumerate(sheets, 2):
        assert MARK in sheet
        assert re.search(r"President of the Republic of Tajikistan .*734023 Dushanbe TADSJIKISTAN", sheet), sheet
        assert address_is_in_the_window(picture(pdf, number))

    returned = next(number for number, sheet in enumerate(sheets) if "letter number 2" in sheet)
    code = CODE.search(sheets[returned])
    assert code is not None
    page.goto(bundle)
    back = page.get_by_role("button", name=f"Return sheet {code[0]}")
    if not back.is_visible():  # with several piles each one's sheets are folded away
        page.locator("summary", has_text="President of the Republic of Tajikistan").click()
    back.click()
    volunteer.post_all()
    for tracking in (followed[0], followed[2]):
        supporter.page.goto(tracking)
        assert "Printed in Norway" in main_text(supporter.page)
        assert "Posted in Norway" in main_text(supporter.page)
    supporter.page.goto(followed[1])
    assert "Came back unprinted or unposted. It goes with another batch" in main_text(supporter.page)
    assert "Posted in Norway" not in main_text(supporter.page)


def test_a_supporter_who_prints_gets_the_sheet_at_once_and_is_counted_only_when_it_was_posted(supporter: Supporter) -> None:
    page, case = supporter.page, "/cases/abdusattor-pirmuhammadzoda"
    supporter.write(SELF, way="I print it myself")
    expect(page.get_by_role("heading", name="Print and post your letter")).to_be_visible()
    pdf = download(page, page.get_by_role("link", name="Download your letter (PDF)"))
    (sheet,) = page_texts(pdf)
    assert MARK in sheet
    assert "Please let this person go home." in sheet
    assert re.search(r"President of the Republic of Tajikistan .*734023 Dushanbe TADZJIKISTAN", sheet), "the country in Swedish: it is posted in Sweden"
    paper = PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    assert (paper.width, paper.height) == pytest.approx([mm / 25.4 * 72 for mm in A4], abs=1)
    assert address_is_in_the_window(picture(pdf))
    supporter.confirm_letter()
    tracking = page.url
    expect(page.get_by_role("heading", name="Your letter is with you")).to_be_visible()
    page.goto(case)
    assert "No letter yet" in main_text(page)
    page.goto(tracking)
    supporter.press("I have posted it")
    assert "Posted by you" in main_text(page)
    page.goto(case)
    wait_until_page_says(page, "1 letter")


def test_a_solidarity_message_is_told_its_rules_and_goes_to_where_messages_are_collected(supporter: Supporter) -> None:
    page = supporter.page
    page.goto(f"/letters/{SOLIDARITY}")
    expect(page.get_by_role("heading", name="So that it harms nobody")).to_be_visible()
    expect(page.get_by_role("radio", name="By e-mail")).to_have_count(0)
    supporter.write(SOLIDARITY, words="I think of you every morning.", way="I print it myself", button="Send my message")
    (sheet,) = page_texts(download(page, page.get_by_role("link", name="Download your letter (PDF)")))
    assert "1 Example Street" in sheet
    assert "I think of you every morning." in sheet


def test_a_character_that_no_font_can_print_is_named_before_it_is_too_late(supporter: Supporter) -> None:
    supporter.begin_letter(LETTER, words=f"{WORDS}\n\nWith 𓀀 at the end.", way=ON_PAPER)
    supporter.press("Next: your name")
    expect(supporter.page.get_by_role("alert")).to_contain_text("𓀀")
    expect(supporter.page.get_by_label("Your words")).to_have_value(f"{WORDS}\n\nWith 𓀀 at the end.")


def test_the_print_room_is_behind_a_login(page: Page) -> None:
    page.goto("/desk/bundles")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
