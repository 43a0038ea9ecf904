"""Signing as a browser does: the form of the page is filled in and sent, with everything it holds."""

import json
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.db import db
from campaign.mail.models import OutgoingMail
from campaign.petitions.models import Signature

TYPED = {"name": "Test Supporter", "email": "test.supporter@example.org", "country": "NO"}


def form_of(text: str, number: int = 0) -> dict[str, str]:
    """What a form on a page holds, as a browser would send it."""
    form = html.fromstring(text).forms[number]
    areas = {area.name for area in form.iter("textarea")}  # a browser drops the line end that each of them begins with
    return {name: value.removeprefix("\n") if name in areas else value for name, value in form.form_values() if name}


def sign(client: FlaskClient, slug: str, *, on_page: str | None = None, **typed: str) -> TestResponse:
    """Open the page (or use one that was opened before), fill in the form and send it."""
    on_page = on_page or client.get(f"/petitions/{slug}").text
    return client.post(f"/petitions/{slug}", data={**form_of(on_page), **TYPED, **typed})


def press(client: FlaskClient, link: str, number: int = 0) -> TestResponse:
    """Open the page a link leads to and press the button of its form."""
    text = client.get(link).text
    form = html.fromstring(text).forms[number]
    return client.post(form.action, data=dict(form.form_values()))


def mails() -> list[OutgoingMail]:
    """The mails that wait, in the order in which they were queued."""
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def links() -> list[str]:
    """The link in each of them, without the host."""
    parts = [urlsplit(json.loads(mail.values)["link"]) for mail in mails()]
    return [f"{part.path}?{part.query}" for part in parts]


def signatures() -> list[Signature]:
    """All signatures, in order, as the database has them now."""
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Signature).order_by(Signature.id)))


def text_of(answer: TestResponse) -> str:
    """The words of a page, without what stands in its fields; blanks that hold words together are blanks."""
    return " ".join(" ".join(html.fromstring(answer.text).itertext()).split()).replace(" .", ".").replace("“ ", "“").replace(" ”", "”")
