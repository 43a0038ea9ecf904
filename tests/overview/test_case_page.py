"""The case page: who, what happened, how long already, what to do; and nothing that the data does not say."""

from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.appeals.service import stop_case
from campaign.cases.models import CaseSource, CaseText, Source, SourceText, TimelineEntry, TimelineText
from campaign.db import PartialDate, db, now_utc
from tests import made
from tests.overview.reading import text_of

pytest_plugins = ["tests.overview.sample"]


def test_the_first_lines_say_who_what_and_how_long(sample: None, client: FlaskClient) -> None:
    page = text_of(client, "/cases/makhabat-tajibek-kyzy")

    assert page.startswith("Kyrgyzstan · journalist, director of Temirov Live Makhabat Tajibek kyzy Махабат Тажибек кызы")
    assert "In custody, awaiting trial, held for at least 785 days, by news of 11 March 2026." in page
    assert "We ask for release and for the charges to be dropped." in page
    assert "Facts last checked on 22 November 2026." in page


def test_names_say_their_language_in_both_scripts(sample: None, client: FlaskClient) -> None:
    page = client.get("/cases/makhabat-tajibek-kyzy").text

    assert '<span translate="no" lang="ky-Latn">Makhabat Tajibek kyzy</span>' in page
    assert 'lang="ky">Махабат Тажибек кызы</p>' in page


def test_a_name_with_one_spelling_is_not_said_twice(sample: None, client: FlaskClient) -> None:
    assert 'class="native"' not in client.get("/cases/nargiz-keldiyorova").text


def test_dates_are_shown_as_far_as_they_are_known(sample: None, client: FlaskClient) -> None:
    page = client.get("/cases/azimjon-askarov").text.replace("\u00a0", " ")

    assert '<time datetime="2010-06-15">15 June 2010</time>' in page
    assert '<time datetime="2010-09">September 2010</time>' in page
    assert '<time datetime="2016">2016</time>' in page


def test_days_are_not_counted_where_their_first_is_not_known(sample: None, client: FlaskClient) -> None:
    page = text_of(client, "/cases/dauletmurat-tadzhimuratov")

    assert "In prison, by news of February 2026." in page
    assert "held for" not in page


def test_each_event_has_its_source_and_the_page_lists_them_all(sample: None, client: FlaskClient) -> None:
    page = text_of(client, "/cases/makhabat-tajibek-kyzy")

    assert "Sentenced to six years for calls to mass unrest. Front Line Defenders case pages" in page
    assert "24.kg on the order for a retrial, 24.kg, 10 March 2026" in page
    assert "Also written: Makhabat Tazhibek kyzy, Makhabat Tazhybek kyzy." in page


def test_where_sources_differ_the_page_says_how(sample: None, client: FlaskClient) -> None:
    assert "Where sources differ Sources of 2022 and 2023 give 21 years" in text_of(client, "/cases/ulfatkhonim-mamadshoeva")
    assert "Where sources differ" not in text_of(client, "/cases/makhabat-tajibek-kyzy")


def test_open_calls_have_buttons_and_a_letter_comes_first(sample: None, client: FlaskClient) -> None:
    page = client.get("/cases/rukhshona-hakimova").text

    letter, petition = (
        '<a class="button" href="/letters/rukhshona-hakimova-letter">Write a letter</a>',
        '<a class="button second" href="/petitions/rukhshona-hakimova-petition">Sign the petition</a>',
    )
    assert letter in page
    assert petition in page
    assert page.index(letter) < page.index(petition)
    words = text_of(client, "/cases/rukhshona-hakimova")
    assert "To: President of the Republic of Tajikistan; Minister of Justice of the Republic of Tajikistan" in words
    assert "Act before the end of 31 January 2027" in words
    assert "No signature yet first milestone 100" in words


def test_who_was_pardoned_is_good_news_and_nothing_is_asked(sample: None, client: FlaskClient) -> None:
    page = text_of(client, "/cases/azamat-ishenbekov")

    assert "Pardoned, by news of 10 April 2025. April 2025: Pardoned by the president." in page
    assert "Outcome Pardoned" in page
    assert "We ask" not in page
    assert "held for" not in page


@pytest.mark.parametrize("status", ["acquitted", "released", "pardoned"])
def test_an_appeal_left_open_for_who_is_free_is_not_offered(app: CampaignApp, client: FlaskClient, status: str) -> None:
    made.appeal("petition", of=made.case(status=status, held_since=None, demands=["release"]))
    db.session.commit()

    page = client.get("/cases/test-defender").text

    assert "/petitions/" not in page
    assert "We ask" not in page


def test_a_petition_for_release_closes_when_its_person_has_died(app: CampaignApp, client: FlaskClient) -> None:
    made.appeal("petition", of=made.case(status="died_in_custody", held_since=None, demands=["release", "medical_care"]))
    db.session.commit()

    page = client.get("/cases/test-defender").text

    assert 'href="/petitions/' not in page
    assert "We ask" not in page


