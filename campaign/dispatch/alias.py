"""Addresses that say nothing to anybody else: where an authority's answer goes, and where a server returns a letter.

An alias is a token of `campaign.security.tokens` in base32: local parts are often lowered on their way.
"""

import base64
import binascii
import uuid

from campaign.security import tokens

REPLY, RETURN = "reply", "return"


def alias(purpose: str, of: uuid.UUID, *, domain: str) -> str:
    """The address for `purpose` (REPLY or RETURN) of one letter, or of one petition delivery: 62 characters at most before the @."""
    return f"{purpose}-{base64.b32encode(tokens.signed(purpose, of)).decode().rstrip('=').lower()}@{domain}"


def read_alias(address: str) -> tuple[str, uuid.UUID]:
    """Purpose and id of an alias, however its letters were written. Raises TokenWrong for what is none of ours."""
    purpose, _, secret = address.partition("@")[0].lower().partition("-")
    if purpose not in (REPLY, RETURN):
        raise tokens.TokenWrong
    try:
        raw = base64.b32decode(secret.upper() + "=" * (-len(secret) % 8))
    except (binascii.Error, ValueError) as fault:
        raise tokens.TokenWrong from fault
    return purpose, tokens.read_signed(purpose, raw).id
