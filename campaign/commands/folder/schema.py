"""What may stand in each file of a folder, and nothing else. The words for status, kind and demand are those of cases.yaml."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from campaign.appeals.schema import Appeal, AppealWords, Number
from campaign.authorities.schema import MOST_LINES, Authority
from campaign.cases.facts import Case, CaseWords, Source
from campaign.organisers.organisations import LinkWrong, check_link
from campaign.text.values import Country, Email, FullDate, Key, Language, Line, Strict, Text

__all__ = ["MOST_LINES", "Appeal", "AppealWords", "Authority", "Case", "CaseWords", "Drive", "Manifest", "OpenLetter", "Organisation", "Person", "Source"]


class Organisation(Strict):
    """An organisation that signed an open letter."""

    key: Key
    name: Line
    short: Line | None = None
    country: Country | None = None
    clause: Line | None = None


class OpenLetter(Strict):
    """A text that organisations signed; `signed` is in the order of signature, `addressed_to` an office's key or plain words."""

    key: Key
    date: FullDate
    addressed_to: Line
    demand: Line
    signed: Annotated[list[Key], Field(min_length=1)]


class GroupWords(Strict):
    """One language's wording for an organisation that campaigns; `about` is Markdown."""

    name: Line
    about: Text


class Group(Strict):
    """An organisation that campaigns. Not one that signs an open letter: those have agreed to nothing here."""

    key: Key
    texts: Annotated[dict[Language, GroupWords], Field(min_length=1)]


class PartnerLink(Strict):
    """How to help it beyond letters."""

    kind: Literal["follow", "give", "join"]
    address: Line

    @field_validator("address")
    @classmethod
    def _https(cls, address: str) -> str:
        try:
            return check_link(address)
        except LinkWrong:
            raise ValueError(f"“{address}” is no address of the kind https://name.example/page") from None


class Partner(Group):
    """An organisation that campaigns on this site: beside its page, its people and what belongs to it (of a case, its appeals too)."""

    links: list[PartnerLink] = Field(default_factory=list)
    cases: list[Key] = Field(default_factory=list)
    drives: list[Key] = Field(default_factory=list)
    people: list[Key] = Field(default_factory=list)


class DriveWords(Strict):
    """One language's wording for a drive."""

    name: Line
    lead: Line


class Drive(Strict):
    """A season that gathers cases under one name, one goal and two dates."""

    key: Key
    starts: FullDate
    ends: FullDate
    goal: Number
    cases: Annotated[list[Key], Field(min_length=1)]
    partners: list[Key] = Field(default_factory=list)
    texts: Annotated[dict[Language, DriveWords], Field(min_length=1)]

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        if self.ends < self.starts:
            raise ValueError("a drive ends after it starts")
        return self


class Person(Strict):
    """Somebody who gets a login. No password: it is made when the folder is loaded."""

    key: Key
    name: Line
    email: Email
    role: Literal["organiser", "reviewer", "volunteer"]
    country: Country
    """Where a volunteer posts from."""


class Manifest(Strict):
    """What the folder is: a sample or not, its languages (the first is that of cases.yaml), the day its facts were last checked."""

    sample: bool
    checked_on: FullDate
    languages: Annotated[list[Language], Field(min_length=1)]
    featured: list[Key] = Field(default_factory=list)
    """The cases the home page begins with, in order."""
