"""Where things stand on a sheet so that the address shows in an envelope's window. All lengths in mm from the top left."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Profile:
    """One kind of sheet and window: the field that shows, the lines in it, the folds, and the room for the text."""

    code: str
    width: float
    height: float
    # What the window shows, whatever way the sheet slips in its envelope.
    field_left: float
    field_right: float
    field_top: float
    field_bottom: float
    # The lines inside the field: a small one to return to, a line for a mark, then the address.
    text_left: float
    text_right: float
    return_top: float
    mark_top: float
    address_top: float
    address_bottom: float
    # The sender's block beside the window, and the text below it.
    info_left: float
    body_top: float
    body_bottom: float
    foot_top: float
    banner_top: float
    margin_left: float
    margin_right: float
    folds: tuple[float, ...]
    fold_x: float
    fold_length: float
    address_lines: int


# DIN 5008:2020, form B, on A4, for DL and C5/6 window envelopes after DIN 680: address field 20-105 by 45-90, of which the
# upper 17.7 mm hold the return line and remarks and the lower 27.3 mm six address lines; text from 98.46; folds at 105 and
# 210. The standard sets text 5 mm into the field; here it is 2.5, in the field all the same, because the longest office
# known (61 letters) needs 82 mm at 9 pt, and the text below keeps the same edge.
DIN5008_B = Profile(
    code="din5008-b",
    width=210.0,
    height=297.0,
    field_left=20.0,
    field_right=105.0,
    field_top=45.0,
    field_bottom=90.0,
    text_left=22.5,
    text_right=104.5,
    return_top=49.0,
    mark_top=56.5,
    address_top=62.7,
    address_bottom=90.0,
    info_left=125.0,
    body_top=98.5,
    body_bottom=274.0,
    foot_top=279.5,
    banner_top=17.0,
    margin_left=22.5,
    margin_right=27.5,
    folds=(105.0, 210.0),
    fold_x=5.0,
    fold_length=5.0,
    address_lines=6,
)
