"""E-mail addresses: which ones are taken, and which spellings are the same mailbox."""

from dataclasses import dataclass

from email_validator import EmailNotValidError, validate_email

LONGEST = 254  # RFC 5321, section 4.5.3.1.3, less the angle brackets


class AddressWrong(ValueError):
    """The address cannot be used. `reason` is one of `empty`, `long`, `characters`, `form`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Provider:
    """What a provider ignores in the part before the @, as its help pages say."""

    name: str  # one domain stands for all that lead to the same mailbox
    dots: bool = False
    plus: bool = True


_GOOGLE = Provider("gmail.com", dots=True)
_PROTON = Provider("proton.me", dots=True)
PROVIDERS = {
    "gmail.com": _GOOGLE,
    "googlemail.com": _GOOGLE,
    "proton.me": _PROTON,
    "protonmail.com": _PROTON,
    "pm.me": _PROTON,
    "fastmail.com": Provider("fastmail.com"),
    "hotmail.com": Provider("hotmail.com"),
    "icloud.com": Provider("icloud.com"),
    "me.com": Provider("icloud.com"),
    "mac.com": Provider("icloud.com"),
    "live.com": Provider("live.com"),
    "outlook.com": Provider("outlook.com"),
    # An example domain that behaves as the first one does, so that samples and tests need no real one.
    "dots.example.org": Provider("dots.example.org", dots=True),
}


def check_address(text: str) -> str:
    """The address as mail is sent to it, in ASCII. Raises AddressWrong; line breaks and other controls never pass."""
    text = text.strip(" \t")
    if not text:
        raise AddressWrong("empty")
    if len(text) > LONGEST:
        raise AddressWrong("long")
    if not text.isprintable() or not text.rpartition("@")[0].isascii():
        raise AddressWrong("characters")
    try:
        address = validate_email(text, check_deliverability=False, allow_smtputf8=False, allow_quoted_local=False).ascii_email
    except EmailNotValidError as fault:
        raise AddressWrong("form") from fault
    # An encoded word (RFC 2047) would be read as another address, or as a line break, by whoever opens the header.
    if address is None or "=?" in address:
        raise AddressWrong("form")
    return address


def fold(address: str) -> str:
    """The one spelling that stands for all spellings of a mailbox."""
    local, _, domain = address.lower().rpartition("@")
    provider = PROVIDERS.get(domain)
    if provider is not None:
        local = local.partition("+")[0] if provider.plus else local
        local = local.replace(".", "") if provider.dots else local
        domain = provider.name
    return f"{local}@{domain}"
