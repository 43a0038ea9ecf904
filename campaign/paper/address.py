"""Whether an address fits its envelope's window, and how large it can be set; nothing is ever cut."""

from collections.abc import Sequence
from functools import lru_cache

from campaign.paper.profiles import DIN5008_B, Profile
from campaign.paper.typeset import measured, one_line, pdf

# Sizes in pt, the largest that fits is taken; below 9 nothing is printed.
ADDRESS_SIZES = (11.0, 10.5, 10.0, 9.5, 9.0)


class AddressDoesNotFit(Exception):
    """A line, or the number of lines, does not fit the window at 9 pt; `line` is the one, never cut."""

    def __init__(self, line: str) -> None:
        self.line = line
        super().__init__(f"This address line does not fit the envelope's window: {line}")


def check_address(lines: Sequence[str], *, profile: Profile = DIN5008_B) -> None:
    """Raises AddressDoesNotFit for the first line too wide at 9 pt, or the first of the lines too many; MissingGlyph."""
    cleaned = tuple(one_line(line) for line in lines)
    address_size(cleaned, profile)
    pdf("address.typ", {"lines": cleaned, "sizes": ADDRESS_SIZES})


@lru_cache(maxsize=512)
def address_size(lines: tuple[str, ...], profile: Profile) -> float:
    """The largest size in pt at which all lines fit the field. Kept: a batch has one address for all its letters."""
    if not lines:
        raise AddressDoesNotFit("")
    if len(lines) > profile.address_lines:
        raise AddressDoesNotFit(lines[profile.address_lines])
    width = profile.text_right - profile.text_left
    widths = measured("address.typ", {"lines": lines, "sizes": ADDRESS_SIZES}, "widths")
    for size, of_lines in zip(ADDRESS_SIZES, widths, strict=True):
        if max(of_lines) <= width:
            return size
    raise AddressDoesNotFit(next(line for line, w in zip(lines, widths[-1], strict=True) if w > width))


def check_line(line: str, profile: Profile) -> None:
    """Raises AddressDoesNotFit where a single line, such as the return line, is too wide for the field at 9 pt."""
    if line:
        address_size((line,), profile)
