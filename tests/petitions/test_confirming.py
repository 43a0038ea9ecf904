"""The link in the mail: a page with a button, which signs once, and says clearly what it cannot do."""

import uuid
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import delete, select, text, update

from campaign.appeals.models import Appeal
from campaign.db import db, now_utc
from campaign.petitions import counts, service
from campaign.petitions.models import SIGNATURE_STATES, Signature
from campaign.security import tokens
from tests import made
from tests.petitions.signing import form_of, links, mails, press, sign, signatures, text_of


@pytest.fixture
def slug(client: FlaskClient) -> str:
    name = made.appeal(state="live").slug
    db.session.commit()
    return name


@pytest.fixture
def link(client: FlaskClient, slug: str) -> str:
    sign(client, slug, to_public="country")
    return links()[0]


def move(state: str) -> None:
    db.session.execute(update(Appeal).values(state=state))
    db.session.commit()


def age(days: float) -> None:
    db.session.execute(update(Signature).values(created_at=now_utc() - timedelta(days=days)))
    db.session.commit()


def test_opening_the_link_changes_nothing(client: FlaskClient, link: str) -> None:
    assert client.head(link).status_code == client.get(link).status_code == 200
    answer = client.get(link)
    assert answer.status_code == 200
    assert signatures()[0].state == "pending"
    said = text_of(answer)
    assert "Free the test person" in said
    assert "The public reads: “A person in Norway”" in said
    assert "The authority reads: “Test, Norway”" in said


def test_the_button_signs_and_the_page_says_thank_you(client: FlaskClient, link: str) -> None:
    answer = press(client, link)
    assert answer.status_code == 303
    (signature,) = signatures()
    assert signature.state == "confirmed"
    assert signature.confirmed_at is not None
    thanks = client.get(answer.location)
    assert thanks.status_code == 200
    assert "Your signature is confirmed" in text_of(thanks)
    assert 'href="/cases/test-defender">Write a letter' in thanks.text


def test_a_link_used_twice_says_that_it_is_confirmed_already(client: FlaskClient, link: str) -> None:
    page = client.get(link).text
    press(client, link)
    first = signatures()[0].confirmed_at
    again = client.post(link, data=form_of(page))
    assert again.status_code == 303
    assert signatures()[0].confirmed_at == first
    assert "Your signature is confirmed" in text_of(client.get(link))


def test_the_second_link_of_the_same_person_says_that_they_have_signed_already(client: FlaskClient, slug: str) -> None:
    sign(client, slug)
    sign(client, slug)
    first, second = links()
    press(client, first)
    answer = client.get(second)
    assert answer.status_code == 200
    assert "You have signed already" in text_of(answer)
    assert "Confirm my signature" not in answer.text
    client.post(second, data=form_of(answer.text) if "<form" in answer.text else {})
    assert sorted(signature.state for signature in signatures()) == ["confirmed", "pending"]


@pytest.mark.parametrize("change", ["cut", "changed", "other purpose", "not ascii"])
def test_a_changed_link_is_not_found_and_says_what_to_do(client: FlaskClient, link: str, change: str) -> None:
    signature = signatures()[0].id
    token = tokens.make("signature", signature)
    wrong = {"cut": token[:-1], "changed": ("B" if token[0] == "A" else "A") + token[1:], "other purpose": tokens.make("track", signature), "not ascii": "ü" * 44}[change]
    answer = client.get(f"/signatures/{wrong}")
    assert answer.status_code == 404
    assert "This link is not complete" in text_of(answer)
    assert client.post(f"/signatures/{wrong}").status_code == 404
    assert signatures()[0].state == "pending"


def test_a_link_signs_its_own_signature_and_nobody_elses(client: FlaskClient, slug: str) -> None:
    sign(client, slug, email="first@example.org")
    sign(client, slug, email="second@example.org")
    press(client, links()[1])
    assert [signature.state for signature in signatures()] == ["pending", "confirmed"]


