"""How a signer is read: one line of what they chose to show."""

from campaign.supporters.visibility import Shown, Visibility, as_shown
from campaign.text import _, country_name


def line(shown: Shown, *, language: str | None = None) -> str:
    """The exact line that the public or an authority reads of a signer: `Anna, Sweden`."""
    if not shown.country:
        return str(_("One signature more, nothing else"))
    place = country_name(shown.country, language)
    if not shown.name:
        return str(_("A person in %(country)s", country=place))
    return str(_("%(name)s, %(country)s", name=shown.name, country=place))


def lines(*, name: str, country: str) -> dict[str, str]:
    """That line for each choice, so that it can stand below the choice."""
    return {choice.value: line(as_shown(choice, name=name, country=country)) for choice in Visibility}
