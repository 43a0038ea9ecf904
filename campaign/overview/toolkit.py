"""The toolkit of a case in a drive: what stands on each sheet, from what the case and its open calls state and nothing else."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from campaign.appeals.drives import service as drives
from campaign.appeals.models import Appeal, Drive
from campaign.appeals.service import current, target_of, words
from campaign.authorities.models import Authority
from campaign.authorities.service import address_block, office, salutation
from campaign.cases.models import TimelineEntry
from campaign.letters import offer
from campaign.letters.sheet import defender_name, phrases
from campaign.overview import cloth
from campaign.overview.qr import qr_code
from campaign.overview.service import Person, open_appeals
from campaign.overview.toolkit_words import WORDS, Words, demand_words, status_word
from campaign.paper import AddressSheet, CardSheet, Code, CodesSheet, Event, SampleSheet, Sheet, StepsSheet, Toolkit
from campaign.text import country_name, day_text, number_text, one_language

PARTS = ("all", "card", "how-to", "letters", "addresses", "codes")


class NoToolkit(Exception):
    """The case is not in the drive, nothing is open for it, or there are no sheets in this language or of this kind."""


@dataclass(frozen=True)
class Site:
    """What the sheets need to know of the site: how a page's address is made, where letters are posted from, the sample's mark."""

    case_address: Callable[[str], str]
    appeal_address: Callable[[Appeal], str]
    posted_from: str
    mark: str


@dataclass(frozen=True)
class Evening:
    """A case in a drive with its open calls: what the toolkit is made of."""

    drive: Drive
    person: Person
    appeals: list[Appeal]

    @property
    def languages(self) -> list[str]:
        """The languages in which both the drive and a call say something, and sheets have words."""
        said = {text.language for text in self.drive.texts} & {text.language for appeal in self.appeals for text in current(appeal).texts}
        return [language for language in WORDS if language in said]

    @property
    def parts(self) -> list[str]:
        """The sheets there are: letters and addresses only where somebody may post a letter themselves."""
        posted = any(posting(appeal) for appeal in self.appeals)
        return [part for part in PARTS if posted or part not in ("letters", "addresses")]


def evening(slug: str, case_slug: str, *, now: datetime) -> Evening:
    """A public case of a public drive, with its open calls. Raises DriveUnknown, NoToolkit."""
    drive = drives.find_public(slug)
    case = next((case for case in drives.public_cases(drive) if case.slug == case_slug), None)
    found = open_appeals([case], now=now) if case is not None else []
    if case is None or not found:
        raise NoToolkit(case_slug)
    return Evening(drive, Person(case), found)


def compose(of: Evening, *, part: str, language: str, site: Site) -> Toolkit:
    """One part of the toolkit, or all of it, in one language. Raises NoToolkit."""
    if part not in of.parts or language not in of.languages:
        raise NoToolkit(part)
    said = WORDS[language]
    makers = {"card": _card, "how-to": _how_to, "letters": _letters, "addresses": _addresses, "codes": _codes}
    wanted = [name for name in of.parts if name != "all" and part in ("all", name)]
    name, drive = _name(of, language), one_language(of.drive.texts, language)
    return Toolkit(
        title=said.title.format(name=name, drive=drive.name if drive else ""),
        language=language,
        facts_line=said.facts.format(day=day_text(of.person.case.checked_on, language)),
        page=said.page,
        sheets=tuple(sheet for one in wanted for sheet in makers[one](of, said, language, site)),
        mark=site.mark,
    )


def posting(appeal: Appeal) -> list[Authority | None]:
    """The offices to which somebody may post themselves: verified ones alone; None for the place where messages are collected."""
    places: list[Authority | None] = [None] if appeal.kind == "solidarity" else [*offer.offices(appeal)]
    return [place for place in places if "self" in offer.ways(appeal, place)]


def _name(of: Evening, language: str) -> str:
    return defender_name(of.appeals[0], language)


def _card(of: Evening, said: Words, language: str, site: Site) -> list[Sheet]:
    case, person = of.person.case, of.person
    roles = one_language(case.texts, language)
    held = person.held
    rows = [
        (said.roles, ", ".join(roles.roles) if roles else ""),
        (said.country, country_name(case.country, language)),
        (said.status, status_word(case.status, language)),
        (said.held, said.held_for.format(days=number_text(held.days, language), news=day_text(held.as_of, language)) if held else ""),
        (said.news, "" if held else day_text(case.as_of, language)),
    ]
    address = site.case_address(case.slug)
    return [
        CardSheet(
            cloth=str(cloth.svg(case.slug)),
            name=person.name,
            native=person.native or "",
            native_language=person.native_language or language,
            rows=tuple(row for row in rows if row[1]),
            asks_title=said.asks_title,
            asks=said.asks.format(demands=demand_words(person.asked, language)),
            events_title=said.events_title,
            events=tuple(_event(entry, said, language) for entry in case.timeline),
            code=Code(str(qr_code(address)), said.read, address, "", said.spoken.format(address=address)),
        )
    ]


def _event(entry: TimelineEntry, said: Words, language: str) -> Event:
    text = one_language(entry.texts, language)
    assert text is not None, "an entry is never kept without words"
    published = f", {day_text(entry.source.published_on, language)}" if entry.source.published_on else ""
    return Event(day_text(entry.day, language), text.text, said.source.format(publisher=entry.source.publisher) + published, text.language)


def _how_to(of: Evening, said: Words, language: str, site: Site) -> list[Sheet]:
    return [StepsSheet(said.how_title, said.how_lead, ((said.letter_title, said.letter_steps), (said.evening_title, said.evening_steps)))]


def _letters(of: Evening, said: Words, language: str, site: Site) -> list[Sheet]:
    return [_sample(of, appeal, place, said, language, site) for appeal in of.appeals for place in posting(appeal)]


def _sample(of: Evening, appeal: Appeal, place: Authority | None, said: Words, language: str, site: Site) -> SampleSheet:
    version = current(appeal)
    spoken = offer.best_language(version, place, wished=language)
    around, name = phrases(spoken), _name(of, language)
    if place is None:
        rules = tuple(line.removeprefix("- ").strip() for line in words(version, language).rules.splitlines() if line.strip())
        title, lead, lines, body, closing = said.message_title, said.message_lead, tuple(appeal.collect_lines or ()), said.message_body, around.wishes
        begins = around.greeting.format(name=defender_name(appeal, spoken))
    else:
        target = target_of(appeal, place.id)
        title, lead, lines, closing, rules = said.letters_title, said.letters_lead, address_block(place, posted_from=site.posted_from), around.closing, ()
        body = f"{offer.outline(version, spoken)}\n\n{around.invitation}"
        begins = salutation(place, language=spoken, overrides=target.salutations if target else None)
    return SampleSheet(
        title=title.format(name=name),
        lead=lead,
        address=lines,
        salutation=begins,
        body=body,
        closing=closing,
        signing=said.signing,
        rules_title=said.rules_title,
        rules=rules,
        language=spoken,
    )


def _addresses(of: Evening, said: Words, language: str, site: Site) -> list[Sheet]:
    places: dict[str, tuple[str, tuple[str, ...], str]] = {}
    for appeal in of.appeals:
        for place in posting(appeal):
            if place is None:
                places["-"] = (said.collected.format(name=_name(of, language)), tuple(appeal.collect_lines or ()), "")
            else:
                places[place.key] = (str(office(place, language)), address_block(place, posted_from=site.posted_from), "")
    return [AddressSheet(said.addresses_title, said.addresses_lead, tuple(places.values()))]


def _codes(of: Evening, said: Words, language: str, site: Site) -> list[Sheet]:
    codes = []
    for appeal in of.appeals:
        address = site.appeal_address(appeal)
        until = said.until.format(day=day_text(appeal.act_before, language))
        codes.append(Code(str(qr_code(address)), words(current(appeal), language).title, address, until, said.spoken.format(address=address)))
    return [CodesSheet(said.codes_title.format(name=_name(of, language)), said.codes_lead, tuple(codes))]
