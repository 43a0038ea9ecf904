"""Rendering and translation, behind functions that do not show Flask."""

from collections.abc import Callable

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as lazy

from campaign.text.places import country_line, country_name, language_name, language_names
from campaign.text.render import Said, markdown, one_language, reading_language, render, right_to_left, said, speaking
from campaign.text.times import day_text, number_text

_: Callable[..., str] = gettext  # it comes without types

__all__ = [
    "Said",
    "_",
    "country_line",
    "country_name",
    "day_text",
    "language_name",
    "language_names",
    "lazy",
    "markdown",
    "ngettext",
    "number_text",
    "one_language",
    "reading_language",
    "render",
    "right_to_left",
    "said",
    "speaking",
]
