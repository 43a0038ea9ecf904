"""An organisation: its page, its words and links at the desk, and its second person switched off and on."""

import re

import pytest
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.audit import service as audit
from campaign.db import db
from campaign.organisers import organisations
from campaign.organisers.models import Account, Organisation
from campaign.organisers.organisations import Link, LinkWrong
from tests import made
from tests.organisers.people import csrf, log_in_as, make

EDIT = "/desk/organisations/test-partner"


@pytest.fixture
def partner(app: CampaignApp) -> Organisation:
    organisation = made.organisation()
    db.session.commit()
    return organisation


@pytest.fixture
def desk(client: FlaskClient, partner: Organisation) -> FlaskClient:
    """A browser in which an organiser of the organisation is logged in."""
    made.member(make("organiser"), partner)
    db.session.commit()
    log_in_as(client, "organiser@example.org")
    return client


def seen(page: str) -> str:
    found = re.search(r'name="seen"[^>]*value="([^"]+)"', page)
    assert found
    return found[1]


def typed(desk: FlaskClient, **values: str) -> dict[str, str]:
    page = desk.get(EDIT).text
    return {"csrf_token": csrf(desk, EDIT), "seen": seen(page), "name_en": "Test Partner", "about_en": "Who we are.", "follow": "", "give": "", "join": "", **values}


def press(desk: FlaskClient, how: str) -> int:
    return desk.post(f"{EDIT}/second-person/{how}", data={"csrf_token": csrf(desk, EDIT)}).status_code


@pytest.mark.parametrize(
    "address",
    [
        "http://partner.example/",
        "javascript:alert(1)",
        "https://partner",
        "https://user@partner.example/",
        "https://partner.example:8443/",
        "https://partner.example/a b",
        "https://pаrtner.example/",  # a Cyrillic letter
        "https://127.0.0.1/",
        "//partner.example/",
        'https://partner.example/"onclick="',
        "https://[::1",
        "https://partner.example/" + "a" * 300,
    ],
)
def test_a_link_is_https_with_a_host_that_can_be_shown(app: CampaignApp, address: str) -> None:
    with pytest.raises(LinkWrong):
        organisations.check_link(address)


def test_a_link_leaves_without_saying_where_from_and_shows_its_host(client: FlaskClient, partner: Organisation) -> None:
    partner.links = ["join https://join.example/b", "follow https://news.example/a", "give javascript:alert(1)"]
    db.session.commit()
    page = client.get("/organisations/test-partner").text
    shown = re.findall(r'<a href="(https:[^"]+)" rel="noopener noreferrer" translate="no">([^<]+)</a>', page)
    assert shown == [("https://news.example/a", "news.example"), ("https://join.example/b", "join.example")]
    assert "javascript" not in page


def test_its_page_has_its_cases_now_and_past_and_no_other_nor_a_draft(client: FlaskClient, partner: Organisation) -> None:
    held, free = made.case("test-held", organisation_id=partner.id), made.case("test-free", organisation_id=partner.id, status="released", held_since=None)
    draft, other = made.case("test-draft", organisation_id=partner.id, publication="draft"), made.case("test-other")
    db.session.commit()
    page = client.get("/organisations/test-partner").text
    now, past = page.split('id="past"')
    assert f"/cases/{held.slug}" in now
    assert f"/cases/{free.slug}" in past
    assert draft.slug not in page
    assert other.slug not in page
    assert "/organisations/test-partner" in client.get(f"/cases/{held.slug}").text


def test_its_page_changes_when_its_words_do(client: FlaskClient, desk: FlaskClient) -> None:
    assert "Who we are" not in client.get("/organisations/test-partner").text
    assert desk.post(EDIT, data=typed(desk, about_en="**Who we are.**", follow="https://news.example/a\n")).status_code == 303
    page = client.get("/organisations/test-partner").text
    assert "<strong>Who we are.</strong>" in page
    assert "news.example" in page
    assert audit.trail()[0].action == "organisation.edited"


def test_what_was_typed_stays_when_a_link_is_wrong(desk: FlaskClient) -> None:
    answer = desk.post(EDIT, data=typed(desk, about_en="Long and careful words.", give="http://give.example/"))
    assert answer.status_code == 400
    assert "Long and careful words." in answer.text
    assert "http://give.example/" in answer.text


