"""Whether an office's address fits the window of an envelope, in each language in which its title is known."""

from dataclasses import dataclass

from campaign.authorities.facts import Facts
from campaign.paper import AddressDoesNotFit, MissingGlyph, check_address
from campaign.text import country_name


@dataclass(frozen=True)
class Misfit:
    """What does not fit. `language`: that of the title, where it is the title; `line`: the one that is too long, or one too many; `character`: that no font prints."""

    language: str = ""
    line: str = ""
    character: str = ""


def misfits(facts: Facts) -> list[Misfit]:
    """Everything that cannot be printed at 9 pt in the window. Nothing is ever cut, so it is told here and not to a volunteer."""
    found: list[Misfit] = []
    country = country_name(facts.country, "en").upper()
    for language, title in facts.titles.items():
        try:
            check_address((title, *facts.lines, country))
        except AddressDoesNotFit as fault:
            found.append(Misfit(language if fault.line == title else "", fault.line))
        except MissingGlyph as fault:
            found.append(Misfit(language if fault.character in title else "", character=fault.character))
    return list(dict.fromkeys(found))
