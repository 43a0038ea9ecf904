"""The form of a launch: its fields depend on the languages, the offices and the demands that there are. What may stand in each is said in campaign.appeals.schema."""

from collections.abc import Mapping
from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the types are of wtforms 3.2
from wtforms.widgets import CheckboxInput, DateInput, ListWidget

from campaign.appeals import typed as said
from campaign.appeals.models import KINDS
from campaign.appeals.typed import CHANNELS, CHECKS, Office, Typed
from campaign.appeals.words import CHANNEL_WORDS, CHECK_WORDS, KIND_WORDS, WORD_WORDS, named
from campaign.cases.words import DEMAND_WORDS
from campaign.text import _, language_name

LONG = ("text", "outline", "rules", "summary")
LISTS = ("kinds", "demands", "targets", "channels", "checks")


def _ticks(label: str, choices: Mapping[str, Any]) -> SelectMultipleField:
    boxes = [SelectChoice(value, str(words)) for value, words in choices.items()]
    return SelectMultipleField(label, choices=boxes, widget=ListWidget(prefix_label=False), option_widget=CheckboxInput(), validate_choice=False)


def launch_form(typed: Mapping[str, Any], *, languages: list[str], offices: Mapping[str, Office], demands: list[str]) -> type[FlaskForm]:
    """The form for these languages, with every kind: what is not chosen is not asked, and not lost."""
    fields: dict[str, Any] = {
        "seen": HiddenField(),
        "languages": HiddenField(),
        "more_language": StringField(_("Another language (a code such as ru)")),
        "kinds": _ticks(named("kinds"), KIND_WORDS),
        "act_before": StringField(named("act_before"), widget=DateInput()),
        "goes_live": StringField(named("goes_live")),
        "demands": _ticks(named("demands"), {one: DEMAND_WORDS[one] for one in demands}),
        "targets": _ticks(named("targets"), {one.key: one.title if one.verified else _("%(office)s (not verified)", office=one.title) for one in offices.values()}),
        "channels": _ticks(named("channels"), {one: CHANNEL_WORDS[one] for one in CHANNELS}),
        "batch_size": StringField(named("batch_size")),
        "batch_hours": StringField(named("batch_hours")),
        "collect_lines": TextAreaField(named("collect_lines")),
        "checks": _ticks(named("checks"), {one: CHECK_WORDS[one] for one in CHECKS}),
        **{f"milestones_{kind}": StringField(named(f"milestones_{kind}")) for kind in KINDS},
    }
    for name, _kind, word, _tag in said.texts_of(KINDS, languages):
        fields[name] = (TextAreaField if word in LONG else StringField)(str(WORD_WORDS[word]))
    for key in typed.get("targets", ()):
        for tag in languages:
            fields[f"salutation__{key}__{tag}"] = StringField(_("Salutation in %(language)s", language=language_name(tag)))
    return type("LaunchForm", (FlaskForm,), fields)


def typed_in(form: FlaskForm, before: Mapping[str, Any]) -> Typed:
    """What a form holds; what it did not ask stays as it was."""
    told = {name: value for name, value in form.data.items() if name not in ("csrf_token", "seen", "more_language")}
    clean = {name: list(value or ()) if name in LISTS else str(value or "").strip().replace("\r\n", "\n") for name, value in told.items()}
    return {**before, **clean}
