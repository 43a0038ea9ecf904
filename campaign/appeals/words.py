"""What the fields of a launch are called on a page, what is wrong with one, and the words a form begins with."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from campaign.appeals import typed as said
from campaign.appeals.typed import MILESTONES, OPEN_FOR, Office, Typed
from campaign.cases.models import Case
from campaign.cases.service import asked, main_name
from campaign.cases.words import DEMAND_WORDS
from campaign.text import _, language_name, lazy, speaking

KIND_WORDS = {"petition": lazy("Petition"), "letter": lazy("Letters"), "solidarity": lazy("Messages to the person")}
WORD_WORDS = {
    "title": lazy("Title"),
    "summary": lazy("One sentence that says what is asked"),
    "subject": lazy("Subject of the e-mail"),
    "text": lazy("Text (Markdown)"),
    "outline": lazy("What a letter may start from"),
    "rules": lazy("What must not be written, one on each line"),
}
CHANNEL_WORDS = {"email": lazy("By e-mail"), "print": lazy("On paper, by volunteers"), "self": lazy("On paper, by the writer")}
CHECK_WORDS = {
    "polite": lazy("Every text is polite"),
    "who_writes": lazy("A letter says who writes"),
    "only_what_it_asks": lazy("It asks only what this call to action asks"),
    "no_threats": lazy("Nothing in it threatens or insults"),
    "addresses": lazy("I have looked at the addresses, and they are the right ones"),
}
FIELD_WORDS = {
    "kinds": lazy("Kinds"),
    "languages": lazy("Languages"),
    "act_before": lazy("Please act before"),
    "goes_live": lazy("Goes live at"),
    "demands": lazy("Asks"),
    "targets": lazy("Addressed to"),
    "channels": lazy("Ways of a letter"),
    "batch_size": lazy("Letters in one batch"),
    "batch_hours": lazy("Hours a letter waits for its batch"),
    "collect_lines": lazy("Where messages are collected"),
    "checks": lazy("Checked"),
}
WRONG_WORDS = {
    "missing": lazy("still missing"),
    "wrong": lazy("cannot stand like this"),
    "late": lazy("must be a day to come"),
    "tick": lazy("each line is to be ticked"),
    "unverified": lazy("one of these offices has an address that nobody has verified"),
}


def named(name: str) -> str:
    """What a field is called: “Petition, Russian: Title”."""
    if name.startswith("milestones_"):
        return _("%(kind)s: milestones", kind=KIND_WORDS[name.removeprefix("milestones_")])
    match name.split("__"):
        case ["salutation", office, tag]:
            return _("Salutation of %(office)s in %(language)s", office=office, language=language_name(tag))
        case [kind, word, tag]:
            return _("%(kind)s, %(language)s: %(word)s", kind=KIND_WORDS[kind], language=language_name(tag), word=WORD_WORDS[word])
    return str(FIELD_WORDS.get(name, name))


def compared(typed: Mapping[str, Any], offices: Mapping[str, Office]) -> dict[str, Any]:
    """All that was typed, in words that a second person reads and compares line by line."""
    told: dict[str, Any] = {
        named("kinds"): [str(KIND_WORDS[kind]) for kind in said.kinds_of(typed)],
        named("demands"): [str(DEMAND_WORDS[one]) for one in typed.get("demands", ()) if one in DEMAND_WORDS],
        named("targets"): [str(offices[key].title) if key in offices else key for key in typed.get("targets", ())],
        named("channels"): [str(CHANNEL_WORDS[one]) for one in typed.get("channels", ()) if one in CHANNEL_WORDS],
    }
    texts = [name for name, *_rest in said.texts_of(said.kinds_of(typed), said.languages_of(typed))]
    salutations = sorted(name for name in typed if name.startswith("salutation__") and typed[name])
    plain = ["act_before", "goes_live", *(f"milestones_{kind}" for kind in said.kinds_of(typed)), "batch_size", "batch_hours", "collect_lines"]
    return told | {named(name): typed[name] for name in (*plain, *texts, *salutations) if typed.get(name)}


def beginning(case: Case, *, languages: list[str], offices: Mapping[str, Office], nearby: list[str], spoken: list[str], today: date) -> Typed:
    """A good default for everything: a petition and a letter, to the offices of the country that are verified."""
    name, chosen = main_name(case), [key for key in nearby if offices[key].verified]
    typed: Typed = {
        "kinds": ["petition", "letter"],
        "languages": " ".join(languages),
        "act_before": min(today + OPEN_FOR, max(case.review_on, today + timedelta(days=1))).isoformat(),
        "goes_live": "",
        "demands": list(asked(case)),
        "targets": chosen,
        "channels": list(said.CHANNELS),
        **{f"milestones_{kind}": numbers for kind, numbers in MILESTONES.items()},
        "batch_size": "20",
        "batch_hours": "24",
        "collect_lines": "",
        "checks": [],
    }
    for tag in languages:
        if tag in spoken:
            with speaking(tag):
                typed |= {f"{kind}__{word}__{tag}": words for (kind, word), words in _first_words(name).items()}
    return typed


def _first_words(name: str) -> dict[tuple[str, str], str]:
    return {
        ("petition", "title"): _("Release %(name)s", name=name),
        ("petition", "subject"): _("Petition for the release of %(name)s", name=name),
        ("letter", "title"): _("Write for %(name)s", name=name),
        ("letter", "subject"): _("Request for the release of %(name)s", name=name),
        ("solidarity", "title"): _("Write to %(name)s", name=name),
    }
