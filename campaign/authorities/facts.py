"""What organisers type about an office, apart from its rows: to compare, to keep each version of, and to ask a second person about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from campaign.authorities.models import Authority, AuthorityText, Mailbox
from campaign.text.spelling import fold

CAP = 60
"""Letters an hour that a mailbox takes unless its organiser says otherwise."""
TITLE, SALUTATION = "title", "salutation"


@dataclass(frozen=True)
class Facts:
    """An office as it is typed. `mailboxes`: the hourly cap of each address."""

    country: str
    lines: tuple[str, ...]
    titles: Mapping[str, str]
    languages: tuple[str, ...] = ()
    salutations: Mapping[str, str] = field(default_factory=dict)
    mailboxes: Mapping[str, int] = field(default_factory=dict)
    seen: str | None = None


def facts_of(authority: Authority) -> Facts:
    """An office as its rows have it."""
    texts = sorted(authority.texts, key=lambda text: text.language)
    return Facts(
        country=authority.country,
        lines=tuple(authority.lines),
        titles={text.language: text.office for text in texts if text.office},
        languages=tuple(authority.languages),
        salutations={text.language: text.salutation for text in texts if text.salutation},
        mailboxes={mailbox.address: mailbox.hourly_cap for mailbox in authority.mailboxes},
        seen=authority.seen,
    )


def address_said(facts: Facts) -> dict[str, Any]:
    """What decides where a letter goes, name by name: the title stands on the envelope too."""
    return {**_by_language(TITLE, facts.titles), "address lines": list(facts.lines), "country": facts.country, "mailboxes": sorted(facts.mailboxes)}


def said(facts: Facts) -> dict[str, Any]:
    """All of it, name by name, as it is kept and compared."""
    return {
        **address_said(facts),
        **_by_language(SALUTATION, facts.salutations),
        "languages": list(facts.languages),
        "hourly caps": [f"{address}: {cap}" for address, cap in facts.mailboxes.items()],
        "seen": facts.seen,
    }


def with_address(facts: Facts, address: Mapping[str, Any]) -> Facts:
    """The same office under the address that `address_said` gave. A mailbox that is new has the usual cap."""
    return Facts(
        country=address["country"],
        lines=tuple(address["address lines"]),
        titles=_languages(TITLE, address),
        languages=facts.languages,
        salutations=facts.salutations,
        mailboxes={mailbox: facts.mailboxes.get(mailbox, CAP) for mailbox in address["mailboxes"]},
        seen=facts.seen,
    )


def put(authority: Authority, facts: Facts) -> None:
    """Make the rows say so. A mailbox whose address changed is another row: nothing that is being sent to the old one takes it for the new one."""
    authority.country, authority.seen = facts.country, facts.seen
    authority.lines, authority.languages = list(facts.lines), list(facts.languages)
    rows = {text.language: text for text in authority.texts}
    for language in {**facts.titles, **facts.salutations}:
        text = rows.pop(language, None) or AuthorityText(language=language)
        text.office, text.salutation = facts.titles.get(language), facts.salutations.get(language)
        if text not in authority.texts:
            authority.texts.append(text)
    for text in rows.values():
        authority.texts.remove(text)
    _put_mailboxes(authority, facts.mailboxes)
    authority.search = found_by(authority.key, facts)


def found_by(key: str, facts: Facts) -> str:
    """All that an office is found by, folded: its titles in every language, its lines, its mailboxes."""
    return " ".join(fold(part) for part in (key, *facts.titles.values(), *facts.lines, *facts.mailboxes))


def _put_mailboxes(authority: Authority, wanted: Mapping[str, int]) -> None:
    rows = {mailbox.address: mailbox for mailbox in authority.mailboxes}
    for address, cap in wanted.items():
        if address in rows:
            rows.pop(address).hourly_cap = cap
        else:
            authority.mailboxes.append(Mailbox(address=address, hourly_cap=cap))
    for mailbox in rows.values():
        authority.mailboxes.remove(mailbox)


def _by_language(name: str, texts: Mapping[str, str]) -> dict[str, str]:
    return {f"{name} ({language})": text for language, text in sorted(texts.items())}


def _languages(name: str, said: Mapping[str, Any]) -> dict[str, str]:
    return {key[len(name) + 2 : -1]: text for key, text in said.items() if key.startswith(f"{name} (")}
