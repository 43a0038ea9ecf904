"""The whole way of a letter by e-mail: from the case page to the office's mailbox, in a browser without scripts."""

import re

from playwright.sync_api import Browser, expect

from tests.browser.conftest import new_context, set_appeal
from tests.browser.mail import Inbox, text_of
from tests.browser.people import WORDS, Supporter, main_text, wait_until_page_says
from tests.system.platform import Platform

SENT_SINGLY, WAITING = "rukhshona-hakimova-letter", "ahmad-ibrohim-letter"
MINISTER, MINISTRY = "Minister of Justice of the Republic of Tajikistan", "justice-tj@authorities.example"


def test_a_letter_goes_from_the_case_page_to_the_mailbox_of_the_office_and_is_followed_on_one_page(supporter: Supporter, inbox: Inbox, platform: Platform) -> None:
    set_appeal(platform, SENT_SINGLY, batch_size=1)
    page = supporter.page
    page.goto("/cases/rukhshona-hakimova")
    supporter.press("Write a letter")
    supporter.choose(MINISTER)
    supporter.choose("By e-mail")
    supporter.press("Preview")
    expect(page.locator("address")).to_contain_text(MINISTER)
    expect(page.get_by_text("Dear Minister,")).to_be_visible()
    page.get_by_label("Your words").fill(WORDS)
    supporter.press("Next: your name")
    supporter.fill_in(name="Test Supporter")
    supporter.press("Send my letter")
    expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    tracking = supporter.confirm_letter()
    supporter.wait_until_page_says("Sent by e-mail")
    steps = page.locator("ol.timeline li").all_inner_texts()
    assert [step.splitlines()[-1].partition(" ")[0] for step in steps] == ["Written", "Confirmed", "Joined", "Sent", "An"]
    assert page.url == tracking
    letter = inbox.wait(MINISTRY, saying="Please let this person go home.")
    assert letter["To"] == MINISTRY
    assert letter["From"].addresses[0].addr_spec == "post@writethemfree.example"
    assert re.fullmatch(r"reply-[a-z2-7]+@reply\.writethemfree\.example", str(letter["Reply-To"]))
    assert re.fullmatch(r"<[^@>]+@reply\.writethemfree\.example>", str(letter["Message-ID"]))
    assert letter["Subject"] == "Request for the release of Rukhshona Hakimova"
    assert letter.get_content_type() == "text/plain"
    assert "Dear Minister," in text_of(letter)
    assert WORDS in text_of(letter)
    assert "Test, Sweden" in text_of(letter), "first name and country, as the supporter chose"
    assert supporter.address not in letter.as_string()
    assert len([mail for mail in inbox.of(MINISTRY) if mail["Message-ID"] == letter["Message-ID"]]) == 1


def test_preview_brings_the_address_of_the_office_and_keeps_the_words(supporter: Supporter) -> None:
    page = supporter.page
    page.goto(f"/letters/{WAITING}")
    expect(page.locator("address")).to_contain_text("President of the Republic of Tajikistan")
    page.get_by_label("Your words").fill(WORDS)
    supporter.choose(MINISTER)
    supporter.choose("Russian")
    supporter.press("Preview")
    expect(page.locator("address")).to_contain_text("25 Rudaki Avenue")
    expect(page.locator("address")).to_contain_text("Sample, do not post")
    expect(page.get_by_text("Уважаемый господин Министр,")).to_be_visible()
    expect(page.get_by_label("Your words")).to_have_value(WORDS)


def test_an_outline_that_nobody_touched_follows_the_language(supporter: Supporter) -> None:
    page = supporter.page
    page.goto(f"/letters/{WAITING}")
    supporter.choose("Russian")
    supporter.press("Preview")
    expect(page.get_by_label("Your words")).to_have_value(re.compile("Обращаюсь к Вам"))


def test_a_letter_of_more_than_a_page_is_told_how_much_is_too_much_and_keeps_every_word(supporter: Supporter) -> None:
    words = "\n".join(f"Line {number} of a letter that is too long." for number in range(1, 80))
    supporter.begin_letter(WAITING, words=words)
    supporter.press("Next: your name")
    expect(supporter.page.get_by_role("alert")).to_contain_text("line")
    expect(supporter.page.get_by_label("Your words")).to_have_value(words)


