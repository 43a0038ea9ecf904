"""The bytes of a letter by e-mail, made by hand: an `EmailMessage` for each letter would cost more than sending it.

Each header is one line without controls (RFC 5322), non-ASCII words are encoded (RFC 2047), the text is as typed in an encoding
that every server carries unchanged (RFC 2045). The sender is the platform; no address of a supporter is in it.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime

from campaign.mail.build import one_line

WORD_BYTES = 42  # of an encoded word: with its frame 68 characters, of the 75 that RFC 2047 allows
PLAIN_SUBJECT = 66
PLAIN_LINE = 78
MOSTLY_LATIN = 1.15  # bytes in UTF-8 for each character: up to there quoted-printable is shorter and can be read


@dataclass(frozen=True)
class Sender:
    """Who sends: the platform's name, its address, and the domain of aliases and Message-IDs."""

    name: str
    address: str
    domain: str


@dataclass(frozen=True)
class Words:
    """What one letter says, as typed, and the Message-ID that is fixed since it was written."""

    subject: str
    text: str
    language: str
    fixed_id: str


def header_text(text: str) -> str:
    """Unstructured text for a header: as it is where it is short ASCII, in encoded words otherwise."""
    line = one_line(text)
    if line.isascii() and len(line) <= PLAIN_SUBJECT and "=?" not in line:
        return line
    return "\r\n ".join(f"=?utf-8?b?{base64.b64encode(part).decode()}?=" for part in _parts(line))


def _parts(line: str) -> list[bytes]:
    # A character is never cut in two: each encoded word must be readable by itself.
    parts, part = [], b""
    for character in line:
        encoded = character.encode("utf-8", "replace")
        if len(part) + len(encoded) > WORD_BYTES:
            parts.append(part)
            part = b""
        part += encoded
    return [*parts, part]


def from_header(sender: Sender) -> str:
    """The platform's name and address."""
    name = one_line(sender.name)
    if name.isascii() and "=?" not in name:
        escaped = name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}" <{sender.address}>'
    return f"{header_text(name)}\r\n <{sender.address}>"


def message_id(fixed: str, domain: str) -> str:
    """The header of a fixed id, which may come with its domain and its brackets, or without."""
    bare = one_line(fixed).strip("<>")
    return f"<{bare}>" if "@" in bare else f"<{bare}@{domain}>"


def encoded_text(text: str) -> tuple[str, bytes]:
    """Content-Transfer-Encoding and body: 7bit where nothing can happen to it, else quoted-printable or base64."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n").split("\n")
    raw = "\r\n".join(lines).encode("utf-8", "replace") + b"\r\n"
    if raw.isascii() and max(map(len, lines)) <= PLAIN_LINE and b"\0" not in raw:
        return "7bit", raw
    if len(raw) < MOSTLY_LATIN * (len(text) + len(lines)):
        return "quoted-printable", binascii.b2a_qp(raw, istext=True)
    return "base64", base64.encodebytes(raw).replace(b"\n", b"\r\n")


def letter_message(words: Words, *, sender: Sender, sender_line: str, recipient: str, reply_to: str, at: datetime) -> bytes:
    """The finished message. `sender_line` is `from_header`'s, made once for many letters."""
    encoding, body = encoded_text(words.text)
    head = (
        f"From: {sender_line}\r\n"
        f"To: {one_line(recipient)}\r\n"
        f"Reply-To: {reply_to}\r\n"
        f"Subject: {header_text(words.subject)}\r\n"
        f"Date: {format_datetime(at)}\r\n"
        f"Message-ID: {message_id(words.fixed_id, sender.domain)}\r\n"
        "MIME-Version: 1.0\r\n"
        'Content-Type: text/plain; charset="utf-8"\r\n'
        f"Content-Transfer-Encoding: {encoding}\r\n"
        f"Content-Language: {one_line(words.language)}\r\n\r\n"
    )
    return head.encode("ascii") + body
