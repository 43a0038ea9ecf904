"""What may stand in an appeal, for folders and for people alike."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from campaign.authorities.schema import ByLanguage, Lines
from campaign.text.values import FullDate, Key, Language, Line, Strict, Text

Channel = Literal["email", "print", "self"]
Number = Annotated[int, Field(gt=0, le=1_000_000_000)]


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
