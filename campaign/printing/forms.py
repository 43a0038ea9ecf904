"""Forms of the print room."""

from flask_wtf import FlaskForm
from wtforms import RadioField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # the types are of wtforms 3.2
from wtforms.validators import InputRequired

from campaign.printing.service import SIZES
from campaign.text import lazy


class TakeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """How many letters to take for an evening."""

    size = RadioField(
        lazy("How many letters"),
        choices=[SelectChoice(str(size), str(size)) for size in SIZES],
        default=str(SIZES[1]),
        validators=[InputRequired(lazy("Choose how many."))],
    )