def test_after_seven_days_the_link_is_over_and_leads_back(client: FlaskClient, slug: str, link: str) -> None:
    page = client.get(link).text
    age(7.01)
    answer = client.get(link)
    assert answer.status_code == 410
    assert f'href="/petitions/{slug}">Back to the petition' in answer.text
    assert client.post(link, data=form_of(page)).status_code == 410
    assert signatures()[0].state == "pending"


def test_what_is_not_confirmed_within_seven_days_is_purged(client: FlaskClient, slug: str) -> None:
    sign(client, slug, email="first@example.org")
    press(client, links()[0])
    sign(client, slug, email="second@example.org")
    age(6.99)
    assert service.purge(now=now_utc()) == 0
    age(7.01)
    assert service.purge(now=now_utc()) == 1
    db.session.commit()
    assert [signature.state for signature in signatures()] == ["confirmed"]
    answer = client.get(links()[1])
    assert answer.status_code == 410
    assert f'href="/petitions/{slug}">Back to the petition' in answer.text


def test_a_supporter_of_whom_a_signature_is_kept_is_not_forgotten(client: FlaskClient, link: str) -> None:
    from campaign.supporters.models import Supporter
    from campaign.supporters.service import purge_unused

    press(client, link)
    db.session.execute(update(Supporter).values(created_at=now_utc() - timedelta(days=30)))
    assert purge_unused(now=now_utc()) == 0
    db.session.execute(delete(Signature))
    assert purge_unused(now=now_utc()) == 1


def test_a_paused_petition_keeps_the_signature_until_it_goes_on(client: FlaskClient, link: str) -> None:
    page = client.get(link).text
    move("paused")
    for answer in (client.get(link), client.post(link, data=form_of(page))):
        assert answer.status_code == 403
        assert "This petition is paused" in text_of(answer)
    assert signatures()[0].state == "pending"
    move("live")
    assert press(client, link).status_code == 303
    assert signatures()[0].state == "confirmed"


@pytest.mark.parametrize("state", ["closed", "withdrawn"])
def test_a_petition_that_is_over_takes_no_confirmation(client: FlaskClient, link: str, state: str) -> None:
    page = client.get(link).text
    move(state)
    assert client.get(link).status_code == 410
    assert client.post(link, data=form_of(page)).status_code == 410
    assert signatures()[0].state == "pending"


def test_what_is_confirmed_says_so_after_closing_too(client: FlaskClient, link: str) -> None:
    press(client, link)
    move("closed")
    assert "Your signature is confirmed" in text_of(client.get(link))


def test_a_button_without_its_token_signs_nothing(client: FlaskClient, link: str) -> None:
    answer = client.post(link, data={"csrf_token": "forged"})
    assert answer.status_code == 400
    assert "press the button again" in text_of(answer)
    assert signatures()[0].state == "pending"
    assert client.post(link, data=form_of(answer.text)).status_code == 303


def test_a_signature_taken_back_is_erased_and_leaves_the_count(client: FlaskClient, slug: str, link: str) -> None:
    press(client, link)
    assert counts.count_confirmed() == 1
    db.session.commit()
    assert press(client, link).status_code == 303
    (signature,) = signatures()
    assert (signature.state, signature.name, signature.comment, signature.to_public) == ("withdrawn", "", None, "counted")
    assert client.get(link).status_code == 410
    assert counts.count_confirmed() == 1
    db.session.commit()
    assert db.session.scalar(select(Appeal.actions)) == 0
    assert service.purge(now=now_utc()) == 1
    assert sign(client, slug).status_code == 303
    assert [mail.kind for mail in mails()] == ["petitions/confirm", "petitions/confirm"]


def test_a_link_of_a_signature_that_never_was_is_over(client: FlaskClient) -> None:
    assert client.get(f"/signatures/{tokens.make('signature', uuid.uuid4())}").status_code == 410


def test_each_state_and_step_of_the_table_is_one_the_database_takes(client: FlaskClient, link: str) -> None:
    constraint = next(c for c in Signature.__table__.constraints if c.name == "ck_signature_state")  # type: ignore[attr-defined]  # a Table has them
    assert all(state in str(constraint.sqltext) for state in SIGNATURE_STATES)
    assert db.session.scalar(text("SELECT state FROM signature")) == "pending"
