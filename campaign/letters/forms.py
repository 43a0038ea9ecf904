"""Forms of letters. One form, in two steps; what was typed in one travels in the other, and nothing is kept on the server."""

from typing import Any

from babel import Locale
from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types

from campaign.appeals.models import Appeal, AppealVersion
from campaign.authorities.models import Authority
from campaign.authorities.service import office
from campaign.letters import offer
from campaign.letters.words import clean_words
from campaign.supporters.addresses import AddressWrong, check_address
from campaign.supporters.names import NameWrong, check_name
from campaign.supporters.visibility import Visibility
from campaign.text import lazy, reading_language
from campaign.text.places import countries

WAYS = {
    "print": lazy("On paper, we print and post it"),
    "email": lazy("By e-mail"),
    "self": lazy("I print it myself"),
}
SHOWN = {
    Visibility.FIRST_NAME: lazy("First name and country"),
    Visibility.FULL_NAME: lazy("Full name and country"),
    Visibility.COUNTRY: lazy("Country only"),
}
ADDRESS_FAULTS = {
    "empty": lazy("Type your e-mail address: we ask there whether the letter is yours."),
    "long": lazy("This e-mail address is too long. An address has 254 characters at most."),
    "characters": lazy("This e-mail address has characters that we cannot send to. Check it for accents, blanks and look-alike letters."),
    "form": lazy("This does not look like an e-mail address. It should read like name@example.org."),
}
NAME_FAULTS = {
    "empty": lazy("Type your name. You choose how much of it the office sees."),
    "long": lazy("This name is longer than 100 characters. Please shorten it."),
    "controls": lazy("The name holds characters that cannot be seen or printed. Please type it again, without pasting."),
    "symbols": lazy("The name holds a picture or symbol that cannot be printed. Please use letters."),
    "letters": lazy("A name is made of letters, of any script. Please type yours."),
}
UPDATES_WORDING = lazy("Tell me by e-mail what happens in this case. I can stop it at any time.")
OFFERS = {
    "to": lazy("This letter cannot go to the office you chose any more. Please choose again."),
    "language": lazy("This office does not read the language you chose. Please choose again."),
    "way": lazy("The letter cannot travel the way you chose any more. Please choose again."),
}
NO_WAY = lazy("No letter can go to this office just now: its address is still being checked. Please choose another office, or come back later.")


STALE = lazy("The page had been open for long, or your browser did not keep its cookie. What you typed is still here: press the button again.")


class LetterForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A letter that is being written. `prepare` fills in what the appeal offers."""

    step = HiddenField(default="words")
    version = HiddenField()
    to = RadioField(lazy("To whom"), validate_choice=False)
    language = RadioField(lazy("In which language"), validate_choice=False)
    words = TextAreaField(lazy("Your words"))
    kept = HiddenField()
    way = RadioField(lazy("How it travels"), validate_choice=False)
    name = StringField(lazy("Name"))
    email = StringField(lazy("E-mail"))
    country = SelectField(lazy("Country"), validate_choice=False)
    shows = RadioField(lazy("What the office sees"), validate_choice=False, default=Visibility.FIRST_NAME.value)
    insists = BooleanField(lazy("I know the risk. Show it as I chose."))
    updates = BooleanField(UPDATES_WORDING)

    def validate(self, extra_validators: Any = None) -> bool:
        """As ever, and says in plain words what a stale or foreign token means."""
        good = bool(super().validate(extra_validators))
        if self.csrf_token.errors:
            self.csrf_token.errors = [STALE]
        return good

    def prepare(self, appeal: Appeal) -> None:
        """Set the choices, and on a first visit the outline. A choice that is not offered falls back to one that is, and `not_offered` says so."""
        self.appeal = appeal
        self.not_offered: list[str] = []
        self.shown_version: AppealVersion = offer.version_shown(appeal, self.version.data or "")
        self.version.data = self.shown_version.id.hex
        offices = {one.key: one for one in offer.offices(appeal)}
        self.authority: Authority | None = offices.get(self._offer("to", {key: office(one) for key, one in offices.items()}, next(iter(offices), "")))
        languages = {tag: _language_name(tag) for tag in offer.languages(self.shown_version, self.authority)}
        wished = self.language.data or reading_language()
        self._offer("language", languages, offer.best_language(self.shown_version, self.authority, wished=wished))
        ways = {way: str(WAYS[way]) for way in offer.ways(appeal, self.authority)}
        self._offer("way", ways, next(iter(ways), ""))
        self.shows.choices = [SelectChoice(choice.value, str(label)) for choice, label in SHOWN.items()]
        self.country.choices = [SelectChoice("", str(lazy("Choose a country"))), *(SelectChoice(code, name) for code, name in countries(reading_language()))]
        self.words.data = clean_words(self.words.data or "") if self.is_submitted() else self.outline

    def _offer(self, name: str, choices: dict[str, str], otherwise: str) -> str:
        field: RadioField = self[name]
        field.choices = [SelectChoice(value, label) for value, label in choices.items()]
        if field.data not in choices:
            if field.data or (name == "way" and not choices):
                self.not_offered.append(name)
            field.data = otherwise
        return otherwise if field.data is None else str(field.data)

    @property
    def outline(self) -> str:
        """The appeal's outline in the letter's language."""
        return offer.outline(self.shown_version, self.language.data)

    def is_untouched(self) -> bool:
        """Whether the words are an outline, in whatever language, or nothing: then they are nobody's own."""
        return self.words.data in offer.outlines(self.shown_version) | {""}

    def check_offers(self) -> bool:
        """Say at each choice that is no longer offered that it is not."""
        for name in self.not_offered:
            self[name].errors = [OFFERS[name] if self[name].choices else NO_WAY]
        return not self.not_offered

    def check_person(self) -> bool:
        """Check what the second step asks; faults stand at their fields."""
        checks = {"name": [_has_name], "email": [_has_address], "country": [_has_country], "shows": [_has_choice]}
        return self.validate(extra_validators=checks)


def _has_name(form: LetterForm, field: StringField) -> None:
    try:
        form.name.data = check_name(field.data or "")
    except NameWrong as wrong:
        raise ValidationError(NAME_FAULTS[wrong.reason]) from wrong


def _has_address(form: LetterForm, field: StringField) -> None:
    try:
        check_address(field.data or "")
    except AddressWrong as wrong:
        raise ValidationError(ADDRESS_FAULTS[wrong.reason]) from wrong


def _has_country(form: LetterForm, field: SelectField) -> None:
    if field.data not in dict(countries(reading_language())):
        raise ValidationError(lazy("Choose the country you live in."))


def _has_choice(form: LetterForm, field: RadioField) -> None:
    if field.data not in set(SHOWN):
        raise ValidationError(lazy("Choose what the office sees of you."))


def _language_name(tag: str) -> str:
    locale = Locale.parse(tag, sep="-")
    return str(locale.get_display_name(reading_language().replace("-", "_")) or tag)


class ButtonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """One button: nothing but the proof that it was pressed on our page."""
