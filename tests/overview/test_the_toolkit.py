"""The toolkit of a case in a drive: only what the case and its open calls state, to verified offices, in each language there is."""

import threading
from datetime import date, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.appeals.models import Drive, DriveCase
from campaign.authorities.models import Authority
from campaign.cases.models import Case, Source, TimelineEntry, TimelineText
from campaign.db import PartialDate, db, now_utc
from campaign.overview.kept_files import Files, mark_of
from tests import made
from tests.overview.drives import make_drive
from tests.overview.reading import asked_of_the_database, text_of
from tests.paper.sheets import texts

pytest_plugins = ["tests.overview.sample"]
PAGE = "/drives/test-drive/toolkit/test-defender"
SAMPLE = "/drives/letters-in-december/toolkit/ulfatkhonim-mamadshoeva"
SEPARATE = {"card": 1, "how-to": 1, "letters": 3, "addresses": 1, "codes": 1}


def sheets(client: FlaskClient, path: str) -> list[str]:
    answer = client.get(path)
    assert (answer.status_code, answer.content_type) == (200, "application/pdf"), path
    return [page.replace("\u00a0", " ") for page in texts(answer.data)]


@pytest.fixture
def case(app: CampaignApp) -> Case:
    """A case with everything open, in a drive."""
    row = made.case(demands=["release", "medical_care", "quash_conviction"])
    source = Source(key="test-source", publisher="Test publisher", published_on=PartialDate("2025"), texts=[])
    db.session.add(source)
    db.session.flush()
    row.timeline = [
        TimelineEntry(position=0, day=PartialDate("2024-01"), kind="arrest", source_id=source.id, texts=[TimelineText(language="en", text="Arrested at a test.")])
    ]
    made.appeal("letter", of=row, targets=[made.authority(), made.authority("second-office")])
    made.appeal("petition", of=row, targets=[])
    made.appeal("solidarity", of=row, targets=[], channels=["print", "self"])
    make_drive(row)
    return row


def test_one_file_holds_all_that_the_separate_ones_hold(case: Case, client: FlaskClient) -> None:
    whole = sheets(client, f"{PAGE}/en/all.pdf")
    separate = [page for part, _pages in SEPARATE.items() for page in sheets(client, f"{PAGE}/en/{part}.pdf")]
    assert len(whole) == len(separate) == sum(SEPARATE.values())
    for all_page, own_page in zip(whole, separate, strict=True):
        assert all_page.rsplit("Facts", 1)[0] == own_page.rsplit("Facts", 1)[0]
        assert "Facts last checked on 22 November 2026" in all_page and "Sample, do not post" in all_page


def test_the_card_says_what_the_data_states(case: Case, client: FlaskClient) -> None:
    (card,) = sheets(client, f"{PAGE}/en/card.pdf")
    for words in ("Test Defender", "test person", "Tajikistan", "In prison", "for at least 747 days, by news of February 2026", "January 2024", "Arrested at a test."):
        assert words in card
    assert "We ask for release, for medical care and for the conviction to be quashed." in card
    assert "Source: Test publisher, 2025" in card


def test_a_letter_begins_with_the_offices_salutation_and_invites_an_answer(case: Case, client: FlaskClient) -> None:
    solidarity, first, second = sorted(sheets(client, f"{PAGE}/en/letters.pdf"), key=lambda page: ("Office " in page, "second-office" in page))
    for page, office in ((first, "Office test-office"), (second, "Office second-office")):
        assert office in page and "1 Example Street" in page and "TADSJIKISTAN" in page
        assert "Dear Office," in page and "I write about the test person." in page and "I would be glad to hear from you." in page and "Yours respectfully," in page
    assert "Test Collection" in solidarity and "Dear Test Defender," in solidarity and "I write about" not in solidarity
    (addresses,) = sheets(client, f"{PAGE}/en/addresses.pdf")
    assert addresses.count("TADSJIKISTAN") == 2 and "Messages to Test Defender are collected here" in addresses


def test_an_address_nobody_verified_is_on_no_sheet(case: Case, client: FlaskClient) -> None:
    for office in db.session.query(Authority).where(Authority.key == "second-office"):
        office.verified_at = None
    db.session.commit()
    whole = "".join(sheets(client, f"{PAGE}/en/all.pdf"))
    assert "Office test-office" in whole and "second-office" not in whole


def test_the_codes_lead_to_each_open_call(case: Case, client: FlaskClient) -> None:
    (codes,) = sheets(client, f"{PAGE}/en/codes.pdf")
    for path in ("/letters/test-defender-letter", "/petitions/test-defender-petition", "/letters/test-defender-solidarity"):
        assert f"http://127.0.0.1:8000{path}" in codes.replace("\n", "")


def test_another_language_is_another_set_of_sheets(case: Case, client: FlaskClient) -> None:
    whole = "".join(sheets(client, f"{PAGE}/ru/all.pdf"))
    for words in (
        "В заключении",
        "Мы просим освобождения, медицинской помощи и отмены приговора.",
        "Уважаемый господин Министр,",
        "Я пишу о тестовом человеке.",
        "Как провести вечер",
    ):
        assert words in whole
    assert client.get(f"{PAGE}/fr/all.pdf").status_code == 404
    page = text_of(client, PAGE)
    assert "English" in page and "Russian" in page and page.count("All of it (PDF)") == 2


