"""What somebody typed for a launch, as plain data by the name of its field; what is missing; and the appeals that it makes."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from pydantic import ValidationError

from campaign.appeals.models import KINDS
from campaign.appeals.schema import NEEDED, Appeal

Typed = dict[str, Any]
"""Texts, and lists of texts where several are chosen. The words of an appeal are `KIND__FIELD__LANGUAGE`, a salutation `salutation__OFFICE__LANGUAGE`."""
CHECKS = ("polite", "who_writes", "only_what_it_asks", "no_threats", "addresses")
"""The tone checklist: each is ticked by a person before anybody reviews it."""
WORDS = {kind: ("title", "summary", *dict.fromkeys(("subject", *needed))) if kind != "solidarity" else ("title", "summary", *needed) for kind, needed in NEEDED.items()}
"""The words that each kind has, in the order of its form."""
MILESTONES = {"petition": "100, 250, 500, 1000, 2500, 5000", "letter": "25, 50, 100, 250, 500", "solidarity": "25, 50, 100"}
CHANNELS = ("email", "print", "self")
OPEN_FOR = timedelta(days=90)
Fault = tuple[str, str]
"""The name of a field, and what is wrong with it: `missing`, `wrong`, `late`, `tick`, or `unverified`."""


@dataclass(frozen=True)
class Office:
    """An office that can be chosen: its key, its title, and whether somebody has verified its address."""

    key: str
    title: str
    verified: bool
    languages: tuple[str, ...] = ()


def languages_of(typed: Mapping[str, Any]) -> list[str]:
    """The languages in which it is typed, in order."""
    return [language for language in str(typed.get("languages", "")).split() if language]


def kinds_of(typed: Mapping[str, Any]) -> list[str]:
    """The kinds of appeals it makes."""
    return [kind for kind in KINDS if kind in typed.get("kinds", ())]


def texts_of(kinds: Iterable[str], languages: Iterable[str]) -> Iterator[tuple[str, str, str, str]]:
    """Field, kind, word and language of each text."""
    tags = list(languages)
    for kind in kinds:
        for tag in tags:
            for word in WORDS[kind]:
                yield f"{kind}__{word}__{tag}", kind, word, tag


def missing(typed: Typed, *, offices: Mapping[str, Office], today: date) -> list[Fault]:
    """All that is missing or wrong before anybody can review it: none, and it can be asked."""
    kinds = kinds_of(typed)
    faults = [("kinds", "missing")] if not kinds else []
    faults += [(name, "missing") for name, _kind, _word, _tag in texts_of(kinds, languages_of(typed)) if not str(typed.get(name, "")).strip()]
    faults += [(name, "missing") for name in _needed(kinds) if not typed.get(name)]
    faults += [("targets", "unverified") for key in typed.get("targets", ()) if key in offices and not offices[key].verified]
    faults += [("checks", "tick")] if set(typed.get("checks", ())) != set(CHECKS) else []
    faults += _moments(typed, today)
    if not faults:
        for kind in kinds:
            try:
                appeal_of(typed, kind, slug="one", case="one")
            except ValidationError as error:
                faults += [(_field(kind, one["loc"]), "wrong") for one in error.errors(include_url=False)]
    return list(dict.fromkeys(faults))


def _needed(kinds: list[str]) -> list[str]:
    to_offices = [kind for kind in kinds if kind != "solidarity"]
    names = ["act_before", "demands", *(f"milestones_{kind}" for kind in kinds)]
    names += ["targets"] if to_offices else []
    names += ["channels", "batch_size", "batch_hours"] if "letter" in kinds else []
    return names + (["collect_lines"] if "solidarity" in kinds else [])


def _moments(typed: Typed, today: date) -> list[Fault]:
    faults: list[Fault] = []
    try:
        if typed.get("act_before") and date.fromisoformat(typed["act_before"]) <= today:
            faults.append(("act_before", "late"))
    except ValueError:
        faults.append(("act_before", "wrong"))
    try:
        goes_live_at(typed)
    except ValueError:
        faults.append(("goes_live", "wrong"))
    return faults


def goes_live_at(typed: Mapping[str, Any]) -> datetime | None:
    """The moment at which it goes live, in UTC; None: as soon as it is granted. Raises ValueError for what is no moment."""
    said = str(typed.get("goes_live", "")).strip()
    return datetime.fromisoformat(said.replace(" ", "T")).replace(tzinfo=UTC) if said else None


def appeal_of(typed: Typed, kind: str, *, slug: str, case: str) -> Appeal:
    """One of its appeals, by the rules that hold for folders too. Raises pydantic's ValidationError."""
    solidarity = kind == "solidarity"
    return Appeal.model_validate(
        {
            "key": slug,
            "case": case,
            "kind": kind,
            "act_before": typed.get("act_before", ""),
            "milestones": _numbers(typed.get(f"milestones_{kind}", "")),
            "targets": [] if solidarity else [_target(typed, key) for key in typed.get("targets", ())],
            "channels": {"petition": ["email"], "solidarity": ["print"]}.get(kind) or list(typed.get("channels", ())),
            "batch": {"size": _number(typed.get("batch_size") or "20"), "age_hours": _number(typed.get("batch_hours") or "24")},
            "collect_lines": _lines(typed.get("collect_lines", "")) if solidarity else None,
            "texts": {tag: _words(typed, kind, tag) for tag in languages_of(typed)},
        }
    )


def _target(typed: Typed, key: str) -> dict[str, Any]:
    own = {tag: words for tag in languages_of(typed) if (words := str(typed.get(f"salutation__{key}__{tag}", "")).strip())}
    return {"authority": key, "salutation": own or None}


def _words(typed: Typed, kind: str, tag: str) -> dict[str, Any]:
    words: dict[str, Any] = {word: str(typed.get(f"{kind}__{word}__{tag}", "")).strip() or None for word in WORDS[kind]}
    if "rules" in words:
        words["rules"] = [line.removeprefix("- ") for line in _lines(words["rules"] or "")]
    return words


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _numbers(text: str) -> list[Any]:
    return [_number(part.strip()) for part in text.split(",") if part.strip()]


def _number(text: str) -> Any:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 11 else text  # the rules say that the rest is no number


def _field(kind: str, loc: tuple[int | str, ...]) -> str:
    """The field of the form that a fault of the rules is about."""
    match loc:
        case ("texts", tag, word, *_rest):
            return f"{kind}__{word}__{tag}"
        case ("texts", *_rest):
            return "languages"
        case ("milestones", *_rest):
            return f"milestones_{kind}"
        case ("batch", "size"):
            return "batch_size"
        case ("batch", *_rest):
            return "batch_hours"
        case ("targets", *_rest):
            return "targets"
        case (str(name), *_rest) if name in ("act_before", "channels", "collect_lines"):
            return name
        case _:
            return f"milestones_{kind}"  # what the rules say of the whole: milestones must rise
