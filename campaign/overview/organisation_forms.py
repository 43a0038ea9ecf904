"""Forms of an organisation's desk page."""

from typing import Any

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, ValidationError

from campaign.organisers import organisations as service
from campaign.organisers.models import Organisation
from campaign.organisers.organisations import LINK_KINDS, LONGEST_SLUG, MOST_LINKS, Link, Words
from campaign.text import _, lazy

LONGEST_NAME = 120
LONGEST_ABOUT = 5000


class MakeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """A new organisation: its name, and the end of its page's address."""

    name = StringField(lazy("Name"), validators=[InputRequired(lazy("Type its name.")), Length(max=LONGEST_NAME, message=lazy("That name is too long."))])
    slug = StringField(
        lazy("Address of its page"), validators=[InputRequired(lazy("Type the end of its address.")), Length(max=LONGEST_SLUG, message=lazy("That is too long."))]
    )


def _links(form: FlaskForm, field: TextAreaField) -> None:
    lines = _lines(field.data)
    if len(lines) > MOST_LINKS:
        raise ValidationError(_("At most %(count)s of a kind.", count=MOST_LINKS))
    for line in lines:
        try:
            service.check_link(line)
        except service.LinkWrong:
            raise ValidationError(
                _("“%(line)s” is no address of the kind https://name.example/page. Other scripts stand as their server knows them (xn--…).", line=line)
            ) from None


class EditForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """Name and words, a pair for each language, and the links, one a line."""

    languages: tuple[str, ...] = ()
    seen = HiddenField()
    follow = TextAreaField(lazy("Follow"), validators=[_links])
    give = TextAreaField(lazy("Give"), validators=[_links])
    join = TextAreaField(lazy("Join"), validators=[_links])

    def pair(self, language: str) -> tuple[Any, Any]:
        """The two fields of a language."""
        return self[f"name_{language}"], self[f"about_{language}"]

    def words(self) -> dict[str, Words]:
        """What was typed, by language."""
        return {
            language: Words((name.data or "").strip(), (about.data or "").replace("\r\n", "\n").strip())
            for language in self.languages
            for name, about in (self.pair(language),)
        }

    def addresses(self) -> list[Link]:
        """The links that were typed."""
        return [Link(kind, line) for kind in LINK_KINDS for line in _lines(self[kind].data)]

    def show(self, organisation: Organisation) -> None:
        """Fill in what is kept."""
        self.seen.data = service.stamp(organisation)
        for name, value in _kept(organisation).items():
            if name in self:
                self[name].data = value

    def validate(self, extra_validators: Any = None) -> bool:
        fine: bool = super().validate(extra_validators)
        if not any(words.name for words in self.words().values()):
            self[f"name_{self.languages[0]}"].errors = [_("It needs a name in one language at least.")]
            return False
        for language, words in self.words().items():
            if words.about and not words.name:
                self[f"name_{language}"].errors = [_("These words have no name above them: type it, or take them out.")]
                fine = False
        return fine


def edit_form(languages: list[str]) -> EditForm:
    """The form with a pair of fields for each of these languages."""
    fields: dict[str, Any] = {"languages": tuple(languages)}
    for language in languages:
        fields[f"name_{language}"] = StringField(lazy("Name"), validators=[Length(max=LONGEST_NAME, message=lazy("That name is too long."))])
        fields[f"about_{language}"] = TextAreaField(lazy("Who they are"), validators=[Length(max=LONGEST_ABOUT, message=lazy("That is too long."))])
    made: EditForm = type("EditForm", (EditForm,), fields)()
    return made


def shown_in(organisation: Organisation, form: EditForm) -> dict[str, str]:
    """What somebody else saved meanwhile, by the field in which this form says otherwise."""
    kept = _kept(organisation)
    fields = [name for language in form.languages for name in (f"name_{language}", f"about_{language}")] + list(LINK_KINDS)
    return {name: kept.get(name, "") for name in fields if "\n".join(_lines(form[name].data)) != "\n".join(_lines(kept.get(name)))}


def _kept(organisation: Organisation) -> dict[str, str]:
    words = {f"{what}_{text.language}": getattr(text, what) for text in organisation.texts for what in ("name", "about")}
    addresses = service.links(organisation)
    return {**words, **{kind: "\n".join(link.address for link in addresses if link.kind == kind) for kind in LINK_KINDS}}


def _lines(text: str | None) -> list[str]:
    return [line.strip() for line in (text or "").splitlines() if line.strip()]