@pytest.mark.parametrize("closed", ["stopped", "review", "hidden", "draft", "free", "out"])
def test_a_case_that_takes_nothing_has_no_sheets(case: Case, client: FlaskClient, closed: str) -> None:
    assert client.get(f"{PAGE}/en/all.pdf").status_code == 200
    today = now_utc().date()
    if closed == "draft":
        db.session.query(Drive).one().state = "draft"
    elif closed == "out":
        db.session.delete(db.session.query(DriveCase).one())
    else:
        values = {
            "stopped": ("stopped_at", now_utc()),
            "review": ("review_on", today - timedelta(days=1)),
            "hidden": ("publication", "hidden"),
            "free": ("status", "released"),
        }
        name, value = values[closed]
        if closed == "free":
            case.held_since = None
        setattr(case, name, value)
    db.session.commit()
    assert client.get(f"{PAGE}/en/all.pdf").status_code == 404
    assert client.get(PAGE).status_code == 404
    if closed != "draft":
        assert "Sheets for" not in client.get("/drives/test-drive").text


def test_where_nobody_may_post_a_letter_themselves_there_are_no_letters_and_no_addresses(app: CampaignApp, client: FlaskClient) -> None:
    row = made.case()
    made.appeal("letter", of=row, channels=["email", "print"])
    make_drive(row)
    page = text_of(client, PAGE)
    assert "Case card" in page and "Sample letters" not in page and "Address list" not in page
    assert client.get(f"{PAGE}/en/letters.pdf").status_code == 404
    assert "1 Example Street" not in "".join(sheets(client, f"{PAGE}/en/all.pdf"))


def test_the_drive_leads_to_the_sheets_until_it_ends(case: Case, client: FlaskClient) -> None:
    with time_machine.travel(date(2026, 12, 10)):
        assert f'href="{PAGE}"' in client.get("/drives/test-drive").text
    with time_machine.travel(date(2027, 1, 1)):
        assert f'href="{PAGE}"' not in client.get("/drives/test-drive").text


@pytest.mark.parametrize("path", ["/en/nothing.pdf", "/en/../card.pdf", "/xx/card.pdf"])
def test_what_there_is_not_is_a_404(case: Case, client: FlaskClient, path: str) -> None:
    assert client.get(f"{PAGE}{path}").status_code == 404


def test_a_file_is_set_once_and_anew_when_what_it_says_changed(case: Case, client: FlaskClient, app: CampaignApp) -> None:
    first = client.get(f"{PAGE}/en/card.pdf")
    assert "Set-Cookie" not in first.headers and first.headers["Cache-Control"] == "no-cache"
    again = client.get(f"{PAGE}/en/card.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    case.checked_on = date(2026, 11, 30)
    db.session.commit()
    newer = client.get(f"{PAGE}/en/card.pdf", headers={"If-None-Match": first.headers["ETag"]})
    assert newer.status_code == 200 and "Facts last checked on 30" in texts(newer.data)[0].replace("\u00a0", " ")


def test_it_counts_no_rows(case: Case, client: FlaskClient) -> None:
    with asked_of_the_database() as statements:
        client.get(f"{PAGE}/en/all.pdf")
        client.get(PAGE)
    assert statements and not [one for one in statements if "count(" in one or "from signature" in one or "from letter " in one]


def test_what_is_kept_has_a_bound_and_the_least_asked_for_goes_first() -> None:
    files, made_anew = Files(most_bytes=25), []

    def make(name: str) -> bytes:
        made_anew.append(name)
        return name.encode() * 10

    for name in "abacab":
        files.get(mark_of(name), lambda name=name: make(name))  # type: ignore[misc]  # the default binds it
    assert made_anew == ["a", "b", "c", "b"]


def test_many_who_ask_at_once_wait_for_one() -> None:
    files, made_anew, together = Files(), [], threading.Barrier(5)

    def make() -> bytes:
        made_anew.append(1)
        return b"sheet"

    def ask() -> None:
        together.wait()
        assert files.get("mark", make) == b"sheet"

    threads = [threading.Thread(target=ask) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert made_anew == [1]


@pytest.mark.usefixtures("sample")
def test_every_case_of_the_sample_has_its_sheets_in_both_languages(client: FlaskClient) -> None:
    page = client.get("/drives/letters-in-december").text
    cases = [part.partition('"')[0] for part in page.split('href="/drives/letters-in-december/toolkit/')[1:]]
    assert len(cases) == 7
    for slug in cases:
        for language in ("en", "ru"):
            pages = sheets(client, f"/drives/letters-in-december/toolkit/{slug}/{language}/all.pdf")
            assert len(pages) >= 6
            assert all("Sample, do not post" in one and ("22 November 2026" in one or "22 ноября 2026" in one) for one in pages)
