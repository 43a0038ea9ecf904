"""The mails about a letter: a link, what to do with it, and nothing that a stranger could have typed."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.db import db
from campaign.mail.build import build
from tests import made
from tests.letters.writing import confirmed, mails, press, write


@pytest.fixture(autouse=True)
def _appeal(app: CampaignApp) -> None:
    made.appeal("letter")
    db.session.commit()


def last_mail(app: CampaignApp) -> EmailMessage:
    """The mail queued last, as it is sent."""
    made_of = build(mails()[-1], sender="post@example.org", domain="example.org", site_name="Test Site", site_url=app.settings.site_url)
    return message_from_bytes(made_of, policy=policy.default)


@pytest.mark.parametrize("way", ["email", "print", "self"])
def test_the_mail_that_asks_carries_a_link_and_nothing_that_was_typed(app: CampaignApp, client: FlaskClient, way: str) -> None:
    write(client, name="Visit http://evil.example now", words="Buy at http://evil.example today", way=way)
    mail = last_mail(app)
    text = mail.get_content()
    assert mail["To"] == "test.supporter@example.org"
    assert mail["Subject"] == "One more step: confirm your letter"
    assert f"{app.settings.site_url}/letters/confirm/" in text
    assert "The link works until" in text
    assert "evil" not in mail.as_string()


@pytest.mark.parametrize("way", ["email", "print", "self"])
def test_the_mail_that_asks_names_the_office_and_not_the_case(app: CampaignApp, client: FlaskClient, way: str) -> None:
    write(client, way=way)
    mail = last_mail(app)
    assert "Office test-office" in mail.get_content()
    assert "Office" not in mail["Subject"]
    for word in ("Defender", "defender", "test person"):
        assert word not in mail.as_string()


def test_a_writer_who_lives_where_the_office_is_gets_a_mail_that_names_nothing(app: CampaignApp, client: FlaskClient) -> None:
    write(client, country="TJ", shows="country")
    assert "test-office" not in last_mail(app).as_string()


def test_a_message_to_the_defender_has_no_office_to_name(app: CampaignApp, client: FlaskClient) -> None:
    made.appeal("solidarity", of=made.case("another-defender"), targets=[])
    db.session.commit()
    write(client, slug="another-defender-solidarity", way="print")
    text = last_mail(app).get_content()
    assert "Test Collection" not in text
    assert "Defender" not in text


def test_the_mail_with_the_tracking_link_leads_to_the_letter(app: CampaignApp, client: FlaskClient) -> None:
    _letter, track = confirmed(client)
    press(client, track, "/resend")
    mail = last_mail(app)
    assert mail["Subject"] == "The link to your letter"
    assert f"{app.settings.site_url}{track}" in mail.get_content().split()
