"""The organiser's desk, in a browser without scripts."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import set_appeal
from tests.browser.mail import Inbox
from tests.browser.people import Desk, Supporter, main_text, wait_until_page_says
from tests.system.platform import Platform

PAUSED, OTHER = "dauletmurat-tadzhimuratov-letter", "rukhshona-hakimova-letter"
PRESIDENT, MAILBOX = "President of the Republic of Uzbekistan", "president-uz@authorities.example"


def brake(page: Page, name: str, button: str) -> None:
    """At the letters of the case that the paused appeal is about: read what it will do, then press."""
    page.goto("/desk/")
    case = page.get_by_role("region", name="Dauletmurat Tadzhimuratov")
    case.get_by_role("listitem").filter(has_text="Letters").get_by_role("link", name=name).click()
    page.get_by_role("button", name=button).click()
    expect(page.get_by_role("heading", name="Calls to action")).to_be_visible()


def test_a_paused_appeal_holds_back_a_letter_that_was_confirmed_until_it_is_resumed(supporter: Supporter, organiser: Desk, inbox: Inbox, platform: Platform) -> None:
    page = supporter.page
    supporter.write(PAUSED, to=PRESIDENT)
    tracking = supporter.confirm_letter()
    brake(organiser.page, "Pause", "Pause it now")
    shut = page.goto(f"/letters/{PAUSED}")
    assert shut is not None
    assert shut.status == 403
    set_appeal(platform, PAUSED, batch_size=1)
    set_appeal(platform, OTHER, batch_size=1)
    supporter.write(OTHER)
    supporter.confirm_letter(number=2)
    supporter.wait_until_page_says("Sent by e-mail")  # the worker has looked at all that waits, and sent this one
    page.goto(tracking)
    assert "The appeal is paused. Your letter waits here and has not left." in main_text(page)
    assert "Joined batch" not in main_text(page)
    assert inbox.of(MAILBOX) == []
    brake(organiser.page, "Resume", "Let it go on")
    wait_until_page_says(page, "Sent by e-mail")
    assert inbox.wait(MAILBOX, saying="Please let this person go home.")["To"] == MAILBOX


def test_the_desk_says_in_its_first_line_how_much_needs_a_person(organiser: Desk) -> None:
    organiser.page.goto("/desk/")
    expect(organiser.page.get_by_role("heading", level=1)).to_have_text(re.compile(r"need|nothing", re.IGNORECASE))


def test_a_volunteer_does_not_see_the_organisers_desk(volunteer: Desk) -> None:
    answer = volunteer.page.goto("/desk/")
    assert answer is not None
    assert answer.status == 403
    assert "Dauletmurat" not in volunteer.page.content()


def test_a_wrong_password_opens_nothing_and_keeps_the_address(page: Page) -> None:
    page.goto("/desk/login")
    page.get_by_role("textbox", name="E-mail").fill("nobody-who-works-here@example.org")
    page.get_by_label("Password").fill("not the password")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("alert")).to_contain_text("do not belong together")
    expect(page.get_by_role("textbox", name="E-mail")).to_have_value("nobody-who-works-here@example.org")
    page.goto("/desk/bundles")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
