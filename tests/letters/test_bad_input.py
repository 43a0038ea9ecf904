"""What should not be typed into a letter, and is: each gets a clear answer, keeps the words, and leaves the data whole."""

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.app import CampaignApp
from campaign.appeals.models import AppealText
from campaign.authorities.models import Authority
from campaign.db import db
from campaign.letters.sheet import plain_text
from tests import made
from tests.letters.writing import PERSON, WORDS, form_of, letters, mails, post, write
from tests.paper.sheets import texts

SLUG = "test-defender-letter"


@pytest.fixture(autouse=True)
def _appeal(app: CampaignApp) -> None:
    made.appeal("letter")
    db.session.commit()


def page_text(text: str) -> str:
    """The words a reader sees, blanks made one."""
    return " ".join(html.fromstring(text).text_content().split())


def next_page(client: FlaskClient, words: str, way: str = "print") -> TestResponse:
    """The first step sent with these words."""
    return post(client, client.get(f"/letters/{SLUG}"), "next", words=words, way=way)


def test_a_letter_of_two_megabytes_is_refused_as_too_large_and_given_back(client: FlaskClient) -> None:
    words = ("Please release them. " * 100_000)[:2_000_000].strip()
    answer = next_page(client, words)
    assert answer.status_code == 413
    assert "A letter is one page at most. Yours takes about" in page_text(answer.text)
    assert form_of(answer.text)["words"].strip() == words
    assert letters() == []


def test_a_letter_of_more_than_a_form_can_hold_is_refused(client: FlaskClient) -> None:
    answer = client.post(f"/letters/{SLUG}", data={"words": "x" * 3_500_000, "do": "send"})
    assert answer.status_code == 413
    assert "A letter is one page at most" in answer.text


@pytest.mark.parametrize("channels", [["self"], ["email"]])
def test_an_office_to_which_no_letter_can_go_yet_is_told_and_nothing_typed_is_lost(client: FlaskClient, channels: list[str]) -> None:
    office = made.authority("unchecked-office", verified=False)
    office.mailboxes = []
    made.appeal("letter", of=made.case("other-defender"), targets=[office], channels=channels)
    db.session.commit()
    first = client.get("/letters/other-defender-letter")
    assert first.status_code == 200
    assert "its address is still being checked" in page_text(first.text)
    for button in ("next", "send"):
        answer = post(client, first, button, slug="other-defender-letter", words=WORDS, **PERSON)
        assert answer.status_code == 400
        assert "its address is still being checked" in page_text(answer.text)
        assert "I am a teacher" in form_of(answer.text)["words"]
    assert letters() == []


def test_a_letter_of_two_pages_is_told_how_many_lines_are_too_many(client: FlaskClient) -> None:
    answer = next_page(client, "Line.\n" * 45)
    assert answer.status_code == 400
    assert "lines too long for one page" in page_text(answer.text)
    assert form_of(answer.text)["words"].count("Line.") == 45


def test_the_limit_of_one_page_holds_for_mail_too_and_at_the_last_button(client: FlaskClient) -> None:
    second = next_page(client, WORDS, way="email")
    answer = post(client, second, "send", **PERSON, words="Line.\n" * 45)
    assert answer.status_code == 400
    assert letters() == []


@pytest.mark.parametrize("words", [" ", "", "\u200b\u200e", "\n\n\t"])
def test_a_letter_of_nothing_is_refused(client: FlaskClient, words: str) -> None:
    answer = next_page(client, words)
    assert answer.status_code == 400
    assert "Write a few words first." in page_text(answer.text)


@pytest.mark.parametrize("typed", ["<script>alert(1)</script> & <b>bold</b>", "{{ 7 * 7 }} {% raw %}", '#panic("x") *a* _b_ $1+1$ @ref <label> \\ `raw`'])
def test_markup_and_template_syntax_stay_as_typed_on_the_page_on_paper_and_in_the_mail(client: FlaskClient, typed: str) -> None:
    words = f"Please release them. {typed}"
    second = next_page(client, words, way="self")
    assert typed in page_text(second.text)
    answer = post(client, second, "send", **PERSON)
    letter = letters()[0]
    assert letter.body == words
    assert words in plain_text(letter)
    (page,) = texts(client.get(f"{answer.location}/letter.pdf").data)
    assert "".join(typed.split()) in "".join(page.split())


def test_control_characters_are_left_out_and_the_words_around_them_kept(client: FlaskClient) -> None:
    write(client, words="Please\x00 release\x1b[31m them\u202e now\r\n\r\nThank you.\x07")
    assert letters()[0].body == "Please release[31m them now\n\nThank you."


def test_an_emoji_goes_by_mail_and_not_on_paper(client: FlaskClient) -> None:
    words = "Please release them 😀."
    refused = next_page(client, words, way="print")
    assert refused.status_code == 400
    assert "We cannot print “😀” (grinning face). Take it out, or let the letter travel by e-mail." in page_text(refused.text)
    assert form_of(refused.text)["words"].strip() == words
    assert write(client, words=words, way="email").status_code == 303
    assert letters()[0].body == words


@pytest.mark.parametrize("words", ["من فضلك أطلق سراحهم.", "请释放他们。", "ကျေးဇူးပြု၍ လွှတ်ပေးပါ။", "Илтимос, онҳоро озод кунед: Ғ Қ Ӣ Ӯ Ҳ Ҷ"])
def test_any_script_goes_by_mail(client: FlaskClient, words: str) -> None:
    assert write(client, words=words, way="email").status_code == 303
    assert letters()[0].body == words


