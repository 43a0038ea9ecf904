"""The key ring: seals personal data with AES-GCM, bound to the place it belongs to.

A sealed value is `format | length of key id | key id | nonce | ciphertext`; the associated data is the table, column and
row, so that a value copied to another place does not open.
"""

import hashlib
import hmac
import os
from dataclasses import dataclass, field

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

FORMAT = b"\x01"
NONCE = 12


class SealBroken(Exception):
    """A sealed value does not open: wrong key, wrong place, or it was changed."""


class NoKeys(Exception):
    """The key ring was asked for before it was filled."""


@dataclass(frozen=True)
class KeyRing:
    """Data keys by id, the current one's id, and the key of the blind index (32 bytes each)."""

    keys: dict[str, bytes]
    current: str
    index_key: bytes
    _ciphers: dict[str, AESGCM] = field(default_factory=dict, init=False, repr=False)

    def _cipher(self, key_id: str) -> AESGCM:
        if key_id not in self._ciphers:
            if key_id not in self.keys:
                raise SealBroken(f"no key with the id {key_id!r}")
            self._ciphers[key_id] = AESGCM(self.keys[key_id])
        return self._ciphers[key_id]

    def seal(self, plain: bytes, *, place: str) -> bytes:
        """Encrypt with the current key, bound to `place`."""
        nonce = os.urandom(NONCE)
        name = self.current.encode()
        return FORMAT + bytes([len(name)]) + name + nonce + self._cipher(self.current).encrypt(nonce, plain, place.encode())

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Decrypt. Raises SealBroken where key, place or value do not fit."""
        end = 2 + sealed[1] if len(sealed) > 2 and sealed[:1] == FORMAT else 0
        if not end:
            raise SealBroken("not a sealed value")
        try:
            return self._cipher(sealed[2:end].decode()).decrypt(sealed[end : end + NONCE], sealed[end + NONCE :], place.encode())
        except (InvalidTag, ValueError) as fault:
            raise SealBroken(f"the value does not open as {place.split('/')[0]}") from fault

    def is_current(self, sealed: bytes) -> bool:
        """Whether the value was sealed with the current key."""
        return sealed[2 : 2 + sealed[1]] == self.current.encode()

    def index(self, value: str, *, purpose: str) -> bytes:
        """A keyed hash (HMAC-SHA-256, 32 bytes) by which equal values are found without storing them."""
        return hmac.new(self.index_key, f"{purpose}\0{value}".encode(), hashlib.sha256).digest()


_held: list[KeyRing] = []


def hold(ring: KeyRing) -> None:
    """Make `ring` the one this process uses."""
    _held[:] = [ring]


def ring() -> KeyRing:
    """The key ring of this process. Raises NoKeys before `hold` was called."""
    if not _held:
        raise NoKeys("no data keys: nothing personal can be read or written")
    return _held[0]
