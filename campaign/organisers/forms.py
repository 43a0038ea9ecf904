"""Forms of the desk's door, and of those who are invited through it."""

from typing import Any

from email_validator import EmailNotValidError, validate_email
from flask_wtf import FlaskForm
from wtforms import EmailField, Field, PasswordField, SelectField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types
from wtforms.validators import EqualTo, InputRequired, Length, ValidationError

from campaign.organisers.models import ROLES
from campaign.text import lazy, reading_language
from campaign.text.places import countries


class LoginForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Address and password."""

    email = EmailField(lazy("E-mail address"), validators=[InputRequired(lazy("Type your e-mail address.")), Length(max=254, message=lazy("That address is too long."))])
    password = PasswordField(lazy("Password"), validators=[InputRequired(lazy("Type your password.")), Length(max=1000, message=lazy("That password is too long."))])


class CodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A one-time code, or a recovery code."""

    code = StringField(lazy("Code"), validators=[InputRequired(lazy("Type the code.")), Length(max=40, message=lazy("That is too long for a code."))])


ROLE_NAMES = {
    "admin": lazy("Admin: everything, and who may come to the desk"),
    "organiser": lazy("Organiser: cases, appeals, what leaves"),
    "reviewer": lazy("Reviewer: says yes or no to what others prepared"),
    "translator": lazy("Translator: texts in other languages"),
    "volunteer": lazy("Volunteer: prints and posts"),
}


class InviteForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Who is invited, and as what."""

    email = EmailField(lazy("E-mail address"), validators=[InputRequired(lazy("Type the address.")), Length(max=254, message=lazy("That address is too long."))])
    name = StringField(lazy("Name"), validators=[InputRequired(lazy("Type a name.")), Length(max=100, message=lazy("That name is too long."))])
    role = SelectField(lazy("What they will do"))
    country = SelectField(lazy("Country they post from"))

    def __init__(self, *args: Any, **values: Any) -> None:
        super().__init__(*args, **values)
        self.role.choices = [SelectChoice(role, str(ROLE_NAMES[role])) for role in reversed(ROLES)]
        self.country.choices = [SelectChoice("", str(lazy("Choose a country"))), *(SelectChoice(code, name) for code, name in countries(reading_language()))]

    def validate_email(self, field: Field) -> None:
        """The shape of an address; whether it exists, the mail will tell."""
        try:
            validate_email(field.data.strip(), check_deliverability=False)
        except EmailNotValidError as fault:
            raise ValidationError(str(lazy("That is not an e-mail address. Look at it again."))) from fault

    def validate_country(self, field: Field) -> None:
        """One was chosen."""
        if not field.data:
            raise ValidationError(str(lazy("Choose a country.")))


class AcceptForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Who was invited says how they are called, and chooses a password."""

    name = StringField(
        lazy("Your name, as others at the desk see it"), validators=[InputRequired(lazy("Type a name.")), Length(max=100, message=lazy("That name is too long."))]
    )
    password = PasswordField(lazy("A password"), validators=[InputRequired(lazy("Choose a password.")), Length(max=1000, message=lazy("That password is too long."))])
    again = PasswordField(lazy("The password once more"), validators=[EqualTo("password", lazy("The two are not the same. Type the password twice."))])


class ButtonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """One button: nothing but the proof that it was pressed on our page."""
