"""What may be said of a case, and nothing else: by an import folder and at the desk alike. The words for status, kind and demand are those of cases.yaml."""

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from campaign.cases.models import HELD
from campaign.text.values import Country, FullDate, Key, Language, Line, PartialDate, Strict, WebAddress

Status = Literal[
    "travel_ban", "pre_trial_detention", "house_arrest", "on_trial", "imprisoned", "restricted_freedom", "probation",
    "psychiatric_detention", "pardoned", "acquitted", "released", "died_in_custody",
]  # fmt: skip
EntryKind = Literal["arrest", "charge", "trial", "sentence", "appeal", "ruling", "detention", "pardon", "acquittal", "release", "death"]
Demand = Literal[
    "release", "quash_conviction", "drop_charges", "medical_care", "end_harassment", "lift_travel_ban", "lift_probation", "investigate_death",
]  # fmt: skip


class Source(Strict):
    """Where a fact was published."""

    title: Line
    publisher: Line
    date: PartialDate | None
    url: WebAddress | None = None


class Entry(Strict):
    """A dated line of a case's timeline."""

    date: PartialDate
    kind: EntryKind
    text: Line
    source: Key


class Spelling(Strict):
    """One more spelling of the name, in the language it is used in."""

    name: Line
    language: Language


class Case(Strict):
    """A defender, and what is done to them."""

    slug: Key
    name: Line
    native_name: Line
    native_language: Language | None = None
    also_known_as: list[Line]
    spellings: list[Spelling] = Field(default_factory=list)
    pronoun: Literal["she", "he", "they"] | None = None
    country: Country
    roles: Annotated[list[Line], Field(min_length=1)]
    status: Status
    as_of: PartialDate
    held_since: FullDate | None
    confidence: Literal["high", "medium", "low"]
    note: Line | None = None
    timeline: list[Entry]
    demands: list[Demand]
    sources: Annotated[list[Key], Field(min_length=1)]

    @model_validator(mode="after")
    def _held(self) -> Self:
        if self.held_since is None:
            return self
        if self.status not in HELD:
            raise PydanticCustomError("held_and_free", "held_since needs a status of somebody who is held", {"status": self.status})
        if self.held_since.isoformat()[: len(self.as_of)] > self.as_of:
            raise PydanticCustomError("held_after_news", "held_since is after as_of", {"held_since": str(self.held_since), "as_of": str(self.as_of)})
        return self


class CaseWords(Strict):
    """One language's wording for a case; `timeline` follows the order of the case's own, null where an entry is not translated yet."""

    slug: Key
    name: Line | None = None
    roles: list[Line] | None = None
    note: Line | None = None
    timeline: list[Line | None] | None = None
