"""Forms of the desk's door."""

from flask_wtf import FlaskForm
from wtforms import EmailField, PasswordField, StringField
from wtforms.validators import InputRequired, Length

from campaign.text import lazy


class LoginForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Address and password."""

    email = EmailField(lazy("E-mail address"), validators=[InputRequired(lazy("Type your e-mail address.")), Length(max=254, message=lazy("That address is too long."))])
    password = PasswordField(lazy("Password"), validators=[InputRequired(lazy("Type your password.")), Length(max=1000, message=lazy("That password is too long."))])


class CodeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A one-time code, or a recovery code."""

    code = StringField(lazy("Code"), validators=[InputRequired(lazy("Type the code.")), Length(max=40, message=lazy("That is too long for a code."))])


class ButtonForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """One button: nothing but the proof that it was pressed on our page."""
