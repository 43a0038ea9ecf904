"""What may stand in each file of a folder, and nothing else. The words for status, kind and demand are those of cases.yaml."""

from typing import Annotated, Literal, Self

from pydantic import Field, field_validator, model_validator

from campaign.authorities.schema import MOST_LINES, Authority, ByLanguage, Lines
from campaign.cases.facts import Case, CaseWords, Source
from campaign.organisers.organisations import LinkWrong, check_link
from campaign.text.values import Country, Email, FullDate, Key, Language, Line, Strict, Text

__all__ = ["MOST_LINES", "Appeal", "Authority", "Case", "CaseWords", "Drive", "Manifest", "OpenLetter", "Organisation", "Person", "Source"]

Channel = Literal["email", "print", "self"]
Number = Annotated[int, Field(gt=0, le=1_000_000_000)]


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


class Target(Strict):
    """An office an appeal addresses, with the salutation this appeal uses for it if not the office's own."""

    authority: Key
    salutation: ByLanguage | None = None


class BatchRule(Strict):
    """When letters are sealed into a batch: as soon as there are so many, or so old."""

    size: Number
    age_hours: Number


class AppealWords(Strict):
    """One language's wording for an appeal: `text` is Markdown; `outline` is what a letter starts from, plain text."""

    title: Line
    summary: Line
    subject: Line | None = None
    text: Text | None = None
    outline: Text | None = None
    rules: list[Line] | None = None


NEEDED = {"petition": ("text", "subject"), "letter": ("outline", "subject"), "solidarity": ("text", "rules")}


class Appeal(Strict):
    """A call to action for one case."""

    key: Key
    case: Key
    kind: Literal["petition", "letter", "solidarity"]
    act_before: FullDate
    milestones: Annotated[list[Number], Field(min_length=1)]
    targets: list[Target]
    channels: Annotated[list[Channel], Field(min_length=1)]
    batch: BatchRule
    collect_lines: Lines | None = None
    """Where solidarity messages are collected, as printed. Never a prison, never a family."""
    texts: Annotated[dict[Language, AppealWords], Field(min_length=1)]

    @model_validator(mode="after")
    def _kind_is_complete(self) -> Self:
        for language, words in self.texts.items():
            for name in ("text", "subject", "outline", "rules"):
                if name in NEEDED[self.kind] and not getattr(words, name):
                    raise ValueError(f"the {language} texts of a {self.kind} need “{name}”")
                if name in ("outline", "rules") and name not in NEEDED[self.kind] and getattr(words, name) is not None:
                    raise ValueError(f"a {self.kind} has no “{name}”")
        if self.kind == "solidarity" and (self.collect_lines is None or self.targets):
            raise ValueError("solidarity messages need “collect_lines” and have no targets: they go to no office")
        if self.kind != "solidarity" and (self.collect_lines is not None or not self.targets):
            raise ValueError(f"a {self.kind} needs at least one target, and has no “collect_lines”")
        if sorted(set(self.milestones)) != self.milestones:
            raise ValueError("milestones must rise")
        return self


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
