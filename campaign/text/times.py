"""Days and numbers, as the page's language writes them; nothing is padded that is not known."""

from datetime import date, datetime
from functools import lru_cache

from babel import Locale
from babel.dates import format_date, format_skeleton
from babel.numbers import format_decimal
from flask_babel import get_locale

from campaign.text.places import parsed


def _locale(language: str | None) -> Locale:
    return parsed(language) if language else get_locale() or Locale("en")


def day_text(value: date | datetime | str, language: str | None = None) -> str:
    """A day, a month or a year, with the precision that is known: `11 March 2026`, `July 2022`, `2015`."""
    locale = _locale(language)
    if isinstance(value, datetime):
        value = value.date()
    if isinstance(value, date):
        return _day(value, str(locale))
    if len(value) == 10:
        return day_text(date.fromisoformat(value), language)
    if len(value) == 7:
        return _keep_together(format_skeleton("yMMMM", date.fromisoformat(value + "-01"), locale=locale))
    return value


@lru_cache(maxsize=4096)
def _day(value: date, tag: str) -> str:
    locale = Locale.parse(tag)
    return _keep_together(_british(format_date(value, "long", locale=locale), value, locale))


def _british(text: str, value: date, locale: Locale) -> str:
    # Plain "en" writes the month first; most readers of English here do not.
    return format_date(value, "d MMMM y", locale=locale) if str(locale) == "en" else text


def _keep_together(text: str) -> str:
    return text.replace(" ", "\u00a0")


def number_text(value: int, language: str | None = None) -> str:
    """A whole number with the language's own grouping."""
    return format_decimal(value, locale=_locale(language))