def test_the_room_that_is_left_is_told_while_writing(supporter: Supporter) -> None:
    supporter.begin_letter(WAITING)
    supporter.press("Preview")
    before = lines_left(supporter)
    supporter.page.get_by_label("Your words").fill(WORDS + "\n\nOne more line." * 3)
    supporter.press("Preview")
    assert lines_left(supporter) < before


def lines_left(supporter: Supporter) -> int:
    """The room as the page tells it."""
    said = re.search(r"Room for (\d+) more line", main_text(supporter.page))
    assert said is not None
    return int(said[1])


def test_a_fault_in_the_second_step_keeps_both_steps(supporter: Supporter) -> None:
    page = supporter.page
    supporter.begin_letter(WAITING)
    supporter.press("Next: your name")
    supporter.fill_in(name="Test Supporter", email="nobody@")
    supporter.press("Send my letter")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was sent yet")
    expect(page.get_by_label("Name", exact=True)).to_have_value("Test Supporter")
    expect(page.get_by_role("textbox", name="E-mail")).to_have_value("nobody@")
    supporter.press("Back to the words")
    expect(page.get_by_label("Your words")).to_have_value(WORDS)
    expect(page.get_by_role("radio", name="By e-mail")).to_be_checked()


def test_who_lives_where_the_office_has_power_is_warned_and_set_to_country_only(supporter: Supporter) -> None:
    page = supporter.page
    supporter.write(WAITING, country="Tajikistan")
    expect(page.get_by_role("alert")).to_contain_text("You live where this office has power")
    expect(page.get_by_role("radio", name="Country only")).to_be_checked()
    expect(page.get_by_label("Name", exact=True)).to_have_value("Test Supporter")


def test_a_mail_scanner_that_opens_the_link_confirms_no_letter(supporter: Supporter, chromium: Browser, platform: Platform) -> None:
    supporter.write(WAITING)
    link = supporter.follow_link(saying="confirm your letter")
    with new_context(chromium, platform) as scanner:
        other = scanner.new_page()
        for _ in range(3):
            other.goto(link)
            expect(other.get_by_role("button", name="Yes, it is mine")).to_be_visible()
    supporter.page.reload()
    expect(supporter.page.get_by_role("button", name="Yes, it is mine")).to_be_visible()


def test_a_letter_can_be_withdrawn_until_its_batch_is_sealed_and_its_words_are_erased(supporter: Supporter) -> None:
    page = supporter.page
    supporter.write(WAITING)
    supporter.confirm_letter()
    page.get_by_text("Read my letter").click()
    expect(page.get_by_text("Please let this person go home.")).to_be_visible()
    page.get_by_text("Withdraw my letter").click()
    supporter.press("Withdraw it")
    expect(page.get_by_role("heading", name="Your letter was withdrawn")).to_be_visible()
    assert "Please let this person go home." not in page.content()
    expect(page.get_by_text("Read my letter")).to_have_count(0)


def test_a_letter_in_a_sealed_batch_cannot_be_withdrawn_any_more(supporter: Supporter, platform: Platform) -> None:
    page, slug = supporter.page, "buzurgmehr-yorov-letter"
    supporter.write(slug)
    supporter.confirm_letter()
    page.get_by_text("Withdraw my letter").click()
    set_appeal(platform, slug, batch_size=1)
    with page.context.new_page() as other:
        other.goto(page.url)
        wait_until_page_says(other, "Joined batch")
    supporter.press("Withdraw it")  # on a page that was opened before
    expect(page.get_by_role("alert")).to_contain_text("Your letter was not withdrawn")


def test_the_private_link_is_sent_again_when_asked_for(supporter: Supporter) -> None:
    supporter.write(WAITING)
    tracking = supporter.confirm_letter()
    supporter.press("Send me the link again")
    expect(supporter.page.get_by_role("status").first).to_contain_text("We send the link to the address you gave")
    supporter.page.goto("/")
    supporter.follow_link(saying="The link to your letter")
    assert supporter.page.url == tracking


def test_a_closed_private_page_stays_closed_and_the_letter_goes_its_way(supporter: Supporter) -> None:
    supporter.write(WAITING)
    tracking = supporter.confirm_letter()
    supporter.page.get_by_text("Close this page for good").click()
    supporter.press("Close it for good")
    expect(supporter.page.get_by_role("heading", name="The page is closed for good")).to_be_visible()
    answer = supporter.page.goto(tracking)
    assert answer is not None
    assert answer.status == 410
