"""Takes the pictures of the README from a running platform, started anew with `make run INSTANCE=/some/folder`:

    python -m tests.browser.pictures http://127.0.0.1:8000 /some/folder docs/pictures

A letter is written, printed and posted for them. With --all, every page on a phone and at a desk, to be looked at.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace
from typing import cast

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

from tests.browser.conftest import CHROMIUM_ARGUMENTS, DESKTOP, PHONE, PLAIN_PATHS, new_context, walk
from tests.browser.mail import Inbox
from tests.browser.people import Desk, Supporter
from tests.services import find_chromium
from tests.system.platform import Platform, one_time_code

WORDS = (
    "I am a teacher in a small town in Norway, and I write to you about one person.\n\n"
    "By news of February 2026 Abdullo Ghurbati is in prison. I respectfully ask you to do what your office can do so that he is released."
)
LETTER = "abdullo-ghurbati-letter"


class Studio:
    """A browser at a platform that somebody has started."""

    def __init__(self, chromium: Browser, address: str, instance: Path, folder: Path) -> None:
        # `new_context` and `walk` ask a platform for nothing else.
        self.platform = cast(Platform, SimpleNamespace(address=address.rstrip("/"), instance=instance))
        self.chromium, self.folder = chromium, folder

    @contextmanager
    def page(self, size: dict[str, int], state: StorageState | None = None) -> Iterator[Page]:
        """An empty page of this size, scripts off."""
        with new_context(self.chromium, self.platform, size=size, state=state) as context:
            yield context.new_page()

    def log_in(self, role: str) -> StorageState:
        """The cookies of the sample's organiser or volunteer; the password is in the instance's own file."""
        lines = (self.platform.instance / "secrets.env").read_text(encoding="utf-8").splitlines()
        passwords = dict(line.split("=", 1) for line in lines if "=" in line)
        with self.page(PHONE) as page:
            Desk(page).log_in(f"{role}@example.org", passwords[f"SAMPLE_{role.upper()}_PASSWORD"], lambda email: one_time_code(self.platform.instance, email))
            return page.context.storage_state()

    def take(self, page: Page, name: str, *, whole: bool = False) -> None:
        """One picture. Small files: as large as the window, one pixel a pixel."""
        self.folder.mkdir(parents=True, exist_ok=True)
        page.screenshot(path=self.folder / f"{name}.png", full_page=whole, animations="disabled")


def for_the_readme(studio: Studio) -> None:
    """The case, the letter as it is written, and the page on which it is followed once it is in the post."""
    with studio.page(DESKTOP) as page:
        page.goto("/cases/abdullo-ghurbati")
        studio.take(page, "case")
        supporter = Supporter(page, Inbox(studio.platform.instance / "mail"), "picture@example.org")
        supporter.begin_letter(LETTER, words=WORDS, way="On paper, we print and post it")
        supporter.press("Preview")
        studio.take(page, "letter")
        supporter.write(LETTER, words=WORDS, way="On paper, we print and post it", country="Norway")
        tracking = supporter.confirm_letter()
        with studio.page(PHONE, studio.log_in("volunteer")) as desk:
            volunteer = Desk(desk)
            volunteer.take_a_bundle()
            volunteer.download_all()
            volunteer.post_all()
        page.goto(tracking)
        studio.take(page, "tracking")


def for_the_eye(studio: Studio) -> None:
    """Every page, whole, on a phone and at a desk."""
    states = {role: studio.log_in(role) for role in ("organiser", "volunteer")}
    paths = dict(walk(studio.chromium, studio.platform, states["volunteer"]))
    behind = {"the desk": "/desk/", "the print room": "/desk/bundles", "a bundle": paths.pop("a bundle")}
    assert PLAIN_PATHS.items() <= paths.items()
    for size, window in (("phone", PHONE), ("desk", DESKTOP)):
        for name, path in paths.items():
            with studio.page(window) as page:
                page.goto(path)
                studio.take(page, f"{size} {name}", whole=True)
        for name, path in behind.items():
            with studio.page(window, states["organiser" if name == "the desk" else "volunteer"]) as page:
                page.goto(path)
                studio.take(page, f"{size} {name}", whole=True)


def main() -> None:
    """Take the pictures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("address", help="of the running platform")
    parser.add_argument("instance", type=Path, help="its folder")
    parser.add_argument("folder", type=Path, help="where the pictures go")
    parser.add_argument("--all", action="store_true", help="every page, on a phone and at a desk")
    asked = parser.parse_args()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=find_chromium(), args=list(CHROMIUM_ARGUMENTS), headless=True)
        studio = Studio(chromium, asked.address, asked.instance, asked.folder)
        (for_the_eye if asked.all else for_the_readme)(studio)
        chromium.close()


if __name__ == "__main__":
    main()
