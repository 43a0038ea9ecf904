"""A drive's page: what it is, who it is for, who carries it, and what was done on its days."""

from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.appeals.models import Drive
from campaign.db import db
from tests import made
from tests.overview.drives import ENDS, STARTS, act, make_drive, noon
from tests.overview.reading import asked_of_the_database, text_of

pytest_plugins = ["tests.overview.sample"]
PAGE = "/drives/test-drive"
BEFORE, DURING, AFTER = STARTS - timedelta(days=10), STARTS + timedelta(days=9), ENDS + timedelta(days=1)


def page_on(client: FlaskClient, day: date, path: str = PAGE) -> str:
    with time_machine.travel(noon(day), tick=False):
        return text_of(client, path)


def test_it_says_what_it_is_who_takes_part_and_who_carries_it(app: CampaignApp, client: FlaskClient) -> None:
    cases = [made.case(slug, status="on_trial" if slug == "test-first" else "imprisoned") for slug in ("test-second", "test-first")]
    make_drive(*cases, partners=(made.organisation("test-partner"), made.organisation("another-partner")))
    page = page_on(client, DURING)
    assert "From 1 December 2026 to 31 December 2026 Test letters in December Choose somebody." in page
    assert page.index("Test Second") < page.index("Test First"), "in the order of the drive"
    assert "held for at least" in page and "We ask for release." in page and "Facts last checked on" in page
    assert "Test Partner" in page and "Another Partner" in page


def test_before_it_begins_it_says_when_and_counts_nothing(app: CampaignApp, client: FlaskClient) -> None:
    petition = made.appeal("petition")
    make_drive(petition.case)
    act(petition, on=BEFORE, times=40)
    page = page_on(client, BEFORE)
    assert "It begins in 10 days. Together we mean to reach 500 letters, signatures and messages." in page
    assert "40 petition signatures" not in page


def test_while_it_runs_it_counts_by_kind_what_was_done_on_its_days_for_its_cases(app: CampaignApp, client: FlaskClient) -> None:
    case = made.case()
    petition, letter, solidarity = (made.appeal(kind, of=case, targets=[]) for kind in ("petition", "letter", "solidarity"))
    of_another = made.appeal("petition", of=made.case("test-other"), targets=[])
    make_drive(case)
    for day, times in ((STARTS - timedelta(days=1), 1000), (STARTS, 30), (DURING, 12), (ENDS + timedelta(days=1), 2000)):
        act(petition, on=day, times=times)
    act(letter, on=DURING, times=7)
    act(solidarity, on=ENDS, times=1)
    act(of_another, on=DURING, times=300)
    page = page_on(client, DURING)
    assert "50 actions the goal 500 7 letters 42 petition signatures 1 message of solidarity" in page
    assert "21 more days after today" in page


def test_what_is_withdrawn_is_taken_off(app: CampaignApp, client: FlaskClient) -> None:
    petition = made.appeal("petition")
    make_drive(petition.case)
    act(petition, on=DURING, times=9)
    act(petition, on=DURING, times=-2)
    assert "7 petition signatures" in page_on(client, DURING)


def test_on_its_last_day_it_says_so_and_after_it_what_was_reached(app: CampaignApp, client: FlaskClient) -> None:
    petition = made.appeal("petition")
    drive = make_drive(petition.case)
    act(petition, on=DURING, times=499)
    assert "Today is the last day." in page_on(client, ENDS)
    page = page_on(client, AFTER)
    assert "What was reached 499 actions" in page and "The drive ended on 31 December 2026." in page and "The goal was reached" not in page
    act(petition, on=DURING, times=1)
    assert "The goal was reached." in page_on(client, AFTER)
    assert drive.state == "public"


def test_progress_is_woven_and_whole_only_at_the_goal(app: CampaignApp, client: FlaskClient) -> None:
    petition = made.appeal("petition", targets=[])
    make_drive(petition.case)
    woven = []
    for times in (0, 1, 498, 1):
        act(petition, on=DURING, times=times)
        with time_machine.travel(noon(DURING), tick=False):
            woven.append(client.get(PAGE).text.partition('<svg class="woven"')[2].partition("</svg>")[0])
    assert len(set(woven)) == 4
    assert ["currentColor" in one for one in woven] == [True, True, True, False], "bare threads are left until the goal is reached"


def test_a_draft_is_nowhere(app: CampaignApp, client: FlaskClient) -> None:
    drive = make_drive(made.case(), state="draft")
    with time_machine.travel(noon(DURING), tick=False):
        assert client.get(PAGE).status_code == 404
        assert "Test letters" not in client.get("/").text + client.get("/cases/test-defender").text
        drive.state = "public"
        db.session.commit()
        assert client.get(PAGE).status_code == 200
        assert f'href="{PAGE}"' in client.get("/").text and f'href="{PAGE}"' in client.get("/cases/test-defender").text


def test_a_drive_that_is_not_there_is_a_404(client: FlaskClient) -> None:
    assert client.get("/drives/none").status_code == 404


def test_it_is_read_in_the_language_there_is(app: CampaignApp, client: FlaskClient) -> None:
    drive = make_drive(made.case())
    drive.texts = [text for text in drive.texts if text.language == "ru"]
    db.session.commit()
    assert '<h1><span lang="ru" dir="ltr">Тестовые письма</span></h1>' in client.get(PAGE).text


def test_it_counts_no_rows_sets_no_cookie_and_asks_no_more_for_more_cases(app: CampaignApp, client: FlaskClient) -> None:
    questions = []
    for many in (1, 6):
        drive = make_drive(*(made.appeal("petition", of=made.case(f"test-{many}-{number}"), targets=[]).case for number in range(many)), slug=f"test-drive-{many}")
        with asked_of_the_database() as statements:
            answer = client.get(f"/drives/{drive.slug}")
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
        assert not [one for one in statements if "count(" in one or "from signature" in one or "from letter" in one]
        questions.append(len(statements))
        with asked_of_the_database() as again:
            client.get(f"/drives/{drive.slug}")
        assert again == []
    assert questions[0] == questions[1]


@pytest.mark.usefixtures("sample")
def test_the_sample_has_one_and_its_partners_are_made_up(client: FlaskClient) -> None:
    page = page_on(client, date(2026, 12, 10), "/drives/letters-in-december")
    assert "Letters in December" in page and "Example Letter Circle" in page and "Sample Solidarity Network" in page
    assert page.count("Facts last checked on") == 7
    assert db.session.query(Drive).one().state == "public"


@pytest.mark.parametrize("publication", ["draft", "hidden"])
def test_a_case_that_is_not_public_is_not_told_of(app: CampaignApp, client: FlaskClient, publication: str) -> None:
    make_drive(made.case("test-first"), made.case("test-second", publication=publication))
    page = page_on(client, DURING)
    assert "Test First" in page and "Test Second" not in page
