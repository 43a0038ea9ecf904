"""Pages for every eye and every screen. Scripts are on here only to measure: axe-core is one, and so is asking for a width."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.browser.conftest import DESKTOP, PHONE, PLAIN_PATHS, new_context
from tests.system.platform import Platform

PUBLIC = (*PLAIN_PATHS, "a signature", "a letter to confirm", "a letter that is followed")
BEHIND_THE_DOOR = {"the desk": "organiser", "the print room": "volunteer", "a bundle": "volunteer"}
DESK_PATHS = {"the desk": "/desk/", "the print room": "/desk/bundles"}
NARROW = {"width": 320, "height": 640}


def press(path: str, button: str) -> Callable[[Page], None]:
    """Opens a page and presses a button of its form as it is."""

    def do(page: Page) -> None:
        page.goto(path)
        page.get_by_role("button", name=button).click()

    return do


PRESSED = {
    "a petition with faults": press("/petitions/rukhshona-hakimova-petition", "Sign"),
    "a letter's second step": press("/letters/rukhshona-hakimova-letter", "Next: your name"),
    "a message without words": press("/letters/ulfatkhonim-mamadshoeva-solidarity", "Next: your name"),
}
ALL = (*PUBLIC, *PRESSED, *BEHIND_THE_DOOR)
WIDER = ("home", "a case", "a petition", "a letter", "a letter that is followed", "the desk", "the print room", "a bundle")
"""Those that are laid out in another way at a desk."""
Opened = Callable[[str, dict[str, int]], AbstractContextManager[Page]]


@pytest.fixture
def opened(chromium: Browser, platform: Platform, tour: dict[str, str], logged_in: dict[str, StorageState]) -> Opened:
    """Opens a page by its name, in a window of a size."""

    @contextmanager
    def open_it(name: str, size: dict[str, int]) -> Iterator[Page]:
        state = logged_in.get(BEHIND_THE_DOOR.get(name, ""))
        with new_context(chromium, platform, scripts=True, size=size, state=state) as context:
            page = context.new_page()
            if name in PRESSED:
                PRESSED[name](page)
            else:
                page.goto({**tour, **DESK_PATHS}[name])
            expect(page.get_by_role("main")).to_be_visible()
            yield page

    return open_it


def grave_faults(page: Page) -> list[str]:
    """What axe-core calls serious or critical."""
    found = Axe().run(page).response["violations"]
    return [f"{fault['id']}: {node['html']}" for fault in found if fault["impact"] in ("serious", "critical") for node in fault["nodes"]]


@pytest.mark.parametrize(("name", "size"), [*((name, PHONE) for name in ALL), *((name, DESKTOP) for name in WIDER)])
def test_axe_finds_no_serious_fault(opened: Opened, name: str, size: dict[str, int]) -> None:
    with opened(name, size) as page:
        assert grave_faults(page) == []


def test_axe_and_the_width_find_a_fault_that_was_planted(opened: Opened) -> None:
    with opened("privacy", NARROW) as page:
        page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<input style=\"width: 400px\">')")
        assert [fault.partition(":")[0] for fault in grave_faults(page)] == ["label"]
        assert len(too_wide(page)) == 1


def too_wide(page: Page) -> list[str]:
    """What sticks out at the side, if the page can be scrolled sideways."""
    found: list[str] = page.evaluate(
        """() => {
            const wide = document.documentElement.clientWidth
            if (document.documentElement.scrollWidth <= wide) return []
            return [...document.querySelectorAll("main *, header *, footer *")].filter(part => part.getBoundingClientRect().right > wide + 1)
                .map(part => part.outerHTML.slice(0, 120))
        }"""
    )
    return found


@pytest.mark.parametrize("name", ALL)
def test_nothing_sticks_out_of_a_narrow_screen_nor_of_a_phone_with_letters_twice_as_large(opened: Opened, name: str) -> None:
    with opened(name, NARROW) as page:
        assert too_wide(page) == []
        page.set_viewport_size({"width": PHONE["width"], "height": PHONE["height"]})
        page.add_style_tag(content="html { font-size: 212.5% !important }")  # twice the 106.25 % of the style sheet
        assert too_wide(page) == []
