"""What the public and the authority see of a signer: one choice each, applied in one function."""

import enum
from dataclasses import dataclass


class Visibility(enum.StrEnum):
    """What is shown of a supporter, from nothing to everything."""

    COUNTED = "counted"
    COUNTRY = "country"
    FIRST_NAME = "first_name"
    FULL_NAME = "full_name"


@dataclass(frozen=True)
class Shown:
    """What may be printed of a signer. Empty parts are not shown at all."""

    name: str
    country: str  # ISO 3166-1 alpha-2, "" where it is not shown


def as_shown(visibility: Visibility | str, *, name: str, country: str) -> Shown:
    """Apply a signer's choice. Every page, file, mail and PDF goes through here; nothing else cuts names."""
    match Visibility(visibility):
        case Visibility.FULL_NAME:
            return Shown(" ".join(name.split()), country)
        case Visibility.FIRST_NAME:
            return Shown(next(iter(name.split()), ""), country)
        case Visibility.COUNTRY:
            return Shown("", country)
        case _:
            return Shown("", "")
