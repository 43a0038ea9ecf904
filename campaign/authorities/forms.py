"""Forms of the directory: an office as it is typed, its verification, and a file of offices."""

from dataclasses import replace
from typing import Any

from flask_babel import get_locale
from flask_wtf import FlaskForm
from wtforms import BooleanField, FieldList, FileField, Form, FormField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the types are of wtforms 3.2
from wtforms.validators import Length, NumberRange, Optional

from campaign.authorities.editing import GO, HOLD
from campaign.authorities.facts import CAP, Facts
from campaign.authorities.schema import MOST_AN_HOUR, MOST_LINES
from campaign.authorities.window import misfits
from campaign.text import _, country_name, language_names, lazy, places
from campaign.text.values import EMAIL, LANGUAGE

LONGEST_LINE = 500
MOST_ROWS = 30
SPARE = 2
"""Empty rows below those that are filled in; “More rows” adds as many."""


class WordsForm(Form):
    """The office in one language."""

    language = SelectField(lazy("Language"), validate_choice=False)
    title = StringField(lazy("Title of the office"), validators=[Length(max=LONGEST_LINE)])
    salutation = StringField(lazy("Salutation"), validators=[Length(max=LONGEST_LINE)])
    reads = BooleanField(lazy("It reads letters in this language"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.names = dict(language_names())
        if self.language.data and LANGUAGE.fullmatch(self.language.data):
            self.names.setdefault(self.language.data, self.language.data)  # such as pt-BR: it came with an import, and stays
        self.language.choices = [SelectChoice("", _("(none)")), *(SelectChoice(tag, name) for tag, name in self.names.items())]

    @property
    def filled(self) -> bool:
        """Whether anything was typed."""
        return bool(self.title.data or self.salutation.data or self.reads.data)


class MailboxForm(Form):
    """One mailbox and how much it takes."""

    address = StringField(lazy("E-mail address"), validators=[Length(max=254)])
    hourly_cap = IntegerField(lazy("Letters an hour, at most"), default=CAP, validators=[Optional(), NumberRange(1, MOST_AN_HOUR)])


class OfficeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """An office. `stamp` says what the page was made from, `asked` which change its question was about."""

    country = SelectField(lazy("Country"), validate_choice=False)
    lines = TextAreaField(lazy("Address lines"), validators=[Length(max=MOST_LINES * LONGEST_LINE)])
    words = FieldList(FormField(WordsForm), max_entries=MOST_ROWS)
    mailboxes = FieldList(FormField(MailboxForm), max_entries=MOST_ROWS)
    seen = StringField(lazy("Where the address is printed"), validators=[Length(max=LONGEST_LINE)])
    sheets = RadioField(
        lazy("Printed sheets that volunteers have"),
        choices=[SelectChoice(HOLD, lazy("Keep them back: volunteers are told to tear them up")), SelectChoice(GO, lazy("They may go: the old address still works"))],
        default=HOLD,
    )
    another = BooleanField(lazy("It is none of these: another office"))
    stamp = HiddenField()
    asked = HiddenField()

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.country.choices = [SelectChoice("", _("Choose")), *(SelectChoice(code, name) for code, name in places.countries(str(get_locale()).replace("_", "-")))]
        self.faults: list[tuple[str, str]] = []

    def fill(self, facts: Facts) -> None:
        """Put an office's facts into an empty form."""
        self.country.data, self.lines.data, self.seen.data = facts.country, "\n".join(facts.lines), facts.seen
        for language in dict.fromkeys((*facts.languages, *facts.titles, *facts.salutations)):
            words = {"language": language, "title": facts.titles.get(language), "salutation": facts.salutations.get(language), "reads": language in facts.languages}
            self.words.append_entry(words)
        for address, cap in facts.mailboxes.items():
            self.mailboxes.append_entry({"address": address, "hourly_cap": cap})

    def more_rows(self) -> None:
        """Empty rows below, to be filled in."""
        for rows in (self.words, self.mailboxes):
            for _time in range(SPARE if len(rows) <= MOST_ROWS - SPARE else 0):
                rows.append_entry()

    def facts(self) -> Facts:
        """What was typed, whether it can stand or not."""
        words = [row.form for row in self.words if row.form.filled and row.form.language.data]
        return Facts(
            country=self.country.data or "",
            lines=tuple(line.strip() for line in (self.lines.data or "").splitlines() if line.strip()),
            titles={str(row.language.data): _typed(row.title) for row in words if _typed(row.title)},
            languages=tuple(dict.fromkeys(str(row.language.data) for row in words if row.reads.data)),
            salutations={str(row.language.data): _typed(row.salutation) for row in words if _typed(row.salutation)},
            mailboxes={_typed(row.form.address): row.form.hourly_cap.data or CAP for row in self.mailboxes if _typed(row.form.address)},
            seen=_typed(self.seen) or None,
        )

    def right(self) -> Facts | None:
        """What was typed, where it can stand; else `faults` holds every reason, with the field it is about."""
        if not self.validate():
            self.faults += [(name, str(fault)) for name, fault in _flat(self.errors)]
        self._check_words()
        self._check_mailboxes()
        facts = self.facts()
        if not facts.lines:
            self.faults.append(("lines", _("Type the address, a line for each line of the envelope.")))
        elif len(facts.lines) > MOST_LINES:
            self.faults.append(("lines", _("An address has at most %(count)s lines.", count=MOST_LINES)))
        if facts.country not in dict(places.countries("en")):
            self.faults.append(("country", _("Choose the country: it is the last line of the address.")))
        if facts.lines and facts.country in dict(places.countries("en")):
            self._check_window(facts if facts.titles else replace(facts, titles={"": "–"}))  # all faults at once, the title's or not
        return None if self.faults else facts

    def _check_words(self) -> None:
        once: set[str] = set()
        for number, row in enumerate(self.words):
            language, known = row.form.language.data or "", row.form.names
            if row.form.filled and language not in known:
                self.faults.append((f"words-{number}-language", _("Say in which language “%(words)s” is.", words=row.form.title.data or row.form.salutation.data or "…")))
            elif row.form.filled and language in once:
                self.faults.append((f"words-{number}-language", _("%(language)s is here twice.", language=known[language])))
            once |= {language} if row.form.filled else set()
        facts = self.facts()
        if not facts.titles:
            self.faults.append(("words-0-title", _("Give the office a title in at least one language. An office, never the name of whoever holds it.")))
        if not facts.salutations:
            self.faults.append(("words-0-salutation", _("Say in at least one language how the office is addressed.")))
        if not facts.languages:
            self.faults.append(("words-0-reads", _("Tick at least one language in which the office reads letters.")))

    def _check_mailboxes(self) -> None:
        once: set[str] = set()
        for number, row in enumerate(self.mailboxes):
            typed = _typed(row.form.address)
            if not typed:
                continue
            try:
                row.form.address.data = address = EMAIL.validate_python(typed)
            except ValueError:
                self.faults.append((f"mailboxes-{number}-address", _("“%(typed)s” is not an e-mail address.", typed=typed)))
                continue
            if address in once:
                self.faults.append((f"mailboxes-{number}-address", _("The mailbox “%(address)s” is here twice.", address=address)))
            once.add(address)

    def _check_window(self, facts: Facts) -> None:
        rows = {row.form.language.data: number for number, row in enumerate(self.words)}
        for fault in misfits(facts):
            field = f"words-{rows.get(fault.language, 0)}-title" if fault.language else "lines"
            self.faults.append((field, misfit_said(fault.line, fault.character, country=facts.country)))


def misfit_said(line: str, character: str, *, country: str) -> str:
    """What does not fit the window, as a sentence."""
    if character:
        return _("No font here prints “%(character)s” in this address.", character=character)
    if line == country_name(country, "en").upper():
        return _("With the country it is a line too many for the window of an envelope.")
    return _("“%(line)s” does not fit the window of an envelope at 9 points. Shorten it, or make two lines of it.", line=line)


def _typed(field: StringField) -> str:
    return (field.data or "").strip()


def _flat(errors: Any, name: str = "") -> list[tuple[str, str]]:
    if isinstance(errors, dict):
        return [found for key, inner in errors.items() for found in _flat(inner, f"{name}-{key}" if name and key else key or name)]
    if errors and isinstance(errors, (list, tuple)) and any(isinstance(inner, (dict, list, tuple)) for inner in errors):
        return [found for place, inner in enumerate(errors) for found in _flat(inner, f"{name}-{place}")]
    return [(name, str(fault)) for fault in errors]


class CheckForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What was compared, and with what. The boxes for mailboxes are named by their addresses."""

    postal = BooleanField(lazy("The postal address, line by line"))
    source = StringField(lazy("Where you compared it"), validators=[Length(max=LONGEST_LINE)])
    version = HiddenField()


class DoubtForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Why nothing should go there."""

    source = StringField(lazy("Why"), validators=[Length(max=LONGEST_LINE)])


class FileForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A file of offices, or its words; `mark` says which plan was on the page."""

    file = FileField(lazy("A file: CSV, or the YAML of an import folder"))
    words = TextAreaField(lazy("Or its words"))
    another = BooleanField(lazy("I have looked: none of them is there already"))
    mark = HiddenField()
