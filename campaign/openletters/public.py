"""Pages for supporters: published letters, and the organisations that signed them."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from campaign.openletters import service

pages = Blueprint("openletters", __name__)


@pages.get("/open-letters")
def all_letters() -> ResponseReturnValue:
    """All open letters, the newest first."""
    return render_template("openletters/all.html", letters=service.all_letters())


@pages.get("/open-letters/<key>")
def letter(key: str) -> ResponseReturnValue:
    """One open letter: when, to whom, what it asks, and who signed it."""
    try:
        return render_template("openletters/letter.html", letter=service.find(key))
    except service.OpenLetterUnknown:
        raise NotFound from None
