"""The address field, measured on the rendered page as an envelope would show it (DIN 5008 form B: 20-105 by 45-90 mm)."""

from dataclasses import replace

import pytest

from campaign.paper import DIN5008_B, AddressDoesNotFit, MissingGlyph, Profile, check_address, letters_pdf
from tests.paper.eyes import Picture, picture
from tests.paper.sheets import a_letter, longest_address

MARK = "Sample, do not post"


def outside_the_window(page: Picture) -> list[tuple[float, float]]:
    """Ink left of the sender's block and above the text that no window would show: the window painted out, as it were."""
    return [(x, y) for x, y in page.ink(0, 30, 120, 97) if not (20 <= x <= 105 and 45 <= y <= 90)]


def printed(profile: Profile = DIN5008_B, **changes: object) -> Picture:
    return picture(letters_pdf([a_letter(**changes)], profile=profile))


def test_the_longest_real_address_lies_wholly_inside_the_window() -> None:
    page = printed(address=longest_address(), mark=MARK)
    assert outside_the_window(page) == []
    assert len(page.ink(20, 62.7, 105, 90)) > 1000


def test_six_lines_lie_inside_the_window_and_below_the_return_line() -> None:
    page = printed(address=tuple(f"Line {n} of the office, gjpqy" for n in range(1, 7)), mark=MARK)
    assert outside_the_window(page) == []
    assert page.ink(20, 61.5, 105, 62.6) == []


@pytest.mark.parametrize(
    "moved",
    [replace(DIN5008_B, text_left=26.0, text_right=108.0), replace(DIN5008_B, address_top=80.0, address_bottom=107.0)],
    ids=["to the right", "down"],
)
def test_an_address_moved_out_of_the_window_is_seen(moved: Profile) -> None:
    page = printed(profile=moved, address=longest_address())
    assert outside_the_window(page) != []


def test_the_folds_are_marked_at_105_and_210_mm() -> None:
    heights = {round(y) for _x, y in printed().ink(4, 0, 12, 297)}
    assert heights == {105, 210}


def test_a_long_sender_pushes_the_text_down_and_never_into_the_address() -> None:
    page = printed(sender=("W" * 200,), date_line="W" * 16, address=longest_address(), salutation="Dear Sir,", body="I write.")
    assert outside_the_window(page) == []
    sender = max(y for _x, y in page.ink(124, 45, 183, 270))
    text = min(y for _x, y in page.ink(20, 91, 60, 270))
    assert 98 < sender < text


def test_a_line_too_wide_at_nine_points_is_named() -> None:
    wide = "Directorate of Exceedingly Long Names of the Test Authority of the Republic of Exampleland"
    with pytest.raises(AddressDoesNotFit) as refused:
        check_address(("Test Authority", wide, "EXAMPLELAND"), profile=DIN5008_B)
    assert refused.value.line == wide
    with pytest.raises(AddressDoesNotFit):
        letters_pdf([a_letter(address=("Test Authority", wide, "EXAMPLELAND"))])


def test_the_line_too_many_is_named() -> None:
    lines = [f"Line {n}" for n in range(1, 8)]
    with pytest.raises(AddressDoesNotFit) as refused:
        check_address(lines, profile=DIN5008_B)
    assert refused.value.line == "Line 7"


def test_a_return_line_too_wide_is_refused_like_any_other() -> None:
    with pytest.raises(AddressDoesNotFit):
        letters_pdf([a_letter(return_line="Test Group · " * 12)])


def test_every_real_address_fits() -> None:
    check_address(longest_address(), profile=DIN5008_B)


def test_an_address_no_font_can_print_is_refused_before_a_letter_is_written() -> None:
    with pytest.raises(MissingGlyph):
        check_address(("中央", "EXAMPLELAND"), profile=DIN5008_B)
