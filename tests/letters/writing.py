"""Writing a letter as a browser does: each form of a page is filled in and sent, with everything it holds."""

import json
from urllib.parse import urlsplit

from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.db import db, now_utc
from campaign.letters.models import Letter
from campaign.mail.models import OutgoingMail
from campaign.supporters.service import find_or_make, mail_slot

PERSON = {"name": "Anna Testperson", "email": "test.supporter@example.org", "country": "SE"}
WORDS = "I am a teacher, and I write about the test person.\n\nPlease release them."


def form_of(text: str, action: str = "/letters/") -> dict[str, str]:
    """What the form with this action holds, as a browser would send it, without its buttons."""
    form = next(form for form in html.fromstring(text).forms if action in (form.action or ""))
    return {name: value.replace("\n", "\r\n") for name, value in form.form_values() if name and value is not None}


def post(client: FlaskClient, page: TestResponse | str, do: str, *, slug: str = "test-defender-letter", **typed: str) -> TestResponse:
    """Press one button of the form on a page."""
    text = page if isinstance(page, str) else page.text
    return client.post(f"/letters/{slug}", data={**form_of(text), "do": do, **typed})


def write(client: FlaskClient, *, slug: str = "test-defender-letter", words: str = WORDS, way: str = "email", **typed: str) -> TestResponse:
    """Both steps, and the last button."""
    first = client.get(f"/letters/{slug}")
    second = post(client, first, "next", slug=slug, words=words, way=way)
    assert "step 2 of 2" in second.text, second.text
    return post(client, second, "send", slug=slug, **{**PERSON, **typed})


def press(client: FlaskClient, link: str, action: str = "/letters/") -> TestResponse:
    """Open the page a link leads to and press the button of the form with this action."""
    text = client.get(link).text
    form = next(form for form in html.fromstring(text).forms if action in (form.action or ""))
    return client.post(form.action, data=dict(form.form_values()))


def mails() -> list[OutgoingMail]:
    """The mails that wait, in the order in which they were queued."""
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def link(number: int = -1) -> str:
    """The link in a mail, without the host."""
    return str(urlsplit(json.loads(mails()[number].values)["link"]).path)


def all_mails_taken() -> None:
    """So many mails wait for the test person that no more are sent."""
    person = find_or_make(email=PERSON["email"], now=now_utc())
    while mail_slot(person, now=now_utc()) is not None:
        pass
    db.session.commit()


def letters() -> list[Letter]:
    """All letters, in order, as the database has them now."""
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.scalars(select(Letter).order_by(Letter.id)))


def confirmed(client: FlaskClient, **typed: str) -> tuple[Letter, str]:
    """A letter that was written and confirmed, and its tracking page's address."""
    write(client, **typed)
    answer = press(client, link())
    assert answer.status_code == 303
    return letters()[-1], urlsplit(answer.location).path
