"""The mail catcher: speaks SMTP on this machine only, takes every message whatever its address, and puts it into a Maildir.

Run as `python -m campaign.commands.run.catcher PORT MAILDIR`; nothing it takes ever leaves the machine.
"""

import asyncio
import base64
import mailbox
import quopri
import re
import signal
import sys

from aiosmtpd.smtp import SMTP, Envelope, Session

_ENCODED = re.compile(rb"^(Content-Transfer-Encoding: *)(quoted-printable|base64) *$", re.IGNORECASE | re.MULTILINE)
_TEXT = re.compile(rb"^Content-Type: *text/", re.IGNORECASE | re.MULTILINE)


class IntoMaildir:
    """Keeps each message with the addresses of its envelope in front, which its own headers need not tell."""

    def __init__(self, folder: str) -> None:
        self.maildir = mailbox.Maildir(folder, create=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """Answers 250 only once the message is kept; a full disk is a temporary error, and the sender tries again."""
        message = with_envelope(envelope)
        try:
            self.maildir.add(message)
        except OSError as error:
            print(f"a message was not kept: {error.strerror}", flush=True)
            return "452 4.3.1 Requested action not taken: insufficient system storage"
        return "250 2.0.0 Kept"


def with_envelope(envelope: Envelope) -> bytes:
    """The message, with X-Envelope-From and one X-Envelope-To for each recipient on top; its headers stay as they came."""
    lines = [f"X-Envelope-From: {envelope.mail_from or '<>'}", *(f"X-Envelope-To: {recipient}" for recipient in envelope.rcpt_tos)]
    content = envelope.original_content or b""
    return ("\n".join(lines) + "\n").encode() + readable(content.replace(b"\r\n", b"\n"))


def readable(message: bytes) -> bytes:
    """A text that was encoded for its way, in plain letters: who opens the file can read it, and copy a long link out of it."""
    head, blank, body = message.partition(b"\n\n")
    encoded = _ENCODED.search(head)
    if encoded is None or not _TEXT.search(head):
        return message
    plain = quopri.decodestring(body) if encoded[2].lower() == b"quoted-printable" else base64.b64decode(body)
    return _ENCODED.sub(rb"\g<1>8bit", head) + blank + plain.replace(b"\r\n", b"\n")


async def serve(port: int, folder: str) -> None:
    """Serves on 127.0.0.1 until SIGTERM."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    handler = IntoMaildir(folder)
    server = await loop.create_server(
        lambda: SMTP(handler, hostname="catcher.example", ident="Mail catcher", enable_SMTPUTF8=True, loop=loop), host="127.0.0.1", port=port
    )
    print("the mail catcher is ready", flush=True)
    async with server:
        await stop.wait()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), sys.argv[2]))
