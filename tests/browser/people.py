"""What people do with the pages: each method is what one person does, with what stands on the page and nothing else."""

import re
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

from tests.browser.mail import Inbox, link_in, wait_for

WORDS = "I am a teacher in a small town, and I write with one request.\n\nPlease let this person go home."

DOWNLOAD = re.compile("^Download batch")
DOWNLOADED = re.compile("^I have downloaded (it|them)$")
POSTED = re.compile("^I have posted (it|them)$")
PREPARED = 60_000  # milliseconds until the worker has sealed a bundle and set its sheets


class Supporter:
    """Somebody who signs and writes."""

    def __init__(self, page: Page, inbox: Inbox, address: str) -> None:
        self.page, self.inbox, self.address = page, inbox, address

    def press(self, name: str) -> None:
        """Press a button, or follow a link that looks like one."""
        self.page.get_by_role("button", name=name, exact=True).or_(self.page.get_by_role("link", name=name, exact=True)).first.click()

    def fill_in(self, *, name: str = "Test Supporter", email: str | None = None, country: str = "Sweden") -> None:
        """Name, address, country, where a form asks for them."""
        self.page.get_by_label("Name", exact=True).fill(name)
        self.page.get_by_role("textbox", name="E-mail").fill(self.address if email is None else email)
        self.page.get_by_label("Country", exact=True).select_option(label=country)

    def sign(self, slug: str, **typed: str) -> None:
        """Fill in a petition's form and send it."""
        self.page.goto(f"/petitions/{slug}")
        self.fill_in(**typed)
        self.press("Sign")

    def begin_letter(self, slug: str, *, words: str = WORDS, way: str = "By e-mail", to: str = "") -> None:
        """The first of the two steps of a letter."""
        self.page.goto(f"/letters/{slug}")
        if to:
            self.choose(to)
        self.page.get_by_label("Your words").fill(words)
        self.choose(way)

    def choose(self, label: str) -> None:
        """One of the choices of the form."""
        self.page.get_by_role("radio", name=label).check()

    def write(self, slug: str, *, words: str = WORDS, way: str = "By e-mail", to: str = "", button: str = "Send my letter", **typed: str) -> None:
        """A letter, both steps."""
        self.begin_letter(slug, words=words, way=way, to=to)
        self.press("Next: your name")
        self.fill_in(**typed)
        self.press(button)

    def follow_link(self, *, saying: str, number: int = 1) -> str:
        """Wait for the mail, and open the link in it; its path."""
        path = link_in(self.inbox.wait(self.address, saying=saying, number=number))
        self.page.goto(path)
        return path

    def confirm_letter(self, *, number: int = 1) -> str:
        """Open the link of the letter's mail (the first, the second …) and press the button there; the address of the private page."""
        self.follow_link(saying="confirm your letter", number=number)
        self.press("Yes, it is mine")
        expect(self.page.get_by_text("Confirmed by you")).to_be_visible()
        return self.page.url

    def wait_until_page_says(self, text: str) -> None:
        """Look at the same page again until it says this."""
        wait_until_page_says(self.page, text)


class Desk:
    """Somebody with a login."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def log_in(self, address: str, password: str, code: Callable[[str], str]) -> "Desk":
        """Through the door at the foot of every page, in two steps; `code` asks for a one-time code that works now."""
        self.page.goto("/")
        self.page.get_by_role("link", name="For organisers and volunteers").click()
        self.page.get_by_role("textbox", name="E-mail").fill(address)
        self.page.get_by_label("Password").fill(password)
        self.page.get_by_role("button", name="Log in").click()
        self.page.get_by_label("Code").fill(code(address))
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page.get_by_role("button", name="Log out")).to_be_visible()
        return self

    def take_a_bundle(self) -> str:
        """The print room's first stroke: up to twenty letters; the address of the bundle's page once its sheets can be downloaded."""
        self.page.goto("/desk/bundles")
        self.page.get_by_role("radio", name="20").check()
        self.page.get_by_role("button", name="Take a bundle").click()
        # The page asks again by itself every three seconds, without a script.
        expect(self.page.get_by_role("button", name=DOWNLOAD).first).to_be_visible(timeout=PREPARED)
        expect(self.page.get_by_text("The sheets are being set")).to_have_count(0, timeout=PREPARED)
        return self.page.url

    def download_all(self) -> list[bytes]:
        """The second stroke: every file of the bundle."""
        buttons = self.page.get_by_role("button", name=DOWNLOAD)
        got = [download(self.page, buttons.nth(number)) for number in range(buttons.count())]
        self.page.get_by_role("link", name=DOWNLOADED).click()
        return got

    def post_all(self) -> None:
        """The third stroke, when all of it is in the post."""
        self.page.get_by_role("button", name=POSTED).click()
        expect(self.page.get_by_role("heading", name=re.compile("in the post"))).to_be_visible()


def download(page: Page, pressed: Locator) -> bytes:
    """The file that a button or a link gives."""
    with page.expect_download() as waiting:
        pressed.click()
    path = waiting.value.path()
    return Path(path).read_bytes()


def wait_until_page_says(page: Page, text: str) -> None:
    """Ask for the same page again until it says this; fails with what it says instead."""

    def look() -> bool:
        page.reload()
        return text in main_text(page)

    wait_for(look, f"{page.url} never said “{text}”")


def main_text(page: Page) -> str:
    """What a person reads on the page, with plain blanks."""
    return page.locator("body").inner_text().replace("\u00a0", " ")
