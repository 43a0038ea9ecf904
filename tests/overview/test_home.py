"""The home page: somebody to write for, the others, a search by any spelling, and the good news."""

import re
from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.db import db, now_utc
from tests import made
from tests.overview.reading import text_of

pytest_plugins = ["tests.overview.sample"]


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("Tazhibek", "Makhabat Tajibek kyzy"),
        ("Тажибек", "Makhabat Tajibek kyzy"),
        ("Ғурбатӣ", "Abdullo Ghurbati"),
        ("gurbati", "Abdullo Ghurbati"),
        ("Ulfathonim", "Ulfatkhonim Mamadshoeva"),
    ],
)
def test_a_person_is_found_by_any_spelling_in_any_script(sample: None, client: FlaskClient, typed: str, name: str) -> None:
    page = text_of(client, f"/?q={typed}")

    assert name in page
    assert "Rita Karasartova" not in page


def test_the_list_is_narrowed_by_country_and_status(sample: None, client: FlaskClient) -> None:
    page = text_of(client, "/?country=KG&status=probation")

    assert "Rita Karasartova" in page
    assert "Makhabat Tajibek kyzy" not in page
    assert "Rukhshona Hakimova" not in page


def test_a_search_that_finds_nobody_says_what_to_try(sample: None, client: FlaskClient) -> None:
    page = text_of(client, "/?q=zhilanbaef")

    assert "Nobody is found by that" in page
    assert "Did you mean one of them? Marat Zhylanbayev" in page
    assert "See all people" in page


def test_what_was_typed_stays_in_the_field_and_is_never_read_as_html(sample: None, client: FlaskClient) -> None:
    answer = client.get('/?q="><b>{{7*7}}</b>')

    assert 'value="&#34;&gt;&lt;b&gt;{{7*7}}&lt;/b&gt;"' in answer.text


def test_the_free_and_the_dead_are_not_among_the_people_to_write_for(sample: None, client: FlaskClient) -> None:
    before_good_news, _, good_news = text_of(client, "/").partition("Good news")

    assert "Azamat Ishenbekov" not in before_good_news
    assert "Azimjon Askarov" not in before_good_news
    assert "Azamat Ishenbekov" in good_news


def test_each_card_says_status_days_demands_progress_and_when_its_facts_were_checked(sample: None, client: FlaskClient) -> None:
    page = text_of(client, "/?q=Buzurgmehr")

    assert "Бузургмеҳр Ёров human rights lawyer · Tajikistan In prison held for at least 3,654 days, by news of 29 September 2025" in page
    assert "We ask for release and for the conviction to be quashed." in page
    assert "No signature yet · first milestone 100" in page
    assert "Facts last checked on 22 November 2026." in page


def test_everybody_who_is_featured_has_a_day_in_the_first_place(app: CampaignApp, client: FlaskClient) -> None:
    for slug in ("first-test", "second-test", "third-test"):
        made.appeal("letter", of=made.case(slug, featured=True), targets=[], act_before=now_utc().date() + timedelta(days=60))
    db.session.commit()

    today, first = now_utc(), []
    for days in range(3):
        with time_machine.travel(today + timedelta(days=days)):
            first += re.findall(r'<h1 id="first"><a href="/cases/([a-z-]+)"', client.get("/").text)

    assert sorted(first) == ["first-test", "second-test", "third-test"]


def test_many_people_are_shown_a_page_at_a_time(app: CampaignApp, client: FlaskClient) -> None:
    for number in range(35):
        made.case(f"test-person-{number:02}")
    db.session.commit()

    first, second = client.get("/").text, client.get("/?page=2").text

    assert first.count('<li class="case">') + 1 == 30  # one of them stands first, large
    assert second.count('<li class="case">') == 5
    assert 'rel="next"' in first
    assert 'rel="next"' not in second
    assert 'rel="prev"' in second


def test_without_a_case_the_page_says_what_will_be_here(client: FlaskClient) -> None:
    assert "No case is published yet. People to write for will be here." in text_of(client, "/")


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "page=٣", "page=99999999999", "status=nonsense", "country=%00", "q=%ff", "q=" + "a" * 5000])
def test_a_strange_address_still_gives_a_page(sample: None, client: FlaskClient, query: str) -> None:
    assert client.get(f"/?{query}").status_code == 200
