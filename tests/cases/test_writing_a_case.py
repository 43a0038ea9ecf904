"""A case is made and edited at the desk, by the same rules as a folder's, and nothing that was typed is lost."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.audit import service as audit
from campaign.cases.models import Case, Source
from campaign.cases.service import find_case
from campaign.db import db
from tests import made
from tests.cases.desk import TYPED, fields_of, fill, make_case
from tests.organisers.people import log_in_as, make

FACTS = "/desk/cases/test-person/facts"


@pytest.fixture
def desk(client: FlaskClient, app: CampaignApp) -> FlaskClient:
    """A browser in which an organiser is logged in."""
    make("organiser")
    log_in_as(client, "organiser@example.org")
    return client


def the_case() -> Case:
    db.session.expire_all()
    return db.session.scalars(select(Case)).one()


def test_a_case_is_made_as_it_was_typed_and_is_a_draft(desk: FlaskClient) -> None:
    answer = make_case(desk)
    assert (answer.status_code, answer.headers.get("Location")) == (303, "/desk/cases/test-person"), answer.text
    case = the_case()
    assert (case.publication, case.country, case.status, case.as_of, str(case.held_since)) == ("draft", "TJ", "imprisoned", "2026-02", "2024-01-16")
    assert [(name.kind, name.text, name.language) for name in case.names] == [
        ("main", "Test Person", None), ("native", "Тест Персон", "tg"), ("other", "Test Persson", None),
    ]  # fmt: skip
    assert [text.roles for text in case.texts] == [["test journalist", "test teacher"]]
    assert [(entry.day, entry.kind, entry.texts[0].text, entry.source.publisher) for entry in case.timeline] == [
        ("2024-01-16", "arrest", "The test person was arrested.", "Test Publisher")
    ]
    assert (case.source_links[0].source.url, sorted(case.demands)) == ("https://publisher.example/statement", ["medical_care", "release"])
    assert [(entry.action, entry.object_id) for entry in audit.trail()] == [("case.made", "test-person")]
    assert desk.get("/cases/test-person").status_code == 404


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("slug", "Test Person", "small letters"),
        ("slug", "new", "Another case has this address"),
        ("name", "", "Every name on one line"),
        ("name", "Test\u202ePerson", "Every name on one line"),
        ("country", "XX", "Choose the country"),
        ("status", "gone", "Choose the status"),
        ("as_of", "2026-13", "needs a day, a month or a year"),
        ("held_since", "2024-01", "a full day"),
        ("held_since", "2026-03-01", "after the newest news"),
        ("status", "released", "leave the first day of detention empty"),
        ("demands", ["freedom"], "Choose what is asked for"),
        ("texts-0-roles", "", "what the person is or did"),
        ("sources-0-title", "", "words for what was published"),
        ("sources-0-url", "javascript:alert(1)", "begins with https://"),
        ("timeline-0-date", "yesterday", "A date is a day"),
        ("timeline-0-kind", "", "what kind of event"),
        ("timeline-0-source", "7", "Each event needs a source"),
        ("timeline-0-words-0-text", "", "Each event needs words"),
        ("names-0-language", "Tajik", "A language is a code"),
        ("organisation", "nobody", "Choose one of your organisations"),
    ],
)
def test_what_a_folder_may_not_say_nobody_types_and_all_that_was_typed_stays(desk: FlaskClient, field: str, value: Any, sentence: str) -> None:
    answer = make_case(desk, **{field: value})
    assert answer.status_code == 400
    assert sentence in answer.text
    assert db.session.scalar(select(Case)) is None
    held = fields_of(answer.text)
    for name, typed in {**TYPED, field: value}.items():
        if field not in ("demands", "country", "status", "organisation", "timeline-0-source") or name != field:  # a choice that does not exist cannot be shown
            assert held[name] == (typed.replace("\r\n", "\n") if isinstance(typed, str) else typed), name


@pytest.mark.parametrize("more", ["names", "sources", "timeline", "language"])
def test_another_line_is_added_without_scripts_and_keeps_what_was_typed(desk: FlaskClient, more: str) -> None:
    before = fields_of(desk.get("/desk/cases/new").text)
    answer = fill(desk, "/desk/cases/new", button={"more": more}, **TYPED, more_language="tg")
    held = fields_of(answer.text)
    assert answer.status_code == 200
    assert len(held) > len(before)
    for name, typed in TYPED.items():
        assert held[name] == (typed.replace("\r\n", "\n") if isinstance(typed, str) else typed), name


def test_a_case_in_a_second_language_keeps_both(desk: FlaskClient) -> None:
    make_case(desk)
    held = fields_of(fill(desk, FACTS, button={"more": "language"}, more_language="ru").text)
    assert desk.post(FACTS, data={**held, "texts-1-roles": "тестовый журналист\nтестовый учитель", "timeline-0-words-1-text": "Тест."}).status_code == 303
    case = the_case()
    assert {text.language: len(text.roles) for text in case.texts} == {"en": 2, "ru": 2}
    assert {text.language: text.text for text in case.timeline[0].texts} == {"en": "The test person was arrested.", "ru": "Тест."}
    assert fields_of(desk.get(FACTS).text)["timeline-0-words-1-text"] == "Тест."


def test_editing_changes_what_was_typed_and_the_trail_names_the_fields(desk: FlaskClient) -> None:
    make_case(desk)
    assert fill(desk, FACTS, status="released", held_since="").status_code == 303
    assert the_case().status == "released"
    entry = audit.trail()[0]
    assert (entry.action, entry.details) == ("case.edited", {"fields": ["status", "held_since"], "status": ["imprisoned", "released"]})


def test_saving_what_is_there_already_changes_nothing(desk: FlaskClient) -> None:
    make_case(desk)
    ids = [row.id for row in (*the_case().names, *the_case().timeline)]
    assert fill(desk, FACTS).status_code == 303
    assert [row.id for row in (*the_case().names, *the_case().timeline)] == ids
    assert audit.trail()[0].action == "case.made"


def test_a_line_that_is_emptied_goes_away_and_events_keep_their_sources(desk: FlaskClient) -> None:
    second = {"sources-1-title": "A second statement", "sources-1-publisher": "Other Publisher", "sources-1-key": "", "sources-1-date": "", "sources-1-url": ""}
    make_case(desk, **second)
    gone = {f"sources-0-{name}": "" for name in ("title", "publisher", "date", "url")}
    answer = fill(desk, FACTS, **gone)
    assert answer.status_code == 400, "the event's source went away"
    assert fill(desk, FACTS, **gone, **{"timeline-0-source": "1"}).status_code == 303
    assert [link.source.publisher for link in the_case().source_links] == ["Other Publisher"]
    assert the_case().timeline[0].source.publisher == "Other Publisher"


def test_the_second_of_two_who_edit_is_told_sees_both_and_loses_nothing(desk: FlaskClient, app: CampaignApp) -> None:
    make_case(desk)
    seen_by_second = fields_of(desk.get(FACTS).text)
    fill(desk, FACTS, as_of="2026-03")
    answer = desk.post(FACTS, data={**seen_by_second, "status": "house_arrest", "as_of": "2026-05"})
    assert answer.status_code == 409
    assert "Somebody else changed this case" in answer.text
    assert all(words in answer.text for words in ("2026-03", "2026-05"))
    held = fields_of(answer.text)
    assert (held["status"], held["as_of"], the_case().status) == ("house_arrest", "2026-05", "imprisoned")
    assert desk.post(FACTS, data=held).status_code == 303
    assert (the_case().status, the_case().as_of) == ("house_arrest", "2026-05")


def test_a_source_that_another_case_names_stays_as_it_is_for_that_case(desk: FlaskClient) -> None:
    make_case(desk)
    other = made.case("other-person")
    case = db.session.scalars(select(Case).where(Case.slug == "test-person")).one()
    other.source_links = [type(case.source_links[0])(source_id=case.source_links[0].source_id, position=0)]
    db.session.commit()
    fill(desk, FACTS, **{"sources-0-publisher": "Changed Publisher"})
    db.session.expire_all()
    assert find_case("other-person").source_links[0].source.publisher == "Test Publisher"
    assert sorted(db.session.scalars(select(Source.publisher))) == ["Changed Publisher", "Test Publisher"]


def test_a_preview_shows_the_public_page_and_keeps_nothing(desk: FlaskClient) -> None:
    answer = fill(desk, "/desk/cases/new", to="/desk/preview", **TYPED)
    assert answer.status_code == 200
    assert all(words in answer.text for words in ("A preview: nobody but you", "The test person was arrested.", "Тест Персон", "Test Publisher", "for medical care"))
    db.session.expire_all()
    assert (db.session.scalar(select(Case)), db.session.scalar(select(Source))) == (None, None)


def test_a_preview_of_what_cannot_be_shown_says_what_is_missing(desk: FlaskClient) -> None:
    answer = fill(desk, "/desk/cases/new", to="/desk/preview", **{**TYPED, "country": ""})
    assert (answer.status_code, "Choose the country" in answer.text) == (400, True)


def test_a_page_that_was_open_for_too_long_keeps_what_was_typed(desk: FlaskClient) -> None:
    answer = make_case(desk, csrf_token="old")
    assert (answer.status_code, "open for too long" in answer.text, fields_of(answer.text)["name"]) == (400, True, "Test Person")


def test_the_list_finds_by_any_spelling_status_country_state_and_day(desk: FlaskClient) -> None:
    make_case(desk)
    for asked, there in {
        "q=persson": True,
        "q=тест": True,
        "q=nobody": False,
        "country=TJ": True,
        "country=KG": False,
        "status=released": False,
        "publication=draft": True,
        "due=1": False,
    }.items():
        assert ("/desk/cases/test-person" in desk.get(f"/desk/cases?{asked}").text) == there, asked


def test_the_list_names_only_theirs_and_a_case_is_made_only_for_their_organisations(desk: FlaskClient) -> None:
    theirs = made.organisation("test-partner")
    made.case("their-person", organisation_id=theirs.id)
    db.session.commit()
    assert "their-person" not in desk.get("/desk/cases").text
    assert make_case(desk, organisation=str(theirs.id)).status_code == 404
    assert db.session.scalars(select(Case.slug)).all() == ["their-person"]
