"""Whatever a server says: what it may have taken is never called not sent, and what it cannot have taken is never called lost."""

import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, suppress

import pytest
from flask_mail import Mail

from campaign.app import CampaignApp
from campaign.mail.connection import Answer, Post, post_of

MESSAGE = b"Subject: x\r\n\r\nx\r\n"


class Scripted:
    """A mail server that says what a test tells it: to a command by its first word, and to a whole message by `MESSAGE`."""

    def __init__(self, said: dict[str, str], *, pipelining: bool) -> None:
        self.said = {
            "EHLO": "250-here\r\n250 PIPELINING" if pipelining else "250 here",
            "MAIL": "250 ok",
            "RCPT": "250 ok",
            "DATA": "354 go on",
            "MESSAGE": "250 ok",
            **said,
        }
        self.taken: list[bytes] = []
        self.callers = 0
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listening.getsockname()[1])
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._listening.close()

    def _serve(self) -> None:
        while True:
            try:
                caller, _address = self._listening.accept()
            except OSError:
                return
            self.callers += 1
            with caller, caller.makefile("rb") as lines, suppress(OSError):
                self._talk(lines, caller.sendall)

    def _talk(self, heard: Iterable[bytes], say: Callable[[bytes], object]) -> None:
        say(b"220 here\r\n")
        lines = iter(heard)
        for line in lines:
            command = line[:4].decode().upper()
            answer = self.said.get(command, "250 ok")
            say(f"{answer}\r\n".encode())
            if command == "DATA" and answer.startswith("354"):
                if not self._takes(lines):
                    return
                answer = self.said["MESSAGE"]
                say(f"{answer}\r\n".encode())
            if answer.startswith("421"):
                return

    def _takes(self, lines: Iterator[bytes]) -> bool:
        message = b""
        for line in lines:
            if line == b".\r\n":
                self.taken.append(message)
                return True
            message += line
        return False  # hung up before the end: it is thrown away


@pytest.fixture(params=[False, True], ids=["one-by-one", "pipelining"])
def server(request: pytest.FixtureRequest, app: CampaignApp) -> Iterator[Callable[..., tuple[Scripted, Post]]]:
    with ExitStack() as open_until_the_end:

        def start(**said: str) -> tuple[Scripted, Post]:
            one = Scripted(said, pipelining=request.param)
            open_until_the_end.callback(one.close)
            app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=one.port, MAIL_TIMEOUT=3)
            Mail(app)
            return one, open_until_the_end.enter_context(post_of(app))

        yield start


def send(post: Post) -> Answer:
    return post.send(MESSAGE, sender="post@writethemfree.example", recipients=["somebody@example.org"])


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("250-first\r\n250 second", "sent"),
        ("251 will be forwarded", "sent"),
        ("451 not now", "later"),
        ("421 goodbye", "later"),
        ("554 never", "refused"),
        ("354 what else", "unknown"),
        ("what was that", "unknown"),
        ("", "unknown"),
    ],
)
def test_what_an_answer_to_a_message_means(server: Callable[..., tuple[Scripted, Post]], answer: str, outcome: str) -> None:
    there, post = server(MESSAGE=answer)
    assert send(post).outcome == outcome
    assert len(there.taken) == 1


@pytest.mark.parametrize("answer", ["421 goodbye", "what was that", "354 what else"])
def test_after_strange_words_the_next_message_has_a_connection_of_its_own(server: Callable[..., tuple[Scripted, Post]], answer: str) -> None:
    there, post = server(MESSAGE=answer)
    send(post)
    there.said["MESSAGE"] = "250 ok"
    assert send(post).outcome == "sent"
    assert there.callers == 2


@pytest.mark.parametrize(
    ("command", "answer"),
    [
        *[(command, answer) for command in ("MAIL", "RCPT", "DATA") for answer in ("what was that", "250-a\r\n250 b\r\n250 one too many")],
        ("MAIL", "354 already"),
        ("RCPT", "354 already"),
    ],
)
def test_a_message_whose_envelope_was_answered_strangely_waits_and_is_not_lost(server: Callable[..., tuple[Scripted, Post]], command: str, answer: str) -> None:
    there, post = server(**{command: answer})
    assert send(post).outcome == "later"
    assert there.taken == []
    there.said[command] = "354 go on" if command == "DATA" else "250 ok"
    assert send(post).outcome == "sent"
    assert [message.strip() for message in there.taken] == [MESSAGE.strip()]


@pytest.mark.parametrize(("answer", "outcome"), [("550 no", "refused"), ("451 not now", "later")])
@pytest.mark.parametrize("command", ["MAIL", "RCPT"])
def test_a_server_that_refuses_an_envelope_and_waits_for_the_message_gets_none(
    server: Callable[..., tuple[Scripted, Post]], command: str, answer: str, outcome: str
) -> None:
    there, post = server(**{command: answer})
    assert send(post).outcome == outcome
    there.said[command] = "250 ok"
    assert send(post).outcome == "sent"
    assert [message.strip() for message in there.taken] == [MESSAGE.strip()]


@pytest.mark.parametrize("words", ["<SOMEBODY@Example.org>", "mailbox somebody.else@mail.example.org", "somebody@example.org"])
def test_no_address_is_kept_of_what_a_server_says(server: Callable[..., tuple[Scripted, Post]], words: str) -> None:
    _there, post = server(RCPT=f"550 5.1.1 {words} is not here")
    answer = send(post)
    assert answer.outcome == "refused"
    assert "@" not in answer.words
    assert answer.words.endswith("is not here")
