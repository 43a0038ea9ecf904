"""A petition as it is handed over: a mail with the count, and a book of the names as each signer allowed."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from campaign.appeals.service import counts_by_country, current, said_count, target_of, words
from campaign.authorities.service import office, salutation
from campaign.cases.service import main_name
from campaign.db import now_utc
from campaign.dispatch.alias import REPLY, alias
from campaign.dispatch.message import Sender, message_id
from campaign.dispatch.models import PetitionDelivery
from campaign.mail.build import TemplateWrong, one_line
from campaign.paper import MissingGlyph, NameLine, NamesBook, names_pdf
from campaign.petitions.lines import line
from campaign.petitions.names import names_for_authority
from campaign.text import _, country_name, day_text, number_text, render, speaking

UNPRINTABLE = "?"
NAMES_IN_A_FILE = 5000
MOST_UNPRINTABLE = 40
"""Different characters that no font has; a book with more of them is not a book of names."""


@dataclass(frozen=True)
class Handover:
    """The finished mail, and how many signatures it hands over."""

    message: bytes
    signatures: int


def hand_over_petition(delivery: PetitionDelivery, *, address: str, sender: Sender, languages: list[str], mark: str) -> Handover:
    """Make the mail to one office. `languages` are those the site speaks, `mark` is the sample's. Raises MissingGlyph."""
    language = next((tag for tag in delivery.authority.languages if tag in languages), languages[0])
    countries = counts_by_country(delivery.appeal_id)
    signatures = sum(count for _country, count in countries)
    with speaking(language):
        book = _book(delivery, countries, signatures, language=language, mark=mark)
    message = _message(delivery, signatures, sender=sender, language=language, mark=mark)
    message["To"] = address
    for number, pdf in enumerate(printed(book), start=1):
        name = delivery.appeal.slug if number == 1 else f"{delivery.appeal.slug}-{number}"
        message.add_attachment(pdf, maintype="application", subtype="pdf", filename=f"{name}.pdf")
    return Handover(message.as_bytes(), signatures)


def _facts(delivery: PetitionDelivery) -> str:
    return _("Facts last checked on %(day)s", day=day_text(delivery.appeal.case.checked_on))


def _book(delivery: PetitionDelivery, countries: list[tuple[str, int]], signatures: int, *, language: str, mark: str) -> NamesBook:
    appeal, authority = delivery.appeal, delivery.authority
    said = words(current(appeal), next(iter(authority.languages), language))
    shown = [NameLine(line(signer.shown, language=language), signer.comment) for signer in names_for_authority(appeal.id)]
    return NamesBook(
        title=said.title,
        lead=_("A petition for %(name)s", name=main_name(appeal.case)),
        text=said.text,
        rows=((_("To"), office(authority, language)), (_("Signatures"), said_count(signatures)), (_("Handed over on"), day_text(now_utc()))),
        countries_title=_("By country"),
        countries_head=(_("Country"), _("Signatures")),
        countries=tuple((country_name(country, language), said_count(count)) for country, count in countries),
        names_title=_("Names, as each signer wished to be known to you: %(count)s", count=number_text(len(shown)) if len(shown) >= 5 else said_count(len(shown))),
        names=tuple(shown),
        facts_line=_facts(delivery),
        language=language,
        page=_("Page {n} of {m}"),
        mark=mark,
    )


def printed(book: NamesBook) -> Iterator[bytes]:
    """The book as files of at most so many names: what the typesetter needs grows with each name. The first one holds the text."""
    yield _one_file(replace(book, names=book.names[:NAMES_IN_A_FILE]))
    for start in range(NAMES_IN_A_FILE, len(book.names), NAMES_IN_A_FILE):
        part = book.names[start : start + NAMES_IN_A_FILE]
        yield _one_file(replace(book, text="", countries=(), names=part, first=start + 1))


def _one_file(book: NamesBook) -> bytes:
    # One strange character in one name must not keep thousands of others from being handed over.
    for _attempt in range(MOST_UNPRINTABLE):
        try:
            return names_pdf(book)
        except MissingGlyph as fault:
            gone = str.maketrans(dict.fromkeys(fault.character, UNPRINTABLE))
            book = replace(book, names=tuple(NameLine(name.shown.translate(gone), name.comment.translate(gone)) for name in book.names))
    return names_pdf(book)


def _message(delivery: PetitionDelivery, signatures: int, *, sender: Sender, language: str, mark: str) -> EmailMessage:
    appeal, authority = delivery.appeal, delivery.authority
    said = words(current(appeal), language)
    target = target_of(appeal, authority.id)
    with speaking(language):
        facts, count = _facts(delivery), said_count(signatures)
    text = render(
        "dispatch/emails/petition.txt",
        language=language,
        title=said.title,
        asked=said.text,
        name=main_name(appeal.case),
        salutation=salutation(authority, language=language, overrides=target.salutations if target else None),
        count=count,
        facts=facts,
        reason=delivery.reason,
        site_name=sender.name,
        sample=bool(mark),
        mark=mark,
    )
    head, _between, body = text.lstrip().partition("\n\n")
    if not head.startswith("Subject: "):
        raise TemplateWrong("dispatch/petition")
    message = EmailMessage(policy=SMTP)
    message["From"] = formataddr((one_line(sender.name), sender.address))
    message["Reply-To"] = alias(REPLY, delivery.id, domain=sender.domain)
    message["Subject"] = one_line(head.removeprefix("Subject: "))
    message["Date"] = format_datetime(now_utc())
    message["Message-ID"] = message_id(delivery.message_id, sender.domain)
    message["Content-Language"] = language
    message.set_content(body.strip() + "\n", charset="utf-8")
    return message
