"""What the pages of letters share: their blueprint, the settings they need, and how a letter's links are made."""

from flask import Blueprint, current_app, url_for

from campaign.text import _

pages = Blueprint("letters", __name__)


def mark() -> str:
    """What every sheet and address block says in sample mode."""
    return _("Sample, do not post") if current_app.settings.sample else ""  # type: ignore[attr-defined]  # set in create_app


def posting_country() -> str:
    """Where letters are posted from when nobody says otherwise."""
    return str(current_app.settings.posting_country)  # type: ignore[attr-defined]


def full_link(endpoint: str, token: str) -> str:
    """The address of a private page, for a mail."""
    return f"{current_app.settings.site_url}{url_for(endpoint, token=token)}"  # type: ignore[attr-defined]


def confirm_link(token: str) -> str:
    """The link in the mail that asks whether a letter is its writer's."""
    return full_link("letters.confirm", token)


def track_link(token: str) -> str:
    """The private link on which a letter is followed."""
    return full_link("letters.track", token)
