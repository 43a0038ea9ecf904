"""The form of a signature. Whatever is wrong with it, it gives back what was typed."""

from functools import lru_cache, partial
from typing import Any

from flask_wtf import FlaskForm
from flask_wtf.csrf import _FlaskFormCSRF
from werkzeug.local import LocalProxy
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField, ValidationError
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the types are of wtforms 3.2

from campaign.supporters.addresses import AddressWrong, check_address
from campaign.supporters.names import HOPELESS, NameWrong, check_name, clean_text
from campaign.supporters.visibility import Visibility
from campaign.text import _, lazy, reading_language
from campaign.text.places import countries

COMMENT_LONGEST = 500  # characters
EMAIL_FAULTS = {
    "empty": lazy("Type your e-mail address: we send the link that confirms to it."),
    "long": lazy("That e-mail address is too long. An address has at most 254 characters."),
    "characters": lazy("That e-mail address holds characters that no address has, or letters that only look like others. Please type it again."),
    "form": lazy("That does not look like an e-mail address. It looks like name@example.org."),
}
NAME_FAULTS = {
    "empty": lazy("Type your name."),
    "long": lazy("That name is too long: at most 100 characters fit on a line."),
    "controls": lazy("The name holds characters that cannot be seen or printed. Please type it again, without pasting."),
    "symbols": lazy("The name holds a picture or symbol that cannot be printed. Please use letters."),
    "letters": lazy("A name is made of letters, of any script. Please type yours."),
}
CHOICES = {
    Visibility.COUNTED: lazy("Counted, no name"),
    Visibility.COUNTRY: lazy("My country only"),
    Visibility.FIRST_NAME: lazy("First name and country"),
    Visibility.FULL_NAME: lazy("Full name and country"),
}
UPDATES_WORDING = lazy("Write to me by e-mail when there is news about this case. I can stop it with one click in each mail.")


@lru_cache(maxsize=64)
def _countries(language: str) -> tuple[SelectChoice, ...]:
    return tuple(SelectChoice(code, name) for code, name in countries(language))


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(code for code, _name in countries("en"))


def _visibility_choices() -> list[SelectChoice]:
    return [SelectChoice(choice.value, words) for choice, words in CHOICES.items()]


class _TokenWhenShown(_FlaskFormCSRF):  # type: ignore[misc]  # Flask-WTF has no types
    """A new token is signed when a page with the form is made, not for a form that was sent and is answered by another page."""

    def generate_csrf_token(self, csrf_token_field: object) -> LocalProxy[str]:
        """The token, as soon as somebody reads it."""
        return LocalProxy(partial(super().generate_csrf_token, csrf_token_field))


class _Form(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    class Meta(FlaskForm.Meta):  # type: ignore[misc]  # Flask-WTF has no types
        """All words of this form are ours: WTForms need not read its own catalogue for each request."""

        csrf_class = _TokenWhenShown

        def get_translations(self, form: object) -> None:
            """None of WTForms' own."""

    def validate(self, extra_validators: Any = None) -> bool:
        """As ever, and says in plain words what a stale or foreign token means."""
        good = bool(super().validate(extra_validators))
        if self.csrf_token.errors:
            self.csrf_token.errors = [_("The page was open for too long, or your browser kept no cookie. What you typed is still here: press the button again.")]
        return good


class ButtonForm(_Form):
    """One button: nothing but the proof that it was pressed on our page."""


class SignForm(_Form):
    """Name, address, country and the choices. `address` is the clean one, and `clean_name` that of the name, once the form is valid."""

    name = StringField(lazy("Name"))
    email = StringField(lazy("E-mail"))
    country = SelectField(lazy("Country"), choices=(), validate_choice=False)
    comment = TextAreaField(lazy("Why you sign"))
    to_public = RadioField(lazy("What the public sees of you"), choices=_visibility_choices, default=Visibility.COUNTED.value, validate_choice=False)
    to_authority = RadioField(lazy("What the authority sees of you"), choices=_visibility_choices, default=Visibility.FIRST_NAME.value, validate_choice=False)
    insists = BooleanField(lazy("I have read the warning, and want my name on the list for the authority all the same."))
    updates = BooleanField(UPDATES_WORDING)
    version = HiddenField()
    text_language = HiddenField()

    address = ""
    clean_name = ""
    clean_comment = ""

    def offer_countries(self) -> None:
        """Fill the list: only where the form is shown, since a form that is sent needs no list of 250 choices."""
        self.country.choices = [SelectChoice("", _("Choose a country")), *_countries(reading_language())]

    def validate_name(self, field: StringField) -> None:
        """Any script; nothing that cannot be seen or printed."""
        try:
            self.clean_name = check_name(field.data or "")
        except NameWrong as fault:
            raise ValidationError(NAME_FAULTS[fault.reason]) from fault

    def validate_email(self, field: StringField) -> None:
        """What mail can be sent to, and nothing that could break out of a header."""
        try:
            self.address = check_address(field.data or "")
        except AddressWrong as fault:
            raise ValidationError(EMAIL_FAULTS[fault.reason]) from fault

    def validate_country(self, field: SelectField) -> None:
        """One of the list."""
        if field.data not in _codes():
            raise ValidationError(_("Choose your country."))

    def validate_comment(self, field: TextAreaField) -> None:
        """Short, and printable."""
        text: str | None = field.data or ""
        if len(field.data or "") <= HOPELESS * COMMENT_LONGEST:
            text = clean_text(field.data or "")
        if text is None:
            raise ValidationError(_("The comment holds characters that cannot be seen or printed. Please type it again, without pasting."))
        if len(text) > COMMENT_LONGEST:
            raise ValidationError(_("The comment is too long: it has %(n)s characters, and there is room for %(most)s.", n=len(text), most=COMMENT_LONGEST))
        self.clean_comment = text

    def validate_to_public(self, field: RadioField) -> None:
        """One of the four."""
        _check_visibility(field)

    def validate_to_authority(self, field: RadioField) -> None:
        """One of the four."""
        _check_visibility(field)


def _check_visibility(field: RadioField) -> None:
    if field.data not in CHOICES:
        raise ValidationError(_("Choose one of the four."))