def test_two_who_edit_are_told_and_neither_loses_work(desk: FlaskClient, partner: Organisation) -> None:
    first, second = typed(desk, about_en="Words of the first."), typed(desk, about_en="Words of the second.")
    assert desk.post(EDIT, data=first).status_code == 303
    answer = desk.post(EDIT, data=second)
    assert answer.status_code == 409
    assert "Words of the first." in answer.text
    assert "Words of the second." in answer.text
    db.session.expire_all()
    assert partner.texts[0].about == "Words of the first."
    assert desk.post(EDIT, data={**second, "seen": seen(answer.text)}).status_code == 303
    db.session.expire_all()
    assert partner.texts[0].about == "Words of the second."


def test_another_language_is_added_and_taken_out_again(desk: FlaskClient, partner: Organisation) -> None:
    assert 'name="name_tg"' in desk.get(f"{EDIT}?add=tg").text
    assert desk.post(EDIT, data=typed(desk, name_tg="Шарик", about_tg="Мо.")).status_code == 303
    db.session.expire_all()
    assert {text.language for text in partner.texts} == {"en", "tg"}
    assert desk.post(EDIT, data=typed(desk, name_tg="", about_tg="Мо.")).status_code == 400
    assert desk.post(EDIT, data=typed(desk, name_tg="", about_tg="")).status_code == 303
    db.session.expire_all()
    assert {text.language for text in partner.texts} == {"en"}


def test_without_a_name_in_any_language_nothing_is_saved(desk: FlaskClient, partner: Organisation) -> None:
    assert desk.post(EDIT, data=typed(desk, name_en=" ")).status_code == 400
    db.session.expire_all()
    assert partner.texts[0].name == "Test Partner"


def test_a_team_of_one_switches_the_second_person_off_and_every_page_says_so(desk: FlaskClient, partner: Organisation) -> None:
    assert press(desk, "off") == 303
    for path in ("/desk/", "/desk/bundles", "/desk/approvals/", "/desk/organisations/", EDIT):
        assert "has switched the second person off" in desk.get(path).text, path
    assert press(desk, "off") == 303
    assert press(desk, "on") == 303
    assert "has switched the second person off" not in desk.get("/desk/").text
    written = [entry.action for entry in audit.trail(kind="organisation")]
    assert written == ["organisation.second_person_on", "organisation.second_person_off"]


def test_where_two_can_decide_the_second_one_stays(desk: FlaskClient, partner: Organisation) -> None:
    made.member(make("reviewer"), partner)
    db.session.commit()
    assert press(desk, "off") == 409
    db.session.expire_all()
    assert not partner.single_handed


def test_the_people_of_another_organisation_are_not_told(client: FlaskClient, partner: Organisation) -> None:
    partner.single_handed = True
    make("organiser")
    log_in_as(client, "organiser@example.org")
    assert "has switched the second person off" not in client.get("/desk/").text


def _admin(client: FlaskClient) -> Account:
    account = make("admin")
    log_in_as(client, "admin@example.org")
    return account


def test_an_admin_makes_an_organisation(client: FlaskClient, partner: Organisation) -> None:
    _admin(client)
    values = {"csrf_token": csrf(client, "/desk/organisations/"), "name": "New Partner", "slug": "new-partner"}
    assert client.post("/desk/organisations/", data=values).status_code == 303
    assert "New Partner" in client.get("/organisations/new-partner").text
    for slug in ("new-partner", "New Partner", "-", "a/b"):
        answer = client.post("/desk/organisations/", data={**values, "slug": slug})
        assert answer.status_code == 409
        assert "New Partner" in answer.text


def test_links_are_shown_in_the_order_of_their_kinds(app: CampaignApp, partner: Organisation) -> None:
    partner.links = ["join https://a.example/", "follow https://b.example/", "follow https://c.example/"]
    assert organisations.links(partner) == [
        Link("follow", "https://b.example/"),
        Link("follow", "https://c.example/"),
        Link("join", "https://a.example/"),
    ]
