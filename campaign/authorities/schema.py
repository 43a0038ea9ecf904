"""An office as it stands in a file: in a folder that a command imports, and in what the desk exports and takes."""

from dataclasses import replace
from typing import Annotated, Self

from pydantic import Field, model_validator

from campaign.authorities.facts import CAP, Facts
from campaign.text.values import Country, Email, Key, Language, Line, Strict

MOST_LINES = 7
MOST_AN_HOUR = 100_000
ByLanguage = Annotated[dict[Language, Line], Field(min_length=1)]
Lines = Annotated[list[Line], Field(min_length=1, max_length=MOST_LINES)]


class Authority(Strict):
    """An office that can act. `lines` are kept as typed, without the country; `office` is its title in the folder's first language."""

    key: Key
    office: Line
    country: Country
    lines: Lines
    salutation: ByLanguage
    languages: Annotated[list[Language], Field(min_length=1)]
    email: Email | None = None
    seen: Line | None = None
    office_language: Language | None = None
    """The language of `office`, where it is not the folder's first."""
    titles: ByLanguage | None = None
    """Its title in other languages."""
    more_mailboxes: list[Email] = Field(default_factory=list)
    hourly_caps: dict[str, Annotated[int, Field(gt=0, le=MOST_AN_HOUR)]] = Field(default_factory=dict)
    """Letters an hour, by mailbox, where it is not the usual number."""

    @model_validator(mode="after")
    def _mailboxes(self) -> Self:
        mailboxes = self.mailboxes
        if len(set(mailboxes)) != len(mailboxes):
            raise ValueError("the same mailbox is here twice")
        if self.more_mailboxes and self.email is None:
            raise ValueError("the first mailbox is “email”; others stand in “more_mailboxes”")
        for address in self.hourly_caps:
            if address not in mailboxes:
                raise ValueError(f"hourly_caps names “{address}”, which is none of its mailboxes")
        return self

    @property
    def mailboxes(self) -> list[str]:
        """All of them, the first one first."""
        return [*([self.email] if self.email else []), *self.more_mailboxes]

    def facts(self, first: str) -> Facts:
        """What it says, as organisers type it; `first` is the language of `office`."""
        return Facts(
            country=self.country,
            lines=tuple(self.lines),
            titles={self.office_language or first: self.office, **(self.titles or {})},
            languages=tuple(self.languages),
            salutations=dict(self.salutation),
            mailboxes={address: self.hourly_caps.get(address, CAP) for address in self.mailboxes},
            seen=self.seen,
        )

    def facts_beside(self, before: Facts, first: str) -> Facts:
        """The same for an office that is known: what the file does not speak of stays, such as titles in other languages and other mailboxes."""
        facts = self.facts(first)
        titles = facts.titles if self.titles is not None else {**before.titles, **facts.titles}
        mailboxes = list(facts.mailboxes) or list(before.mailboxes)
        if self.email is not None and not self.more_mailboxes and self.email not in before.mailboxes:
            mailboxes += list(before.mailboxes)[1:]  # the first one moved
        elif self.email is not None and not self.more_mailboxes:
            mailboxes = list(before.mailboxes)
        caps = {address: self.hourly_caps.get(address) or before.mailboxes.get(address) or facts.mailboxes[address] for address in mailboxes}
        return replace(facts, titles=titles, mailboxes=caps)
