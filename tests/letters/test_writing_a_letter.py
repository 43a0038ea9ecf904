"""The page on which a letter is written: two steps, a sheet, and nothing kept before the last button."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import func, select

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal
from campaign.db import db, now_utc
from campaign.letters.models import Letter
from campaign.letters.once import AT_ONCE
from campaign.supporters.models import Supporter
from tests import made
from tests.letters.writing import PERSON, WORDS, all_mails_taken, form_of, letters, link, mails, post, write


def page_text(text: str) -> str:
    """The words a reader sees, blanks made one."""
    return " ".join(html.fromstring(text).text_content().split())


def sheet_text(text: str) -> str:
    """What stands on the sheet."""
    return " ".join(html.fromstring(text).xpath("//div[@class='sheet']")[0].text_content().split())


@pytest.fixture
def appeal(app: CampaignApp) -> str:
    """A letter appeal to two offices."""
    made.appeal("letter", targets=[made.authority("first-office"), made.authority("second-office", country="KG")])
    db.session.commit()
    return "test-defender-letter"


def test_the_page_starts_from_the_outline_with_the_offices_address_and_salutation_around_it(client: FlaskClient, appeal: str) -> None:
    page = client.get(f"/letters/{appeal}")
    assert page.status_code == 200
    sheet = sheet_text(page.text)
    assert "Office first-office 1 Example Street 000000 Exampletown TADSJIKISTAN" in sheet  # posted from Norway
    assert "Dear Office," in sheet
    assert "I write about the test person." in form_of(page.text)["words"]
    assert "I would be glad to hear from you." in sheet
    assert "Facts last checked on 22 November 2026" in page_text(page.text)


def test_the_page_has_one_primary_button_in_each_step(client: FlaskClient, appeal: str) -> None:
    first = client.get(f"/letters/{appeal}")
    second = post(client, first, "next")
    for page in (first, second):
        primary = [button for button in html.fromstring(page.text).xpath("//main//button") if not {"second", "stop"} & set(button.get("class", "").split())]
        assert len(primary) == 1


def test_a_preview_shows_the_other_office_and_its_language_and_keeps_the_words(client: FlaskClient, appeal: str) -> None:
    page = post(client, client.get(f"/letters/{appeal}"), "preview", to="second-office", language="ru", words="Мои слова.")
    assert page.status_code == 200
    assert "Office second-office" in sheet_text(page.text)
    assert "KIRGISISTAN" in sheet_text(page.text)
    assert "Уважаемый господин Министр," in sheet_text(page.text)
    assert "С уважением," in sheet_text(page.text)
    assert form_of(page.text)["words"].strip() == "Мои слова."


def test_an_untouched_outline_follows_the_language_that_was_chosen(client: FlaskClient, appeal: str) -> None:
    page = post(client, client.get(f"/letters/{appeal}"), "preview", language="ru")
    assert form_of(page.text)["words"].strip() == "Я пишу о тестовом человеке."


def test_the_room_that_is_left_grows_smaller_with_each_line(client: FlaskClient, appeal: str) -> None:
    def room(words: str) -> int:
        text = page_text(post(client, client.get(f"/letters/{appeal}"), "preview", words=words).text)
        return int(text.partition("Room for ")[2].split()[0])

    assert room("One line.") - room("One line.\nTwo lines.\nThree lines.") == 2


def test_words_come_back_after_starting_from_an_empty_page(client: FlaskClient, appeal: str) -> None:
    empty = post(client, client.get(f"/letters/{appeal}"), "empty", words="My own words.")
    assert form_of(empty.text)["words"].strip() == ""
    back = post(client, empty, "restore")
    assert form_of(back.text)["words"].strip() == "My own words."


def test_words_come_back_after_starting_from_the_outline(client: FlaskClient, appeal: str) -> None:
    outline = post(client, client.get(f"/letters/{appeal}"), "outline", words="My own words.")
    assert "I write about the test person." in form_of(outline.text)["words"]
    assert form_of(post(client, outline, "restore").text)["words"].strip() == "My own words."


def test_going_back_to_the_words_keeps_the_name_and_everything_else(client: FlaskClient, appeal: str) -> None:
    second = post(client, client.get(f"/letters/{appeal}"), "next", words=WORDS, way="print", to="second-office")
    first = post(client, second, "back", **PERSON, shows="full_name", updates="y")
    held = form_of(first.text)
    assert held["words"].replace("\r\n", "\n").strip() == WORDS
    kept = {"way": "print", "to": "second-office", **PERSON, "shows": "full_name", "updates": "y"}
    assert {name: held[name] for name in kept} == kept


def test_nothing_is_kept_before_the_last_button(client: FlaskClient, appeal: str) -> None:
    second = post(client, client.get(f"/letters/{appeal}"), "next", words=WORDS)
    post(client, second, "preview", **PERSON)
    assert letters() == []
    assert db.session.scalar(select(func.count()).select_from(Supporter)) == 0


@pytest.mark.parametrize(
    ("shows", "line"),
    [("full_name", "Anna Testperson, Sweden"), ("first_name", "Anna, Sweden"), ("country", "A supporter in Sweden")],
)
def test_the_signature_line_reads_as_the_writer_chose(client: FlaskClient, appeal: str, shows: str, line: str) -> None:
    second = post(client, client.get(f"/letters/{appeal}"), "next", words=WORDS)
    preview = post(client, second, "preview", **PERSON, shows=shows)
    assert f"Yours respectfully, {line} Facts" in sheet_text(preview.text)
    if shows != "full_name":
        assert "Testperson" not in sheet_text(preview.text)


def test_a_letter_waits_for_its_confirmation_and_pins_the_version_that_was_on_the_page(client: FlaskClient, appeal: str) -> None:
    first = client.get(f"/letters/{appeal}")
    row = db.session.scalars(select(Appeal)).one()
    row.versions.append(made.version(2))
    old = row.versions[0].id
    db.session.commit()
    second = post(client, first, "next", words=WORDS, way="email")
    answer = post(client, second, "send", **PERSON)
    assert (answer.status_code, answer.location) == (303, f"/letters/{appeal}/sent")
    (letter,) = letters()
    assert (letter.state, letter.version_id, letter.body, letter.name, letter.country) == ("pending", old, WORDS, "Anna Testperson", "SE")
    assert len(letter.code) == 9
    assert letter.code[4] == "-"
    assert [mail.kind for mail in mails()] == ["letters/confirm"]
    assert link().startswith("/letters/confirm/")


def test_the_words_and_the_name_are_sealed_in_the_database(client: FlaskClient, appeal: str) -> None:
    write(client, words="The quick canary sings.")
    row = db.session.execute(select(Letter.body_sealed, Letter.name_sealed)).one()
    assert b"canary" not in row[0]
    assert b"Testperson" not in row[1]


def test_a_country_shared_with_the_office_is_warned_of_before_anything_is_kept(client: FlaskClient, appeal: str) -> None:
    answer = write(client, country="TJ", shows="full_name")
    assert answer.status_code == 400
    assert "You live where this office has power" in page_text(answer.text)
    assert form_of(answer.text)["shows"] == "country"
    assert letters() == []
    assert post(client, answer, "send", shows="full_name", insists="y").status_code == 303
    assert letters()[0].to_authority == "full_name"


def test_country_only_needs_no_warning_at_home(client: FlaskClient, appeal: str) -> None:
    assert write(client, country="TJ", shows="country").status_code == 303


@pytest.mark.parametrize("way", ["email", "print", "self"])
def test_the_last_button_pressed_twice_writes_one_letter_and_one_mail(client: FlaskClient, appeal: str, way: str) -> None:
    second_step = post(client, client.get(f"/letters/{appeal}"), "next", words=WORDS, way=way)
    answers = [post(client, second_step, "send", **PERSON) for _press in range(2)]
    assert answers[0].status_code == 303
    assert answers[0].location == answers[1].location
    assert (len(letters()), len(mails())) == (1, 1)


@pytest.mark.parametrize("change", [{"name": "Anna B. Testperson"}, {"shows": "country"}, {"updates": "y"}, {"email": "another.supporter@example.org"}])
def test_a_letter_sent_again_with_something_changed_is_another_letter(client: FlaskClient, appeal: str, change: dict[str, str]) -> None:
    write(client)
    write(client, **change)
    assert (len(letters()), len(mails())) == (2, 2)


def test_the_same_letter_sent_later_by_somebody_who_misses_our_mail_gets_another_mail(client: FlaskClient, appeal: str) -> None:
    write(client)
    with time_machine.travel(now_utc() + AT_ONCE, tick=False):
        write(client)
    assert (len(letters()), len(mails())) == (2, 2)


def test_more_letters_than_mails_are_kept_and_their_mails_go_on_later_days(client: FlaskClient, appeal: str) -> None:
    for number in range(4):
        write(client, words=f"{WORDS} This is letter {number}.")
    assert len(letters()) == 4
    assert [mail.not_before > now_utc() + timedelta(seconds=5) for mail in mails()] == [False, False, False, True]


def test_when_no_more_mails_can_wait_the_answer_is_the_same_and_nothing_is_kept(client: FlaskClient, appeal: str) -> None:
    before = write(client)
    all_mails_taken()
    after = write(client, words="Another letter.")
    assert [(answer.status_code, answer.location) for answer in (before, after)] == [(303, f"/letters/{appeal}/sent")] * 2
    assert (len(letters()), len(mails())) == (1, 1)


def test_a_closed_appeal_answers_410_and_gives_the_words_back(client: FlaskClient, appeal: str) -> None:
    second = post(client, client.get(f"/letters/{appeal}"), "next", words=WORDS)
    db.session.scalars(select(Appeal)).one().state = "closed"
    db.session.commit()
    answer = post(client, second, "send", **PERSON)
    assert answer.status_code == 410
    assert all(typed in answer.text for typed in ("I am a teacher", PERSON["name"], PERSON["email"]))
    assert letters() == []


def test_a_paused_appeal_answers_403_and_gives_the_words_back(client: FlaskClient, appeal: str) -> None:
    second = post(client, client.get(f"/letters/{appeal}"), "next", words=WORDS)
    db.session.scalars(select(Appeal)).one().state = "paused"
    db.session.commit()
    answer = post(client, second, "send", **PERSON)
    assert answer.status_code == 403
    assert all(typed in answer.text for typed in ("I am a teacher", PERSON["name"], PERSON["email"]))


def test_an_unknown_appeal_and_a_petition_are_no_letters(client: FlaskClient, app: CampaignApp) -> None:
    made.appeal("petition")
    db.session.commit()
    assert client.get("/letters/no-such-appeal").status_code == 404
    assert client.get("/letters/test-defender-petition").status_code == 404
    assert client.get("/letters/no-such-appeal/sent").status_code == 404


def test_only_the_ways_the_appeal_has_are_offered(client: FlaskClient, app: CampaignApp) -> None:
    made.appeal("letter", channels=["print"])
    db.session.commit()
    page = client.get("/letters/test-defender-letter")
    assert [box.get("value") for box in html.fromstring(page.text).xpath("//input[@name='way']")] == ["print"]


def test_an_unverified_address_is_not_handed_out_for_printing(client: FlaskClient, app: CampaignApp) -> None:
    made.appeal("letter", targets=[made.authority(verified=False)])
    db.session.commit()
    page = client.get("/letters/test-defender-letter")
    assert "self" not in [box.get("value") for box in html.fromstring(page.text).xpath("//input[@name='way']")]


def test_a_way_that_is_offered_no_more_is_told_and_never_changed_in_silence(client: FlaskClient, appeal: str) -> None:
    second = post(client, client.get(f"/letters/{appeal}"), "next", words=WORDS, way="self")
    db.session.scalars(select(Appeal)).one().channels = ["email"]
    db.session.commit()
    answer = post(client, second, "send", **PERSON)
    assert answer.status_code == 400
    assert all(typed in answer.text for typed in ("I am a teacher", PERSON["name"], PERSON["email"]))
    assert letters() == []


def test_a_solidarity_message_shows_its_rules_and_goes_to_the_place_of_collection(client: FlaskClient, app: CampaignApp) -> None:
    row = made.appeal("solidarity", targets=[])
    for text in row.versions[0].texts:
        text.outline, text.rules = "", "- Write nothing about politics."
    db.session.commit()
    page = client.get(f"/letters/{row.slug}")
    assert page.status_code == 200
    assert "Write nothing about politics." in page_text(page.text)
    assert "Test Collection 1 Example Street" in sheet_text(page.text)
    assert write(client, slug=row.slug, words="Warm wishes from the north.", way="print").status_code == 303
    (letter,) = letters()
    assert (letter.authority_id, letter.channel, letter.body) == (None, "print", "Warm wishes from the north.")


def test_consent_to_updates_is_kept_with_its_words(client: FlaskClient, appeal: str) -> None:
    write(client, updates="y")
    assert letters()[0].updates_wording == "Tell me by e-mail what happens in this case. I can stop it at any time."
