"""Published letters: when, to whom, what they ask, and who signed them, in order."""

from datetime import date

import pytest
from flask.testing import FlaskClient
from lxml import html

from campaign.app import CampaignApp
from campaign.db import db
from campaign.openletters.models import OpenLetter, OpenLetterText, Signatory


@pytest.fixture(autouse=True)
def _letters(app: CampaignApp) -> None:
    for key, day in (("older", date(2024, 3, 21)), ("newer", date(2025, 4, 10))):
        row = OpenLetter(key=key, published_on=day)
        row.texts = [OpenLetterText(language="en", addressed_to=f"the test office of the {key} letter", demand="open the doors")]
        row.signatories = [
            Signatory(position=1, name="Zeta Test Group", country="NO", clause=None),
            Signatory(position=2, name="Alpha Test Group", country=None, clause="within a test network"),
        ]
        db.session.add(row)
    db.session.commit()


def page_text(text: str) -> str:
    """The words a reader sees, blanks made one."""
    return " ".join(html.fromstring(text).text_content().split())


def test_the_newest_stands_first(client: FlaskClient) -> None:
    text = page_text(client.get("/open-letters").text)
    assert text.index("10 April 2025") < text.index("21 March 2024")


def test_signatories_stand_in_the_order_of_signature_with_their_clause(client: FlaskClient) -> None:
    text = page_text(client.get("/open-letters/newer").text)
    assert text.index("Zeta Test Group") < text.index("Alpha Test Group, within a test network")
    assert "The letter asks to open the doors." in text


@pytest.mark.parametrize("path", ["/open-letters", "/open-letters/newer"])
def test_it_is_said_that_signing_a_letter_is_no_agreement_to_this_site_and_no_cookie_is_set(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert "They have agreed to nothing here" in page_text(answer.text)
    assert "Set-Cookie" not in answer.headers


def test_an_unknown_letter_is_not_there(client: FlaskClient) -> None:
    assert client.get("/open-letters/none").status_code == 404
