"""A mail server for tests, in this process: it speaks SMTP over a socket, keeps what it takes, and misbehaves when told to."""

import asyncio
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session


def free_port() -> int:
    """A port on which nothing listens at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass(frozen=True)
class Caught:
    """One message with the addresses of its envelope."""

    sender: str
    recipients: tuple[str, ...]
    content: bytes

    @property
    def message(self) -> EmailMessage:
        """The message, parsed."""
        return message_from_bytes(self.content, policy=policy.default)

    @property
    def text(self) -> str:
        """Its plain text, decoded."""
        part = self.message.get_body(preferencelist=("plain",))
        return str(part.get_content()) if part is not None else ""


class Catcher:
    """Listens on 127.0.0.1. `messages` holds what was taken, in order.

    With `pipelining` it says that it takes several commands at once. What goes wrong is set from a test: `refuse` answers
    MAIL, RCPT or DATA with that line (`refuse["RCPT"] = "550 no"`), `refuse_address` is one recipient nobody has here, `hang`
    keeps the client waiting after DATA until `reset`, and `close_after_data` takes the message and closes the connection
    without an answer: the client cannot know.
    """

    def __init__(self) -> None:
        self.messages: list[Caught] = []
        self.refuse: dict[str, str] = {}
        self.refuse_address = ""
        self.pipelining = self.hang = False
        self.close_after_data = False
        self.on_message: Callable[[Caught], None] | None = None
        self._changed = threading.Condition()
        self._released = threading.Event()
        self._controller = Controller(_Answers(self), hostname="127.0.0.1", port=free_port(), server_kwargs={"enable_SMTPUTF8": True})

    @property
    def host(self) -> str:
        """Where it listens."""
        return "127.0.0.1"

    @property
    def port(self) -> int:
        """The port on which it listens."""
        return int(self._controller.port)

    def start(self) -> None:
        """Starts to listen."""
        self._controller.start()

    def stop(self) -> None:
        """Stops to listen."""
        self._released.set()
        self._controller.stop()

    def reset(self) -> None:
        """Forgets all messages and every bad habit."""
        self._released.set()
        with self._changed:
            self.messages.clear()
        self.refuse.clear()
        self.refuse_address = ""
        self.pipelining = self.hang = self.close_after_data = False
        self.on_message = None
        self._released = threading.Event()

    def wait_for(self, count: int, *, seconds: float = 30) -> list[Caught]:
        """The messages, once there are at least so many; fails the test when they do not come."""
        with self._changed:
            came = self._changed.wait_for(lambda: len(self.messages) >= count, timeout=seconds)
            assert came, f"{len(self.messages)} of {count} messages came within {seconds:.0f} s"
            return list(self.messages)

    def take(self, caught: Caught) -> None:
        """Keeps a message and wakes who waits for it."""
        if self.on_message is not None:
            self.on_message(caught)
        with self._changed:
            self.messages.append(caught)
            self._changed.notify_all()

    async def released(self) -> None:
        """Ends when a hanging client is let go, after five minutes at most."""
        await asyncio.to_thread(self._released.wait, 300)


class _Answers:
    """What the catcher says at each step."""

    def __init__(self, catcher: Catcher) -> None:
        self.catcher = catcher

    async def handle_EHLO(self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]) -> list[str]:
        session.host_name = hostname
        return [*responses[:-1], "250-PIPELINING", responses[-1]] if self.catcher.pipelining else responses

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return self.catcher.refuse.get("MAIL", "250 OK")

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        refusal = "550 5.1.1 unknown" if address == self.catcher.refuse_address else self.catcher.refuse.get("RCPT")
        if refusal is None:
            envelope.rcpt_tos.append(address)
        return refusal or "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        if "DATA" in self.catcher.refuse:
            return self.catcher.refuse["DATA"]
        if self.catcher.hang:
            await self.catcher.released()
            return "451 4.3.0 Try again later"
        content = envelope.original_content or b""
        self.catcher.take(Caught(envelope.mail_from or "", tuple(envelope.rcpt_tos), content))
        if self.catcher.close_after_data:
            assert isinstance(server.transport, asyncio.WriteTransport)
            server.transport.abort()
        return "250 OK"
