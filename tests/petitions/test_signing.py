"""Signing: what is kept, what is mailed, and that nobody learns who signed before."""

from datetime import timedelta
from email import message_from_bytes
from email.policy import default

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select, text, update

from campaign.appeals.models import Appeal
from campaign.db import db, now_utc
from campaign.mail.build import build
from campaign.petitions import service
from campaign.petitions.models import Signature
from campaign.supporters.models import Consent
from tests import made
from tests.petitions.signing import TYPED, form_of, links, mails, press, sign, signatures, text_of


@pytest.fixture
def slug(client: FlaskClient) -> str:
    name = made.appeal().slug
    db.session.commit()
    return name


def test_a_signature_waits_for_its_confirmation(client: FlaskClient, slug: str) -> None:
    answer = sign(client, slug, comment="Because it is right.", to_public="country", to_authority="full_name")
    assert (answer.status_code, answer.location) == (303, "/petitions/thanks")
    (signature,) = signatures()
    assert (signature.state, signature.name, signature.comment, signature.country) == ("pending", "Test Supporter", "Because it is right.", "NO")
    assert (signature.to_public, signature.to_authority) == ("country", "full_name")
    assert "look into your mail" in text_of(client.get(answer.location)).lower()


def test_a_signature_is_pinned_to_the_version_and_language_on_the_page(client: FlaskClient, slug: str) -> None:
    sign(client, slug, on_page=client.get(f"/petitions/{slug}?text=ru").text)
    (signature,) = signatures()
    appeal = db.session.scalar(select(Appeal))
    assert appeal is not None
    assert signature.version_id == appeal.versions[0].id
    assert (signature.language, signature.page_language) == ("ru", "en")


def test_what_is_personal_is_sealed_in_the_database(client: FlaskClient, slug: str) -> None:
    sign(client, slug, comment="Because it is right.")
    rows = [row for table in ("signature", "supporter", "outgoing_mail") for row in db.session.execute(text(f"SELECT * FROM {table}"))]
    kept = " ".join(repr(value) for row in rows for value in row)
    assert len(rows) == 3
    for word in ("Test Supporter", "test.supporter", "Because"):
        assert word not in kept


def test_the_mail_carries_the_link_and_names_nobody(client: FlaskClient, slug: str) -> None:
    sign(client, slug)
    (mail,) = mails()
    message = message_from_bytes(
        build(mail, sender="post@writethemfree.example", domain="reply.writethemfree.example", site_name="Write them free", site_url="http://127.0.0.1:8000"),
        policy=default,
    )
    body = message.get_content()
    assert message["To"] == "test.supporter@example.org"
    assert f"http://127.0.0.1:8000{links()[0]}" in body
    assert "Free the test person" in body
    assert "Supporter" not in message["Subject"] + body
    assert client.get(links()[0]).status_code == 200


def test_a_newer_text_is_shown_before_anything_is_signed(client: FlaskClient, slug: str) -> None:
    page = client.get(f"/petitions/{slug}").text
    appeal = db.session.scalar(select(Appeal))
    assert appeal is not None
    appeal.versions.append(made.version(2, "We ask for something new."))
    db.session.commit()
    answer = sign(client, slug, on_page=page, comment="My own words")
    assert answer.status_code == 409
    assert "The text was changed while you were reading." in answer.text
    assert "We ask for something new." in answer.text
    kept = form_of(answer.text)
    assert (kept["name"], kept["email"], kept["country"], kept["comment"]) == (*TYPED.values(), "My own words")
    assert signatures() == []
    assert client.post(f"/petitions/{slug}", data=kept).status_code == 303
    db.session.expire_all()
    assert signatures()[0].version_id == appeal.versions[1].id


@pytest.mark.parametrize(("name", "value"), [("version", "2"), ("version", "x"), ("version", ""), ("text_language", "kk"), ("text_language", "")])
def test_a_version_that_was_not_on_the_page_is_not_signed(client: FlaskClient, slug: str, name: str, value: str) -> None:
    answer = sign(client, slug, **{name: value})
    assert answer.status_code == 409
    assert "Nothing was signed." in answer.text
    assert signatures() == []


@pytest.mark.parametrize("spelling", ["test.supporter@example.org", "Test.Supporter@EXAMPLE.org"])
def test_signing_again_is_answered_the_same_and_mails_once_more_at_most(client: FlaskClient, slug: str, spelling: str) -> None:
    first = sign(client, slug)
    press(client, links()[0])
    answers = [sign(client, slug, email=spelling) for _ in range(3)]
    for answer in answers:
        assert (answer.status_code, answer.location, answer.text) == (first.status_code, first.location, first.text)
    assert [mail.kind for mail in mails()] == ["petitions/confirm", "petitions/already"]
    assert [signature.state for signature in signatures()] == ["confirmed"]


