"""The form of a drive: as many fields as there are languages, cases and organisations. What was typed is kept whatever is wrong with it."""

from datetime import date
from typing import Any

from flask_wtf import FlaskForm
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its published types
from wtforms.validators import Length

from campaign.appeals.drives.choices import Choices
from campaign.appeals.drives.editing import Typed
from campaign.cases.models import Case
from campaign.cases.service import main_name
from campaign.organisers.models import Organisation
from campaign.organisers.organisations import named
from campaign.text import _, lazy

LONGEST_NAME, LONGEST_LEAD, MOST_GOAL = 120, 600, 1_000_000_000
STALE = lazy("The page had been open for long, or your browser did not keep its cookie. What you typed is still here: press the button again.")


class DriveBase(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What every drive has. `prepared` adds a field for each language, case and organisation."""

    seen = HiddenField(default="0")
    starts_on = StringField(lazy("First day"))
    ends_on = StringField(lazy("Last day"))
    goal = StringField(lazy("Goal: letters, signatures and messages together"))
    organisation = SelectField(lazy("Whose it is"), validate_choice=False)
    languages: tuple[str, ...] = ()
    cases: tuple[Case, ...] = ()
    partners: tuple[Organisation, ...] = ()
    owners: tuple[str, ...] = ("",)

    def validate(self, extra_validators: Any = None) -> bool:
        """All faults at once, each beside its field."""
        good = bool(super().validate(extra_validators))
        if self.csrf_token.errors:
            self.csrf_token.errors = [STALE]
        self._starts, self._ends = self._day(self.starts_on), self._day(self.ends_on)
        if self._starts and self._ends and self._ends < self._starts:
            self._fault(self.ends_on, _("A drive ends on the day it begins or later."))
        self._goal = self._number(self.goal, MOST_GOAL, _("Type the goal as a number, such as 500."))
        if self.organisation.data not in self.owners:
            self._fault(self.organisation, _("Choose whose drive it is."))
        self._check_words()
        for case in self.cases:
            place = self[f"place-{case.slug}"]
            if (place.data or "").strip():
                self._number(place, 999, _("Type the place as a number, such as 1, or leave it empty."))
        return good and not self.errors

    def typed(self) -> Typed:
        """What was typed, once it is valid."""
        placed = [(int(self[f"place-{case.slug}"].data), number, case) for number, case in enumerate(self.cases) if (self[f"place-{case.slug}"].data or "").strip()]
        organisation = next((one.id for one in self.partners if str(one.id) == self.organisation.data), None)
        assert self._starts and self._ends and self._goal, "typed() is asked of a form that is valid"
        return Typed(
            starts_on=self._starts,
            ends_on=self._ends,
            goal=self._goal,
            texts={language: words for language in self.languages if all(words := self._words(language))},
            cases=tuple(case for _place, _number, case in sorted(placed, key=lambda one: one[:2])),
            partners=tuple(one for one in self.partners if self[f"partner-{one.slug}"].data and one.id != organisation),
            organisation_id=organisation,
        )

    def fill(self, typed: Typed, *, seen: int) -> None:
        """Show what a drive says."""
        self.seen.data, self.organisation.data = str(seen), str(typed.organisation_id or "")
        self.starts_on.data, self.ends_on.data, self.goal.data = typed.starts_on.isoformat(), typed.ends_on.isoformat(), str(typed.goal)
        for language, (name, lead) in typed.texts.items():
            self[f"name-{language}"].data, self[f"lead-{language}"].data = name, lead
        for place, case in enumerate(typed.cases, start=1):
            self[f"place-{case.slug}"].data = str(place)
        for partner in typed.partners:
            self[f"partner-{partner.slug}"].data = True

    def _words(self, language: str) -> tuple[str, str]:
        return " ".join((self[f"name-{language}"].data or "").split()), " ".join((self[f"lead-{language}"].data or "").split())

    def _check_words(self) -> None:
        for language in self.languages:
            name, lead = self._words(language)
            if name and not lead:
                self._fault(self[f"lead-{language}"], _("Type the lead too: a sentence or two under the name."))
            if lead and not name:
                self._fault(self[f"name-{language}"], _("Type the name too."))
        if not any(any(self._words(language)) for language in self.languages):
            self._fault(self[f"name-{self.languages[0]}"], _("Type a name and a lead in one language at least."))

    def _day(self, field: Any) -> date | None:
        try:
            return date.fromisoformat((field.data or "").strip())
        except ValueError:
            self._fault(field, _("Type the day as year, month and day, such as 2026-12-01."))
            return None

    def _number(self, field: Any, most: int, fault: str) -> int | None:
        text = (field.data or "").strip()
        number = int(text) if text.isdecimal() and text.isascii() and len(text) <= 10 else 0
        if 1 <= number <= most:
            return number
        self._fault(field, fault)
        return None

    @staticmethod
    def _fault(field: Any, fault: str) -> None:
        field.errors = [*field.errors, fault]


def prepared(chosen: Choices) -> Any:
    """A form with these languages, cases and organisations."""
    fields: dict[str, Any] = {"languages": chosen.languages, "cases": chosen.cases, "partners": chosen.partners, "owners": ("", *(str(one.id) for one in chosen.owners))}
    for language in chosen.languages:
        short, long = (Length(max=most, message=lazy("That is too long. Please shorten it.")) for most in (LONGEST_NAME, LONGEST_LEAD))
        fields[f"name-{language}"] = StringField(lazy("Name"), validators=[short])
        fields[f"lead-{language}"] = TextAreaField(lazy("Lead"), validators=[long])
    fields |= {f"place-{case.slug}": StringField(main_name(case)) for case in chosen.cases}
    fields |= {f"partner-{one.slug}": BooleanField(named(one)) for one in chosen.partners}
    form = type("DriveForm", (DriveBase,), fields)()
    owners = [SelectChoice(str(one.id), named(one)) for one in chosen.owners]
    form.organisation.choices = [SelectChoice("", _("Nobody's: everybody at the desk works on it")), *owners]
    return form
