"""Forms of the desk about consent and review."""

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import FieldList, FileField, Form, FormField, HiddenField, SelectMultipleField, StringField
from wtforms.fields.choices import RadioField, SelectChoice  # type: ignore[attr-defined]  # the types are of wtforms 3.2
from wtforms.validators import InputRequired, Length, ValidationError
from wtforms.widgets import CheckboxInput, ListWidget

from campaign.cases.models import COVERS, GIVERS
from campaign.cases.words import COVER_WORDS, GIVER_WORDS
from campaign.db import now_utc
from campaign.text import lazy

NOT_A_DAY = lazy("A full day, such as 2027-01-31.")


def full_day(text: str | None) -> date:
    """A day as it is typed. Raises ValidationError."""
    try:
        return date.fromisoformat((text or "").strip())
    except ValueError as fault:
        raise ValidationError(str(NOT_A_DAY)) from fault


class ConsentForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Who agreed, to what, from when to when, and a file that shows it."""

    giver = RadioField(lazy("Who agreed"), choices=[SelectChoice(one, GIVER_WORDS[one]) for one in GIVERS], validators=[InputRequired(lazy("Say who agreed."))])
    who = StringField(lazy("Name, and how to reach them"), validators=[InputRequired(lazy("Say who it is.")), Length(max=1000, message=lazy("That is too long."))])
    covers = SelectMultipleField(
        lazy("To what"),
        choices=[SelectChoice(one, COVER_WORDS[one]) for one in COVERS],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[InputRequired(lazy("Say to what they agreed."))],
    )
    given_on = StringField(lazy("Given on"), validators=[InputRequired(NOT_A_DAY)])
    valid_until = StringField(lazy("Valid until"), validators=[InputRequired(NOT_A_DAY)])
    evidence = FileField(lazy("A file that shows it"))

    def validate_given_on(self, field: Any) -> None:
        if full_day(field.data) > now_utc().date():
            raise ValidationError(str(lazy("It cannot be given in the future.")))

    def validate_valid_until(self, field: Any) -> None:
        if full_day(field.data) < now_utc().date():
            raise ValidationError(str(lazy("That day is over.")))

    def facts(self) -> dict[str, Any]:
        """What a service keeps of it."""
        return {
            "giver": self.giver.data,
            "who": (self.who.data or "").strip(),
            "covers": self.covers.data,
            "given_on": full_day(self.given_on.data),
            "valid_until": full_day(self.valid_until.data),
        }


class CheckedForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """The facts were checked today: by when they are to be checked again."""

    review_on = StringField(lazy("To be checked again by"), validators=[InputRequired(NOT_A_DAY)])
    day: date | None = None

    def validate_review_on(self, field: Any) -> None:
        self.day = full_day(field.data)
        if not 0 < (self.day - now_utc().date()).days <= 366:
            raise ValidationError(str(lazy("A day within the next year.")))


class SeenForm(Form):
    """What is seen on a photograph, and who took it, in one language."""

    language = HiddenField()
    alt = StringField(
        lazy("What is seen on it"), validators=[InputRequired(lazy("Say in each language what is seen.")), Length(max=500, message=lazy("That is too long."))]
    )
    credit = StringField(lazy("Who took it"), validators=[InputRequired(lazy("Say in each language who took it.")), Length(max=200, message=lazy("That is too long."))])


class PhotoForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A photograph, and its words in each language of the case."""

    picture = FileField(lazy("The picture: JPEG, PNG or WebP, at most 10 MB and 40 megapixels"))
    texts = FieldList(FormField(SeenForm), min_entries=1, max_entries=20)
