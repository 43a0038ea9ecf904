"""The platform as `make run` starts it, and a browser on a phone with scripts off.

Both end with this folder and not with the session: a running Playwright holds the thread's event loop, and other tests need their own.
"""

import itertools
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright

from tests.browser.mail import Inbox
from tests.browser.people import Desk, Supporter
from tests.system.platform import Platform

CHROMIUM_ARGUMENTS = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1100, "height": 850}
PATIENCE = 30_000  # milliseconds that one page may take on a busy machine
PLAIN_PATHS = {
    "home": "/",
    "a search": "/?q=Tazhibek",
    "a search in vain": "/?q=nobody-is-called-so",
    "good news": "/good-news",
    "a country": "/countries/TJ",
    "a drive": "/drives/letters-in-december",
    "sheets for an evening": "/drives/letters-in-december/toolkit/ulfatkhonim-mamadshoeva",
    "a case": "/cases/rukhshona-hakimova",
    "a closed case": "/cases/manuchehr-kholiknazarov",
    "a petition": "/petitions/rukhshona-hakimova-petition",
    "a letter": "/letters/rukhshona-hakimova-letter",
    "a message": "/letters/ulfatkhonim-mamadshoeva-solidarity",
    "after signing": "/petitions/thanks",
    "after writing": "/letters/ahmad-ibrohim-letter/sent",
    "open letters": "/open-letters",
    "privacy": "/privacy",
    "no such page": "/no-such-page",
    "the login": "/desk/login",
}

_numbers = itertools.count(1)


@pytest.fixture(scope="package")
def platform(tmp_path_factory: pytest.TempPathFactory, chromium_path: str) -> Iterator[Platform]:
    """The whole platform with its sample: web, worker, scheduler, broker, catcher. Started only where there is a browser."""
    with Platform(tmp_path_factory.mktemp("browser")) as platform:
        platform.wait_for_line("Ctrl-C")  # the last line of its welcome: the logins are told before it
        yield platform
        assert platform.stop() == 0


@pytest.fixture(scope="package")
def chromium(chromium_path: str) -> Iterator[Browser]:
    """A headless Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=list(CHROMIUM_ARGUMENTS), headless=True)
        yield browser
        browser.close()


def new_context(chromium: Browser, platform: Platform, *, scripts: bool = False, size: dict[str, int] = PHONE, state: StorageState | None = None) -> BrowserContext:
    """A browser that nobody has used before. With scripts only to measure what no script of ours does."""
    context = chromium.new_context(
        base_url=platform.address,
        java_script_enabled=scripts,
        bypass_csp=scripts,
        viewport={"width": size["width"], "height": size["height"]},
        locale="en-GB",
        timezone_id="Europe/Oslo",
        storage_state=state,
    )
    context.set_default_timeout(PATIENCE)
    return context


@pytest.fixture
def context(chromium: Browser, platform: Platform) -> Iterator[BrowserContext]:
    """A phone with scripts off."""
    with new_context(chromium, platform) as context:
        yield context


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """Its one tab."""
    return context.new_page()


@pytest.fixture
def inbox(platform: Platform) -> Inbox:
    """What the catcher has caught."""
    return Inbox(platform.instance / "mail")


@pytest.fixture
def supporter(page: Page, inbox: Inbox) -> Supporter:
    """Somebody with a phone and an address that nobody had before."""
    return Supporter(page, inbox, f"supporter-{next(_numbers)}@example.org")


@pytest.fixture(scope="package")
def logged_in(chromium: Browser, platform: Platform) -> dict[str, StorageState]:
    """The cookies of somebody who logged in through the door, by role."""
    states: dict[str, StorageState] = {}
    for role in ("organiser", "volunteer"):
        with new_context(chromium, platform) as context:
            Desk(context.new_page()).log_in(*login(platform, role), platform.one_time_code)
            states[role] = context.storage_state()
    return states


@pytest.fixture
def volunteer(chromium: Browser, platform: Platform, logged_in: dict[str, StorageState]) -> Iterator[Desk]:
    """The sample's volunteer, with a phone of their own, logged in."""
    with new_context(chromium, platform, state=logged_in["volunteer"]) as context:
        yield Desk(context.new_page())


@pytest.fixture
def organiser(chromium: Browser, platform: Platform, logged_in: dict[str, StorageState]) -> Iterator[Desk]:
    """The sample's organiser at a desk, logged in."""
    with new_context(chromium, platform, size=DESKTOP, state=logged_in["organiser"]) as context:
        yield Desk(context.new_page())


@pytest.fixture(scope="package")
def tour(chromium: Browser, platform: Platform, logged_in: dict[str, StorageState]) -> dict[str, str]:
    """A path for each kind of page, the private ones too: letters on their way, and a bundle in a volunteer's hands."""
    return dict(walk(chromium, platform, logged_in["volunteer"]))


def walk(chromium: Browser, platform: Platform, volunteer: StorageState) -> Iterator[tuple[str, str]]:
    """What has to be done so that each page has something to show; name and path of each."""
    with new_context(chromium, platform) as context:
        supporter = Supporter(context.new_page(), Inbox(platform.instance / "mail"), "walker@example.org")
        supporter.sign("rukhshona-hakimova-petition")
        yield "a signature", supporter.follow_link(saying="confirm your signature")
        supporter.write("ahmad-ibrohim-letter")
        yield "a letter to confirm", supporter.follow_link(saying="confirm your letter")
        supporter.write("ahmad-ibrohim-letter", way="On paper, we print and post it")
        yield "a letter that is followed", urlsplit(supporter.confirm_letter(number=2)).path
    with new_context(chromium, platform, state=volunteer) as context:
        yield "a bundle", urlsplit(Desk(context.new_page()).take_a_bundle()).path
    yield from PLAIN_PATHS.items()


def login(platform: Platform, role: str) -> tuple[str, str]:
    """Address and password, from what the platform said when it was ready."""
    _role, address, password, *_code = platform.wait_for_line(f"{role}@example.org").split()
    return address, password


def set_appeal(platform: Platform, slug: str, **values: object) -> None:
    """Changes an appeal's own settings, for which the desk has no page yet: the running platform must heed them from then on."""
    names = ", ".join(f"{name} = ?" for name in values)
    with closing(sqlite3.connect(platform.instance / "campaign.sqlite", timeout=30)) as database, database:
        changed = database.execute(f"UPDATE appeal SET {names} WHERE slug = ?", (*values.values(), slug))
        database.execute("UPDATE site SET stamp = stamp + 1")  # as every change of what the public reads does
        assert changed.rowcount == 1