def test_for_who_died_the_truth_is_still_asked(sample: None, client: FlaskClient) -> None:
    page = text_of(client, "/cases/azimjon-askarov")

    assert "Died in custody, by news of 25 July 2025." in page
    assert "We ask for an investigation into the death and for the conviction to be quashed." in page


def test_past_its_review_day_a_case_is_read_and_its_actions_are_closed(app: CampaignApp, client: FlaskClient) -> None:
    yesterday = now_utc().date() - timedelta(days=1)
    made.appeal("letter", of=made.case(review_on=yesterday))
    db.session.commit()

    page = client.get("/cases/test-defender").text

    assert "Until that is done the case can be read, and its actions are closed." in page
    assert 'href="/letters/' not in page


def test_a_stopped_case_says_so_and_offers_nothing(app: CampaignApp, client: FlaskClient) -> None:
    appeal = made.appeal("letter")
    stop_case(appeal.case, now=now_utc())
    db.session.commit()

    page = client.get("/cases/test-defender").text

    assert "Actions for this case are stopped for now." in page
    assert 'href="/letters/' not in page


@pytest.mark.parametrize("state", ["draft", "paused", "closed", "withdrawn"])
def test_only_live_appeals_are_offered(app: CampaignApp, client: FlaskClient, state: str) -> None:
    made.appeal("letter", state=state)
    db.session.commit()

    assert 'href="/letters/' not in client.get("/cases/test-defender").text


def test_an_appeal_is_offered_to_the_end_of_its_last_day_anywhere_on_earth(app: CampaignApp, client: FlaskClient) -> None:
    made.appeal("letter", act_before=now_utc().date())
    made.appeal("petition", of=made.case("another-test"), targets=[], act_before=now_utc().date() - timedelta(days=2))
    db.session.commit()

    assert "Closes today, at the end of the day anywhere on earth" in text_of(client, "/cases/test-defender")
    assert "/petitions/" not in client.get("/cases/another-test").text


def test_what_the_data_does_not_say_the_page_does_not_say(app: CampaignApp, client: FlaskClient) -> None:
    made.case(held_since=None, demands=[], confidence="medium")
    db.session.commit()

    page = text_of(client, "/cases/test-defender")

    for unsaid in ("held for", "We ask", "Where sources differ", "Also written", "What you can do", "Outcome", "None"):
        assert unsaid not in page
    assert "No dated event is entered yet." in page


def test_content_falls_back_to_another_language_and_says_which(app: CampaignApp, client: FlaskClient) -> None:
    case = made.case()
    source = Source(key="test-source", publisher="Test publisher", published_on=PartialDate("2025"), texts=[SourceText(language="en", title="Test report")])
    db.session.add(source)
    case.texts = [CaseText(language="ru", roles=["проверяющий"], note=None)]
    case.source_links = [CaseSource(source_id=source.id, position=0)]
    case.timeline = [TimelineEntry(position=0, day=PartialDate("2025-02"), kind="arrest", source_id=source.id, texts=[TimelineText(language="ru", text="Задержан.")])]
    db.session.commit()

    page = client.get("/cases/test-defender").text

    assert '<span lang="ru" dir="ltr">проверяющий</span>' in page
    assert '<span lang="ru" dir="ltr">Задержан.</span>' in page


def test_what_was_typed_by_an_organiser_is_never_read_as_html(app: CampaignApp, client: FlaskClient) -> None:
    case = made.case()
    case.texts = [CaseText(language="en", roles=["<script>alert(1)</script>"], note="{{ 7 * 7 }} <b>bold</b>")]
    db.session.commit()

    page = client.get("/cases/test-defender").text

    assert "<script" not in page
    assert "{{ 7 * 7 }} &lt;b&gt;bold&lt;/b&gt;" in page


def test_one_day_is_said_as_one_day(app: CampaignApp, client: FlaskClient) -> None:
    made.case(held_since=date(2026, 1, 31), as_of=PartialDate("2026-02-01"))
    db.session.commit()

    assert "held for at least 1 day, by news of 1 February 2026" in text_of(client, "/cases/test-defender")


@pytest.mark.parametrize("path", ["/cases/nobody", "/cases/nobody/cloth.svg", "/cases/%00", "/cases/../etc", "/cases/nobody/"])
def test_an_unknown_case_is_told_clearly(app: CampaignApp, client: FlaskClient, path: str) -> None:
    answer = client.get(path)

    assert answer.status_code == 404
    assert "There is no such page" in answer.text


def test_the_cloth_is_a_picture_by_itself(sample: None, client: FlaskClient) -> None:
    answer = client.get("/cases/rukhshona-hakimova/cloth.svg")

    assert answer.status_code == 200
    assert answer.content_type == "image/svg+xml"
    assert answer.text.startswith("<svg ")
