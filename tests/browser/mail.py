"""What the platform's mail catcher has kept: the mails of supporters and of authorities."""

import re
import threading
import time
from collections.abc import Callable
from email import message_from_bytes, policy
from email.message import EmailMessage
from mailbox import Maildir
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

import pytest

SECONDS = 90  # the worker looks every few seconds; the machine may be busy with other tests
STEP = 0.1
Found = TypeVar("Found")


def wait_for(look: Callable[[], Found | None], what: str) -> Found:
    """Looks again and again until there is something, and answers with it; fails the test when there never is."""
    tick, give_up = threading.Event(), time.monotonic() + SECONDS
    while time.monotonic() < give_up:
        found = look()
        if found:
            return found
        tick.wait(STEP)
    pytest.fail(what)


def when_kept(key: str) -> tuple[int, ...]:
    """Seconds and microseconds, from the name that Python's Maildir gives a message; the latter are not padded there."""
    return tuple(int(number) for number in re.findall(r"\d+", key.partition("P")[0]))


class Inbox:
    """All mailboxes of the world, as far as this machine knows."""

    def __init__(self, folder: Path) -> None:
        self.maildir = Maildir(folder, create=False)

    def of(self, address: str) -> list[EmailMessage]:
        """What has come to this address, oldest first."""
        messages = [message_from_bytes(self.maildir.get_bytes(key), policy=policy.default) for key in sorted(self.maildir.keys(), key=when_kept)]
        return [message for message in messages if address in map(str.lower, message.get_all("X-Envelope-To") or [])]

    def wait(self, address: str, *, saying: str = "", number: int = 1) -> EmailMessage:
        """The mail of this number among those to an address that say this; waits until it is there."""

        def look() -> EmailMessage | None:
            found = [mail for mail in self.of(address) if saying in mail["Subject"] or saying in text_of(mail)]
            return found[number - 1] if len(found) >= number else None

        return wait_for(look, f"no mail number {number} came to {address} that says “{saying}”")


def text_of(mail: EmailMessage) -> str:
    """The words of a mail."""
    part = mail.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def link_in(mail: EmailMessage) -> str:
    """The one private link in a mail, without the host."""
    paths = [urlsplit(link).path for link in re.findall(r"https?://\S+", text_of(mail))]
    private: list[str] = [path for path in paths if path.strip("/")]
    assert len(private) == 1, f"one link to follow, and no other: {private}"
    return private[0]