@pytest.mark.parametrize(
    "email",
    ["a@example.org\r\nBcc: all@example.org", "a" * 10_000 + "@example.org", "anna@exаmple", "anna", "anna@@example.org", "а@example.org", '"a b"@example.org', ""],
)
def test_a_hostile_address_is_refused_and_everything_typed_is_kept(client: FlaskClient, email: str) -> None:
    answer = write(client, email=email)
    assert answer.status_code == 400
    held = form_of(answer.text)
    assert held["words"].replace("\r\n", "\n").strip() == WORDS
    assert held["name"] == PERSON["name"]
    assert (letters(), mails()) == ([], [])


@pytest.mark.parametrize("name", ["", " ", "x" * 101, "Anna\x07", "😀", "12345"])
def test_a_name_that_is_none_is_refused_and_everything_typed_is_kept(client: FlaskClient, name: str) -> None:
    answer = write(client, name=name)
    assert answer.status_code == 400
    held = form_of(answer.text)
    assert (held["email"], held["country"]) == (PERSON["email"], PERSON["country"])
    assert letters() == []


@pytest.mark.parametrize("way", ["email", "print", "self"])
def test_a_picture_in_a_name_is_one_fault_and_is_told_at_the_name(client: FlaskClient, way: str) -> None:
    answer = write(client, name="Anna 😀", shows="full_name", way=way)
    assert answer.status_code == 400
    (faults,) = html.fromstring(answer.text).xpath("//*[@id='errors']//ul")
    assert [fault.get("href") for fault in faults.xpath(".//a")] == ["#name"]
    assert page_text(answer.text).count("Please use letters.") == 2, "on top, and at the field it is about"
    assert "let the letter travel by e-mail" not in page_text(answer.text), "by e-mail such a name would not be taken either"


@pytest.mark.parametrize("name", ["Анна Тестова", "آنا", "林娜", "Ўғилой Тест", "Anna-Lena O’Test"])
def test_names_of_any_script_are_taken_by_mail(client: FlaskClient, name: str) -> None:
    assert write(client, name=name, shows="full_name").status_code == 303
    assert letters()[0].name == name


@pytest.mark.parametrize("name", ["a" + 200_000 * "\u0301" + 200_000 * "\u0323", "n" * 2_000_000])
def test_a_name_of_a_megabyte_is_refused_before_it_is_composed_or_set(client: FlaskClient, name: str) -> None:
    # Either would keep a server busy for minutes or hours; this test does not end where they are not refused in time.
    second = next_page(client, WORDS)
    answers = [post(client, second, button, **{**PERSON, "name": name, "shows": "full_name"}) for button in ("preview", "send")]
    assert [form_of(answer.text)["name"] == name for answer in answers] == [True, True]
    assert answers[1].status_code == 400
    assert "longer than 100 characters" in page_text(answers[1].text)


def test_a_country_and_a_choice_that_do_not_exist_are_refused(client: FlaskClient) -> None:
    assert write(client, country="XX").status_code == 400
    assert write(client, shows="counted").status_code == 400
    assert write(client, shows="everything").status_code == 400
    assert letters() == []


def test_a_forged_token_is_refused_and_what_was_typed_is_kept(client: FlaskClient) -> None:
    second = next_page(client, WORDS, way="email")
    answer = post(client, second, "send", **PERSON, csrf_token="forged")
    assert answer.status_code == 400
    assert "press the button again" in page_text(answer.text)
    held = form_of(answer.text)
    assert (held["words"].replace("\r\n", "\n").strip(), held["name"], held["email"]) == (WORDS, PERSON["name"], PERSON["email"])
    assert letters() == []
    assert post(client, answer, "send").status_code == 303


def test_a_stale_token_in_the_first_step_keeps_the_words(client: FlaskClient) -> None:
    first = client.get(f"/letters/{SLUG}")
    client.delete_cookie("session")
    answer = post(client, first, "next", words=WORDS)
    assert answer.status_code == 400
    assert form_of(answer.text)["words"].replace("\r\n", "\n").strip() == WORDS


def test_an_office_and_a_way_that_are_not_offered_are_refused(client: FlaskClient) -> None:
    first = client.get(f"/letters/{SLUG}")
    assert post(client, first, "next", words=WORDS, to="another-office").status_code == 400
    assert post(client, first, "next", words=WORDS, way="pigeon").status_code == 400
    assert post(client, first, "next", words=WORDS, language="tlh").status_code == 400


def test_an_outline_that_no_font_prints_can_still_travel_by_email(client: FlaskClient) -> None:
    db.session.scalars(select(AppealText).where(AppealText.language == "en")).one().outline = "请释放他们。"
    db.session.commit()
    first = client.get(f"/letters/{SLUG}")
    assert "We cannot print" in page_text(first.text)
    assert "step 2 of 2" in post(client, first, "next", way="email").text


@pytest.mark.parametrize("lines", [["x" * 120], ["1 Example Street"] * 8])
def test_an_office_whose_address_fits_no_window_can_be_written_to_by_email(client: FlaskClient, lines: list[str]) -> None:
    db.session.scalars(select(Authority)).one().lines = lines
    db.session.commit()
    first = client.get(f"/letters/{SLUG}")
    assert "does not fit the window" in page_text(first.text)
    refused = post(client, first, "next", words=WORDS, way="print")
    assert refused.status_code == 400
    assert form_of(refused.text)["words"].replace("\r\n", "\n").strip() == WORDS
    assert write(client, way="email").status_code == 303
