"""The kinds of values that people type, in files and in forms, each with the sentence that says what is wrong with another."""

import re
import unicodedata
from datetime import date
from typing import Annotated, Any

from babel import Locale
from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

# Letters, marks and numbers apart, a text may hold line ends and the joiners that Persian and emoji need.
SHOWN = {"\n", "\u200c", "\u200d"}
PARTS = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?")
COUNTRIES = frozenset(code for code in map(str, Locale("en").territories) if len(code) == 2 and code.isalpha()) - {"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"}
LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Z][a-z]{3})?(-[A-Z]{2})?")
KEY = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
WEB_ADDRESS = re.compile(r"https?://[^\s/:@\"<>\\]+\.[^\s/:@\"<>\\]+(:[0-9]{1,5})?(/[^\s\"<>\\]*)?")
EARLIEST_YEAR = 1900


def _text(value: Any) -> str:
    if value is True or value is False or isinstance(value, int):
        raise ValueError(f"must be text; write “{value}” in quotes if it is meant as text")
    if not isinstance(value, str):
        raise ValueError("must be text")  # noqa: TRY004  pydantic takes a ValueError as a fault of the file
    if not value.strip():
        raise ValueError("must not be empty")
    for character in value:
        if character not in SHOWN and (unicodedata.category(character) in ("Cc", "Cf", "Co", "Cs") or character in "\u2028\u2029"):
            raise ValueError(f"has a character that does not show (U+{ord(character):04X})")
    return value.strip()


def _one_line(value: str) -> str:
    if "\n" in value:
        raise ValueError("must be on one line")
    return value


def _partial_date(value: Any) -> str:
    text = str(value) if isinstance(value, int) and not isinstance(value, bool) else value
    match = PARTS.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError(f"“{value}” is not a day, a month or a year (2025-01-10, 2025-01 or 2025)")
    year, month, day = (int(part) if part else 1 for part in match.groups())
    _day(year, month, day, str(text))
    return str(text)


def _full_date(value: Any) -> date:
    match = PARTS.fullmatch(value) if isinstance(value, str) else None
    if match is None or match.group(3) is None:
        raise ValueError(f"“{value}” is not a full day (2025-01-10)")
    return _day(int(match.group(1)), int(match.group(2)), int(match.group(3)), str(value))


def _day(year: int, month: int, day: int, text: str) -> date:
    if year < EARLIEST_YEAR:
        raise ValueError(f"“{text}” is before {EARLIEST_YEAR}")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"“{text}” is not in the calendar") from None


def _country(value: str) -> str:
    if value not in COUNTRIES:
        raise ValueError(f"“{value}” is not a country: two capital letters of ISO 3166, such as KG")
    return value


def _email(value: str) -> str:
    try:
        found = validate_email(value, check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError:
        raise ValueError(f"“{value}” is not an e-mail address") from None
    # A domain with other letters is kept as mail servers say it: most take no other.
    return found.ascii_email or found.normalized


def _web_address(value: str) -> str:
    if WEB_ADDRESS.fullmatch(value) is None:
        raise ValueError(f"“{value}” is not the address of a page: https://…")
    return value


def _like(pattern: re.Pattern[str], sentence: str) -> Any:
    def check(value: str) -> str:
        if pattern.fullmatch(value) is None:
            raise ValueError(f"“{value}” {sentence}")
        return value

    return AfterValidator(check)


Text = Annotated[str, BeforeValidator(_text), Field(max_length=20_000)]
Line = Annotated[Text, AfterValidator(_one_line), Field(max_length=500)]
Key = Annotated[Line, _like(KEY, "is not a key: small letters, digits and single hyphens"), Field(max_length=80)]
Country = Annotated[Line, AfterValidator(_country)]
Language = Annotated[Line, _like(LANGUAGE, "is not a language: a code such as en, ru or tg")]
WebAddress = Annotated[Line, AfterValidator(_web_address)]
Email = Annotated[Line, AfterValidator(_email)]
EMAIL: TypeAdapter[str] = TypeAdapter(Email)
PartialDate = Annotated[str, BeforeValidator(_partial_date)]
FullDate = Annotated[date, BeforeValidator(_full_date)]


class Strict(BaseModel):
    """Nothing is guessed: no unknown key, no value of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)
