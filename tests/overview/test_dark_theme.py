"""The sheet of a letter is light paper in the dark theme too: no colour that is made for a dark ground may stand on it."""

import re
from pathlib import Path

import campaign

STYLE = (Path(campaign.__file__).parent / "static" / "style.css").read_text(encoding="utf-8")
GROUNDS = {"--paper", "--sheet"}


def colours(selector: str, css: str) -> set[str]:
    """The colours that the first rule of this selector sets."""
    rule = re.search(re.escape(selector) + r" \{([^}]*)\}", css)
    assert rule is not None, selector
    return set(re.findall(r"(--[a-z-]+): #", rule[1])) - GROUNDS


def test_the_sheet_has_its_own_of_each_colour_that_the_dark_theme_changes() -> None:
    dark = colours(":root", STYLE[STYLE.index("prefers-color-scheme: dark") :])
    assert dark
    assert dark <= colours(".sheet", STYLE)