def test_dots_and_plus_are_the_same_person_where_the_provider_ignores_them(client: FlaskClient, slug: str) -> None:
    sign(client, slug, email="test.supporter@dots.example.org")
    press(client, links()[0])
    sign(client, slug, email="TestSupporter+other@dots.example.org")
    assert [mail.kind for mail in mails()] == ["petitions/confirm", "petitions/already"]


def test_before_confirming_too_a_person_is_mailed_once_more_at_most(client: FlaskClient, slug: str) -> None:
    answers = {sign(client, slug).text for _ in range(4)}
    assert len(answers) == 1
    assert len(mails()) == len(signatures()) == 2


@pytest.mark.parametrize("confirmed", [0, 1])
def test_who_signed_twice_before_confirming_has_had_the_second_mail_whichever_was_confirmed(client: FlaskClient, slug: str, confirmed: int) -> None:
    answers = [sign(client, slug) for _ in range(2)]
    press(client, links()[confirmed])
    answers.append(sign(client, slug))
    assert len({(answer.status_code, answer.location, answer.text) for answer in answers}) == 1
    assert [mail.kind for mail in mails()] == ["petitions/confirm"] * 2
    # A week later the other one is forgotten, and what was mailed is not.
    db.session.execute(update(Signature).values(created_at=now_utc() - timedelta(days=8)))
    service.purge(now=now_utc())
    db.session.commit()
    sign(client, slug)
    assert [signature.state for signature in signatures()] == ["confirmed"]
    assert len(mails()) == 2


def test_no_address_gets_more_than_three_mails_a_day_whatever_is_submitted(client: FlaskClient) -> None:
    now = now_utc()
    slugs = [made.appeal(of=made.case(f"test-defender-{n}"), targets=[made.authority(f"office-{n}")]).slug for n in range(12)]
    db.session.commit()
    for name in slugs:
        for _ in range(2):
            assert sign(client, name).status_code == 303
    days = [mail.not_before.date() for mail in mails()]
    assert max(days.count(day) for day in days) <= 3
    assert max(days) < (now + timedelta(days=7)).date()
    assert len(signatures()) == len(days) < 24


def test_consent_to_updates_keeps_wording_language_and_time_once_confirmed(client: FlaskClient, slug: str) -> None:
    sign(client, slug, updates="y")
    assert db.session.scalars(select(Consent)).all() == []
    before = now_utc()
    assert "when there is news about this case" in client.get(links()[0]).text
    press(client, links()[0])
    db.session.rollback()
    (consent,) = db.session.scalars(select(Consent))
    assert consent.wording.startswith("Write to me by e-mail when there is news about this case.")
    assert (consent.purpose, consent.language) == ("updates", "en")
    assert before <= consent.given_at <= now_utc()
    assert consent.about == db.session.scalar(select(Appeal.case_id))


def test_who_lives_where_the_authority_is_gets_a_plain_warning_and_is_counted_only(client: FlaskClient, slug: str) -> None:
    answer = sign(client, slug, country="TJ", comment="My own words")
    assert answer.status_code == 400
    assert "can bring its owner into danger" in text_of(answer)
    kept = form_of(answer.text)
    assert (kept["to_authority"], kept["comment"], kept["name"]) == ("counted", "My own words", "Test Supporter")
    assert signatures() == []
    assert client.post(f"/petitions/{slug}", data=kept).status_code == 303
    assert signatures()[0].to_authority == "counted"


def test_who_insists_after_the_warning_is_named(client: FlaskClient, slug: str) -> None:
    kept = form_of(sign(client, slug, country="TJ").text)
    again = client.post(f"/petitions/{slug}", data={**kept, "to_authority": "first_name"})
    assert again.status_code == 400
    assert client.post(f"/petitions/{slug}", data={**kept, "to_authority": "first_name", "insists": "y"}).status_code == 303
    assert signatures()[0].to_authority == "first_name"


def test_the_lines_are_made_from_what_was_typed(client: FlaskClient, slug: str) -> None:
    said = text_of(sign(client, slug, name="Anna Maria Testsdotter", country="SE", email="wrong"))
    assert "The authority reads: “Anna, Sweden”" in said
    assert "The public reads: “Anna Maria Testsdotter, Sweden”" in said
    assert "example in place of your name" not in said


def test_what_was_typed_survives_a_petition_that_was_paused_meanwhile(client: FlaskClient, slug: str) -> None:
    page = client.get(f"/petitions/{slug}").text
    appeal = db.session.scalar(select(Appeal))
    assert appeal is not None
    appeal.state = "paused"
    db.session.commit()
    answer = sign(client, slug, on_page=page, comment="My own words")
    assert answer.status_code == 403
    for typed in ("Test Supporter", "test.supporter@example.org", "My own words"):
        assert typed in text_of(answer)
    assert signatures() == []


def test_signing_asks_the_database_little(client: FlaskClient, slug: str) -> None:
    page = client.get(f"/petitions/{slug}").text
    asked: list[str] = []

    def listen(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        sign(client, slug, on_page=page)
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    statements = [one for one in asked if not one.startswith("BEGIN")]
    assert len(statements) <= 6
