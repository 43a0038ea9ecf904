"""Names of countries, in the reader's language and on envelopes."""

import unicodedata
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from flask_babel import get_locale

_NO_PLACES = {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
_ON_ENVELOPES = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "HEBREW", "ARABIC")
"""The scripts that the fonts of our sheets have."""


@lru_cache(maxsize=256)
def parsed(language: str) -> Locale:
    """The locale of a tag such as `pt-BR`; looking it up costs more than using it."""
    return Locale.parse(language, sep="-")


@lru_cache(maxsize=64)
def countries(language: str) -> tuple[tuple[str, str], ...]:
    """All countries as (ISO 3166-1 alpha-2, name), sorted by name."""
    names = Locale.parse(language, sep="-").territories
    rows = [(code, name) for code, name in names.items() if len(code) == 2 and code.isalpha() and code not in _NO_PLACES]
    return tuple(sorted(rows, key=lambda row: row[1].casefold()))


def country_name(code: str, language: str | None = None) -> str:
    """A country's name in `language`, or in that of the page."""
    locale = parsed(language) if language else get_locale() or Locale("en")
    return str(locale.territories.get(code, code))


def language_name(tag: str) -> str:
    """A language's name in that of the page; its code where nobody knows it."""
    locale = get_locale() or Locale("en")
    return str(locale.languages.get(tag.partition("-")[0], tag)) + (f" ({tag})" if "-" in tag else "")


@lru_cache(maxsize=4096)
def country_line(code: str, *, posted_from: str) -> str:
    """The last line of an international address: the country alone, in capitals, in the language of the country it is posted from.

    Source: Universal Postal Union, S42. A letter that stays in its country has no such line: "". In English where that
    language is written in a script that no font of ours has: post offices know the name, and a letter without the line is lost.
    """
    if code == posted_from:
        return ""
    spoken = get_official_languages(posted_from, de_facto=True) or ("en",)
    for language in (*spoken, "en"):
        name = Locale.parse(language).territories.get(code) if known_language(language) else None
        if name and _can_be_printed(name):
            return str(name).upper()
    return code


def _can_be_printed(name: str) -> bool:
    return all(unicodedata.name(char, "").startswith(_ON_ENVELOPES) for char in name if unicodedata.category(char) in ("Ll", "Lu", "Lt", "Lo"))


@lru_cache(maxsize=256)
def known_language(language: str) -> bool:
    """Whether names of countries and languages are known in it."""
    try:
        Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        return False
    return True


@lru_cache(maxsize=64)
def languages_of(language: str) -> tuple[tuple[str, str], ...]:
    """Languages of two letters as (tag, name in `language`), sorted by name: those in which letters are written."""
    rows = [(tag, name) for tag, name in parsed(language).languages.items() if len(tag) == 2 and known_language(tag)]
    return tuple(sorted(rows, key=lambda row: row[1].casefold()))


def language_names() -> tuple[tuple[str, str], ...]:
    """The same in the language of the page."""
    return languages_of(str(get_locale() or "en").replace("_", "-"))
