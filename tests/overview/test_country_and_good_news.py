"""A country's page, the good news, and what is kept about a supporter."""

from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.db import db
from tests import made
from tests.overview.reading import text_of

pytest_plugins = ["tests.overview.sample"]


def test_a_country_shows_its_cases_past_and_present(sample: None, client: FlaskClient) -> None:
    page = text_of(client, "/countries/KG")

    now, _, rest = page.partition("We remember")
    died, _, free = rest.partition("Free again")
    assert "Makhabat Tajibek kyzy" in now
    assert "Azimjon Askarov" in died
    assert "Azamat Ishenbekov" in free
    assert "Rukhshona Hakimova" not in page


def test_a_country_shows_the_offices_that_decide_there(sample: None, client: FlaskClient) -> None:
    offices = text_of(client, "/countries/KG").partition("Offices that decide")[2]

    assert "President of the Kyrgyz Republic" in offices
    assert "Prosecutor General of the Kyrgyz Republic" in offices
    assert "Ambassador" not in offices
    assert "Tajikistan" not in offices


def test_a_country_shows_what_changed_the_newest_first(sample: None, client: FlaskClient) -> None:
    changed = text_of(client, "/countries/KG").partition("What changed")[2]

    assert changed.strip().startswith("11 March 2026 Makhabat Tajibek kyzy Detention.")
    assert changed.index("10 March 2026") < changed.index("13 February 2026")


def test_a_country_without_cases_has_no_page(sample: None, client: FlaskClient) -> None:
    for code in ("US", "XX", "kg", "KGZ"):
        assert client.get(f"/countries/{code}").status_code == 404


def test_a_country_without_offices_says_what_will_be_there(app: CampaignApp, client: FlaskClient) -> None:
    made.case(country="KZ")
    db.session.commit()

    assert "No office is entered yet." in text_of(client, "/countries/KZ")


def test_good_news_has_its_own_place(sample: None, client: FlaskClient) -> None:
    page = text_of(client, "/good-news")

    assert "Azamat Ishenbekov" in page
    assert "April 2025: Pardoned by the president." in page
    assert "Rukhshona Hakimova" not in page


def test_without_good_news_the_page_says_what_will_be_here(app: CampaignApp, client: FlaskClient) -> None:
    assert "Nobody yet." in text_of(client, "/good-news")


def test_what_is_kept_is_told_in_plain_words(app: CampaignApp, client: FlaskClient) -> None:
    page = text_of(client, "/privacy")

    for said in ("encrypted", "IP address", "within 7 days is deleted", "Volunteers", "withdraw it", "take it back"):
        assert said in page


def test_search_engines_are_kept_off_private_links(app: CampaignApp, client: FlaskClient) -> None:
    assert "Disallow: /letters/track/" in client.get("/robots.txt").text
