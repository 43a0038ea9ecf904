"""What stands on a letter, word for word: the same on the page, on paper and in the mail."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from campaign.appeals.models import Appeal, AppealVersion
from campaign.appeals.service import target_of
from campaign.authorities.models import Authority
from campaign.authorities.service import address_block
from campaign.authorities.service import salutation as office_salutation
from campaign.letters.models import Letter
from campaign.paper import LetterSheet
from campaign.supporters.visibility import as_shown
from campaign.text import country_name, day_text


class Phrases(NamedTuple):
    """The words around a letter in one language. They are the letter's, not the page's: no reader's language changes them."""

    invitation: str
    closing: str
    greeting: str  # of a solidarity message, {name} is the defender's
    wishes: str
    nameless: str
    nameless_from: str  # {country}
    facts: str  # {day}


# The Russian names the country apart, because a name put into a sentence would have to be declined.
PHRASES = {
    "en": Phrases(
        "I would be glad to hear from you.",
        "Yours respectfully,",
        "Dear {name},",
        "With warm wishes,",
        "A supporter",
        "A supporter in {country}",
        "Facts last checked on {day}",
    ),
    "ru": Phrases(
        "Надеюсь на Ваш ответ.",
        "С уважением,",
        "Здравствуйте, {name}!",
        "С тёплыми пожеланиями,",
        "Неравнодушный человек",
        "Неравнодушный человек ({country})",
        "Факты проверены в последний раз: {day}",
    ),
}
NO_CODE = "0000-0000"


@dataclass(frozen=True)
class Draft:
    """A letter that is being written: nothing of it is kept anywhere yet."""

    appeal: Appeal
    version: AppealVersion
    authority: Authority | None
    language: str
    body: str
    name: str
    country: str
    to_authority: str
    code: str = NO_CODE


def phrases(language: str) -> Phrases:
    """The words around a letter, in English where the language has none yet."""
    return PHRASES.get(language) or PHRASES.get(language.partition("-")[0]) or PHRASES["en"]


def address_of(letter: Letter | Draft, *, posted_from: str) -> tuple[str, ...]:
    """The address block: the office, its lines, the country; for a solidarity message where messages are collected."""
    if letter.authority is None:
        return tuple(letter.appeal.collect_lines or ())
    return address_block(letter.authority, posted_from=posted_from)


def salutation_of(letter: Letter | Draft) -> str:
    """How the letter begins: as the appeal says, else as the office is addressed; a solidarity message with the name."""
    if letter.authority is None:
        return phrases(letter.language).greeting.format(name=defender_name(letter.appeal, letter.language))
    target = target_of(letter.appeal, letter.authority.id)
    return office_salutation(letter.authority, language=letter.language, overrides=target.salutations if target else None)


def body_of(letter: Letter | Draft) -> str:
    """The writer's words, and for an office the line that invites a reply."""
    return letter.body if letter.authority is None else f"{letter.body}\n\n{phrases(letter.language).invitation}"


def closing_of(letter: Letter | Draft) -> str:
    """The line above the signature."""
    said = phrases(letter.language)
    return said.wishes if letter.authority is None else said.closing


def signature_of(letter: Letter | Draft) -> str:
    """The line below it, as the writer chose to be seen: “Anna, Sweden”, or “A supporter in Sweden”."""
    shown = as_shown(letter.to_authority, name=letter.name, country=letter.country)
    country = country_name(shown.country, letter.language) if shown.country else ""
    if shown.name:
        return f"{shown.name}, {country}" if country else shown.name
    said = phrases(letter.language)
    return said.nameless_from.format(country=country) if country else said.nameless


def facts_line(letter: Letter | Draft) -> str:
    """The day on which the facts of the case were last checked. A message states none, and must not speak of the case at all: ""."""
    if letter.appeal.kind == "solidarity":
        return ""
    return phrases(letter.language).facts.format(day=day_text(letter.appeal.case.checked_on, letter.language))


def sheet_of(letter: Letter | Draft, *, posted_from: str, mark: str, today: date) -> LetterSheet:
    """The letter as it is printed. `posted_from` decides the language of the country's line; `mark` is the sample's.

    It carries no sender beside the window: the signature says as much about the writer as the writer allowed.
    """
    return LetterSheet(
        code=letter.code,
        address=address_of(letter, posted_from=posted_from),
        return_line="",
        sender=(),
        date_line=day_text(today, letter.language),
        salutation=salutation_of(letter),
        body=body_of(letter),
        closing=closing_of(letter),
        signature=signature_of(letter),
        facts_line=facts_line(letter),
        language=letter.language,
        mark=mark,
    )


def plain_text(letter: Letter | Draft) -> str:
    """The letter as the body of a mail: salutation, words, closing, signature, and when the facts were checked."""
    signed = f"{closing_of(letter)}\n{signature_of(letter)}"
    return "\n\n".join((salutation_of(letter), body_of(letter), signed, facts_line(letter))) + "\n"


def defender_name(appeal: Appeal, language: str) -> str:
    """The defender's name; in a language that is written in Cyrillic in its own script, where that is Cyrillic too."""
    names = {name.kind: name.text for name in reversed(appeal.case.names)}
    native = names.get("native", "")
    cyrillic = "Ѐ" <= native[:1] <= "ӿ"
    return native if language in ("ru", "kk", "ky", "tg") and cyrillic else names.get("main", native)
