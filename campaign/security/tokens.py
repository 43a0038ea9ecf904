"""Links that prove something: signed, for one purpose, never stored.

A token is `id (16 bytes) | generation (1 byte) | HMAC-SHA-256 cut to 16 bytes`, in URL-safe base64: 44 characters.
Raising an object's generation makes all its older links void. Expiry belongs to the object, which knows its dates.
"""

import base64
import binascii
import hashlib
import hmac
import uuid
from dataclasses import dataclass


class TokenWrong(Exception):
    """The link was changed, cut, made for another purpose or with another key."""


@dataclass(frozen=True)
class Token:
    """What a link says: which object, and which generation of its links."""

    id: uuid.UUID
    generation: int


_secret: list[bytes] = []


def hold_secret(secret: str) -> None:
    """Make `secret` the one this process signs links with."""
    _secret[:] = [hashlib.sha256(b"links\0" + secret.encode()).digest()]


def _mac(purpose: str, payload: bytes) -> bytes:
    return hmac.digest(_secret[0], purpose.encode() + b"\0" + payload, "sha256")[:16]


def make(purpose: str, id: uuid.UUID, generation: int = 0) -> str:
    """A link's secret part for `id`, valid for `purpose` alone."""
    return base64.urlsafe_b64encode(signed(purpose, id, generation)).decode()


def signed(purpose: str, id: uuid.UUID, generation: int = 0) -> bytes:
    """The 33 bytes of a token."""
    payload = id.bytes + bytes([generation % 256])
    return payload + _mac(purpose, payload)


def read(purpose: str, token: str) -> Token:
    """What the link says. Raises TokenWrong unless it was made by `make` for this purpose."""
    try:
        raw = base64.urlsafe_b64decode(token.encode("ascii") + b"=" * (-len(token) % 4))
    except (binascii.Error, ValueError) as fault:
        raise TokenWrong from fault
    # The comparison with a fresh encoding refuses the other spellings that base64 has for the same bytes.
    if base64.urlsafe_b64encode(raw).decode() != token:
        raise TokenWrong
    return read_signed(purpose, raw)


def read_signed(purpose: str, raw: bytes) -> Token:
    """The same for a token's bytes."""
    if len(raw) != 33 or not hmac.compare_digest(raw[17:], _mac(purpose, raw[:17])):
        raise TokenWrong
    return Token(uuid.UUID(bytes=raw[:16]), raw[16])
