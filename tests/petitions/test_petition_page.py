"""The page of a petition: who, what is asked, of whom, by when, how many, and what will be read of a signer."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, select

from campaign.appeals.models import Appeal
from campaign.db import db, now_utc
from campaign.overview.cloth import threads_woven, woven
from tests import made
from tests.petitions.signing import form_of, text_of


def petition(**values: object) -> str:
    slug = made.appeal(**values).slug  # type: ignore[arg-type]  # values of its columns
    db.session.commit()
    return slug


def test_the_page_says_who_what_to_whom_by_when_and_how_many(client: FlaskClient) -> None:
    slug = petition(actions=1872, milestones=[100, 2500], act_before=now_utc().date() + timedelta(days=18))
    said = text_of(client.get(f"/petitions/{slug}"))
    assert "Test Defender" in said
    assert "We ask that the test person is released." in said
    assert "held for at least 747 days , by news of February 2026" in said
    assert "To: Office test-office" in said
    assert "in 18 days" in said
    assert "1,872 signatures" in said
    assert "next milestone 2,500" in said
    assert "Facts last checked on 22 November 2026." in said


def test_the_person_is_shown_with_country_and_status(client: FlaskClient) -> None:
    said = text_of(client.get(f"/petitions/{petition()}"))
    assert "Tajikistan\xa0· test person" in said or "Tajikistan · test person" in said
    assert "In prison , held for at least 747 days , by news of February 2026." in said


def test_where_no_first_day_is_known_the_status_is_told_by_the_day_of_the_news(client: FlaskClient) -> None:
    slug = petition(of=made.case(held_since=None, status="travel_ban", demands=["lift_travel_ban"]))
    page = client.get(f"/petitions/{slug}")
    assert "Barred from travelling , by news of February 2026." in text_of(page)
    assert 'class="status restricted"' in page.text


@pytest.mark.parametrize(
    ("actions", "said"), [(0, "No signature yet first milestone 100"), (1, "1 signature next milestone 100"), (250, "250 signatures next milestone 1,000")]
)
def test_the_progress_is_woven_in_the_colours_of_the_case(client: FlaskClient, actions: int, said: str) -> None:
    slug = petition(actions=actions)
    page = client.get(f"/petitions/{slug}")
    assert "<progress" not in page.text
    assert said in text_of(page)
    assert woven("test-defender", threads_woven(actions, 100 if actions < 100 else 1000)) in page.text


def test_a_link_under_the_title_leads_to_the_form_which_stands_before_all_else_but_the_text(client: FlaskClient) -> None:
    slug = petition()
    appeal = db.session.scalars(select(Appeal)).one()
    made.signature(appeal, to_public="first_name")
    db.session.commit()
    page = client.get(f"/petitions/{slug}").text
    order = ["Free the test person</h2>", 'href="#sign"', 'id="text"', 'id="sign"', "Signed lately", "Facts last checked on"]
    assert [page.count(part) for part in order] == [1] * len(order)
    assert sorted(order, key=page.index) == order


@pytest.mark.parametrize(("days", "urgent"), [(18, True), (21, True), (22, False)])
def test_closing_is_urgent_only_when_it_is_near(client: FlaskClient, days: int, urgent: bool) -> None:
    slug = petition(act_before=now_utc().date() + timedelta(days=days))
    assert ('<p class="urgent">Closes on' in client.get(f"/petitions/{slug}").text) is urgent


def test_the_text_is_read_in_another_language_of_the_petition(client: FlaskClient) -> None:
    slug = petition()
    page = client.get(f"/petitions/{slug}?text=ru").text
    assert "Мы просим об освобождении." in page
    assert 'lang="ru" dir="ltr"><p>Мы' in page
    assert form_of(page)["text_language"] == "ru"
    assert "We ask that the test person is released." in client.get(f"/petitions/{slug}?text=xx").text


def test_the_safest_choice_comes_first_and_is_made_to_the_public(client: FlaskClient) -> None:
    form = form_of(client.get(f"/petitions/{petition()}").text)
    assert form["to_public"] == "counted"
    assert form["to_authority"] == "first_name"
    assert "updates" not in form


def test_below_each_choice_stands_the_line_that_will_be_read_as_an_example(client: FlaskClient) -> None:
    said = text_of(client.get(f"/petitions/{petition()}"))
    assert "with an example in place of your name" in said
    assert "First name and country The authority reads: “Anna, Sweden”" in said
    assert "Full name and country The public reads: “Anna Example, Sweden”" in said


def test_there_is_one_button(client: FlaskClient) -> None:
    assert client.get(f"/petitions/{petition()}").text.count("<button") == 1


@pytest.mark.parametrize(
    ("values", "code", "words"),
    [
        ({"state": "paused"}, 403, "This petition is paused"),
        ({"state": "closed"}, 410, "This petition is closed"),
        ({"state": "withdrawn"}, 410, "This petition was withdrawn"),
        ({"state": "draft"}, 404, "There is no such page"),
        ({"kind": "letter"}, 404, "There is no such page"),
        ({"act_before": now_utc().date() - timedelta(days=3)}, 410, "This petition is closed"),
    ],
)
def test_a_petition_that_takes_nothing_says_so_with_the_right_code(client: FlaskClient, values: dict[str, object], code: int, words: str) -> None:
    answer = client.get(f"/petitions/{petition(**values)}")
    assert answer.status_code == code
    assert words in text_of(answer)


def test_a_petition_whose_case_is_stopped_is_paused(client: FlaskClient) -> None:
    slug = made.appeal(of=made.case(stopped_at=now_utc())).slug
    db.session.commit()
    answer = client.get(f"/petitions/{slug}")
    assert answer.status_code == 403
    assert "Nothing is lost" in text_of(answer)


def test_past_the_review_day_nothing_is_signed(client: FlaskClient) -> None:
    slug = made.appeal(of=made.case(review_on=now_utc().date() - timedelta(days=1))).slug
    db.session.commit()
    assert client.get(f"/petitions/{slug}").status_code == 410


def test_an_unknown_petition_is_not_found(client: FlaskClient) -> None:
    assert client.get("/petitions/nobody-knows-this").status_code == 404


def test_the_page_counts_no_rows(client: FlaskClient) -> None:
    slug = petition()
    asked: list[str] = []

    def listen(connection: object, cursor: object, statement: str, *rest: object) -> None:
        asked.append(statement)

    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        client.get(f"/petitions/{slug}")
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    assert asked
    assert not [statement for statement in asked if "count(" in statement.lower()]
