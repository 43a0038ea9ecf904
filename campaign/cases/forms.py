"""Forms of the desk about cases. What may stand in each field is said in campaign.cases.facts, for folders and for people alike."""

from collections.abc import Iterator
from typing import Any

from flask_wtf import FlaskForm
from wtforms import FieldList, Form, FormField, HiddenField, SelectField, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the types are of wtforms 3.2
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.cases.models import STATUSES
from campaign.cases.typed import Typed
from campaign.cases.words import CONFIDENCE_WORDS, DEMAND_WORDS, ENTRY_WORDS, PRONOUN_WORDS, STATUS_WORDS, WRONG_WORDS
from campaign.text import _, lazy

MOST = 200
"""Lines in one list of the form."""


def _choices(words: dict[str, Any], *, first: Any = None) -> list[Any]:
    return ([SelectChoice("", first)] if first else []) + [SelectChoice(value, label) for value, label in words.items()]


class NameForm(Form):
    """One more spelling of the name."""

    text = StringField(lazy("Spelling"))
    language = StringField(lazy("Language (a code such as ru or tg)"))


class TextForm(Form):
    """What the case says in one language."""

    language = HiddenField()
    roles = TextAreaField(lazy("What the person is or did, one on each line"))
    note = StringField(lazy("Where sources differ"))


class SourceForm(Form):
    """Where a fact was published."""

    key = HiddenField()
    title = StringField(lazy("What was published, in your words"))
    publisher = StringField(lazy("Who published it"))
    date = StringField(lazy("When (a day, a month or a year)"))
    url = StringField(lazy("Address of the page"))


class WordsForm(Form):
    """What happened, in one language."""

    language = HiddenField()
    text = StringField(lazy("What happened"))


class EntryForm(Form):
    """One dated event."""

    date = StringField(lazy("When (a day, a month or a year)"))
    kind = SelectField(lazy("What kind of event"), choices=_choices(ENTRY_WORDS, first=lazy("Choose")), validate_choice=False)
    source = SelectField(lazy("Told by"), choices=[], validate_choice=False)
    words = FieldList(FormField(WordsForm), max_entries=20)


class CaseForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Everything that is said of a case. `seen` marks what was read before it was changed."""

    seen = HiddenField()
    slug = StringField(lazy("Address of its page"))
    organisation = SelectField(lazy("Whose case it is"), choices=[], validate_choice=False)
    name = StringField(lazy("Name in Latin letters"))
    native_name = StringField(lazy("Name as it is written at home"))
    native_language = StringField(lazy("In which language (a code such as tg)"))
    names = FieldList(FormField(NameForm), max_entries=MOST)
    pronoun = SelectField(lazy("Pronoun, where sources use one plainly"), choices=_choices(PRONOUN_WORDS, first=lazy("None")), validate_choice=False)
    country = SelectField(lazy("Country"), choices=[], validate_choice=False)
    status = SelectField(lazy("Status"), choices=_choices({one: STATUS_WORDS[one] for one in STATUSES}, first=lazy("Choose")), validate_choice=False)
    as_of = StringField(lazy("By news of (a day, a month or a year)"))
    held_since = StringField(lazy("First day of the present detention (2025-01-10)"))
    confidence = SelectField(lazy("How sure is the status"), choices=_choices(CONFIDENCE_WORDS), default="high", validate_choice=False)
    demands = SelectMultipleField(
        lazy("What is asked for"),
        choices=_choices(DEMAND_WORDS),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validate_choice=False,
    )
    texts = FieldList(FormField(TextForm), max_entries=20)
    more_language = StringField(lazy("Another language (a code such as tg)"))
    sources = FieldList(FormField(SourceForm), max_entries=MOST)
    timeline = FieldList(FormField(EntryForm), max_entries=MOST)


def typed_in(form: CaseForm, *, slug: str | None = None) -> Typed:
    """What a form holds, with the words of each event in the order of the languages. `slug`: of a case that is there, and keeps its own."""
    data: Typed = _stripped({name: value for name, value in form.data.items() if name not in ("csrf_token", "seen", "more_language")})
    languages = [row["language"] for row in data["texts"]]
    for entry in data["timeline"]:
        told = {row["language"]: row["text"] for row in entry["words"]}
        entry["words"] = [{"language": language, "text": told.get(language, "")} for language in languages]
    return data if slug is None else {**data, "slug": slug}


def _stripped(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _stripped(one) for name, one in value.items()}
    if isinstance(value, list):
        return [_stripped(one) for one in value]
    return "" if value is None else str(value).strip().replace("\r\n", "\n")


def form_of(typed: Typed, *, seen: str, organisations: dict[str, str], countries: Any, spare: bool = True) -> CaseForm:
    """A form that holds this; `spare`: with an empty line at the end of each list."""
    if spare:
        typed = {**typed, **{name: [*typed[name], empty_line(name, typed)] for name in ("names", "sources", "timeline")}}
    form = CaseForm(formdata=None, data={**typed, "seen": seen})
    form.organisation.choices = _choices(organisations)
    form.country.choices = _choices(dict(countries), first=lazy("Choose"))
    told = {str(place): _("Source %(number)s: %(title)s", number=place + 1, title=row["title"]) for place, row in enumerate(typed["sources"])}
    for entry in form.timeline:
        entry.form.source.choices = _choices(told, first=lazy("Choose"))
    return form


def empty_line(name: str, typed: Typed) -> Typed:
    """A line of a list that says nothing yet."""
    if name == "timeline":
        return {"date": "", "kind": "", "source": "", "words": [{"language": row["language"], "text": ""} for row in typed["texts"]]}
    return {"names": {"text": "", "language": ""}, "sources": {"key": "", "title": "", "publisher": "", "date": "", "url": ""}}[name]


def empty(languages: list[str]) -> Typed:
    """A case of which nothing is said yet."""
    names = ("slug", "organisation", "name", "native_name", "native_language", "pronoun", "country", "status", "as_of", "held_since")
    texts = [{"language": language, "roles": "", "note": ""} for language in languages]
    return {**dict.fromkeys(names, ""), "confidence": "high", "demands": [], "names": [], "texts": texts, "sources": [], "timeline": []}


def say_faults(form: CaseForm, faults: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """Put each fault beside its field, and give all of them with their sentences for the top of the page."""
    fields = {field.id: field for field in _leaves(form)}
    said = [(where, str(WRONG_WORDS[name])) for where, name in faults]
    for where, sentence in said:
        if where in fields:
            fields[where].errors = [*fields[where].errors, sentence]
    return said


def _leaves(form: Any) -> Iterator[Any]:
    for field in form:
        if isinstance(field, FieldList | FormField):
            yield from _leaves(field)
        else:
            yield field
