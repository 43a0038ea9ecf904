"""Bad input: each gets a clear message, what was typed is given back, and nothing is kept."""

import pytest
from flask.testing import FlaskClient

from campaign.db import db
from campaign.supporters.names import NameWrong, check_name
from tests import made
from tests.petitions.signing import TYPED, form_of, mails, sign, signatures, text_of

OVERRIDE, RIGHT_TO_LEFT = "\u202e", "\u200f"


@pytest.fixture
def slug(client: FlaskClient) -> str:
    name = made.appeal().slug
    db.session.commit()
    return name


@pytest.mark.parametrize(
    ("email", "words"),
    [
        ("", "Type your e-mail address"),
        ("nobody", "does not look like an e-mail address"),
        ("a@b", "does not look like an e-mail address"),
        ("a@example.org, b@example.org", "does not look like an e-mail address"),
        ("x" * 10_240 + "@example.org", "too long"),
        ("test@example.org\r\nBcc: other@example.org", "characters that no address has"),
        ("test@example.org%0ABcc: other@example.org", "does not look like an e-mail address"),
        ("t\u0435st@example.org", "letters that only look like others"),
        ("test\x00@example.org", "characters that no address has"),
        ('"Test\\" <script>"@example.org', "does not look like an e-mail address"),
    ],
)
def test_a_hostile_address_gets_a_clear_message(client: FlaskClient, slug: str, email: str, words: str) -> None:
    answer = sign(client, slug, email=email, comment="My own words")
    assert answer.status_code == 400
    assert words in text_of(answer)
    assert form_of(answer.text)["comment"] == "My own words"
    assert signatures() == []
    assert mails() == []


@pytest.mark.parametrize(
    "name",
    ["Ғурбат Тестӣ", "Әсел Үлгі", "სატესტო პირი", "شخص تجریبی", "می‌خواهم", "測試 人", "စမ်းသပ်သူ", "O’Neill-Test, née X", "Test Supporter 3rd", "Nguyễn Văn Thử"],
)
def test_a_name_of_any_script_is_kept_as_typed(client: FlaskClient, slug: str, name: str) -> None:
    assert sign(client, slug, name=name).status_code == 303
    assert signatures()[0].name == name


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("", "Type your name."),
        (" \t\u00a0 ", "Type your name."),
        ("Test 😀", "a picture or symbol"),
        ("Test ❤️", "a picture or symbol"),
        ("Test\x00Supporter", "cannot be seen or printed"),
        ("Test\x1b[31m", "cannot be seen or printed"),
        ("Test \U000e0041", "cannot be seen or printed"),
        ("12345", "made of letters"),
        ("T" + "\u0301" * 30, "made of letters"),
        ("T" * 101, "at most 100 characters"),
    ],
)
def test_a_name_that_cannot_be_printed_gets_a_clear_message(client: FlaskClient, slug: str, name: str, words: str) -> None:
    answer = sign(client, slug, name=name)
    assert answer.status_code == 400
    assert words in text_of(answer)
    assert form_of(answer.text)["email"] == TYPED["email"]
    assert signatures() == []


def test_marks_that_turn_the_direction_do_not_stay_in_a_name(client: FlaskClient, slug: str) -> None:
    sign(client, slug, name=f"{OVERRIDE}Test{RIGHT_TO_LEFT} Supporter\u2069")
    assert signatures()[0].name == "Test Supporter"


def test_one_name_has_one_form_whatever_it_is_composed_of() -> None:
    assert check_name("Ame\u0301lie  Test") == "Am\u00e9lie Test"
    with pytest.raises(NameWrong):
        check_name("\u200b\u200e")


@pytest.mark.parametrize("name", ["<script>alert(1)</script> Test", "{{ config }} Test", "{% raw %} Test", "Robert'); DROP TABLE signature;--"])
def test_markup_and_template_syntax_in_a_name_are_letters(client: FlaskClient, slug: str, name: str) -> None:
    answer = sign(client, slug, name=name, email="wrong")
    assert form_of(answer.text)["name"] == name
    assert "<script>" not in answer.text
    sign(client, slug, name=name)
    assert signatures()[0].name == name


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("country", "", "Choose your country."),
        ("country", "XX", "Choose your country."),
        ("country", "no", "Choose your country."),
        ("to_public", "everything", "Choose one of the four."),
        ("to_authority", "", "Choose one of the four."),
        ("comment", "x" * 501, "it has 501 characters, and there is room for 500"),
        ("comment", "one\x00two", "cannot be seen or printed"),
    ],
)
def test_what_the_form_does_not_offer_is_refused(client: FlaskClient, slug: str, field: str, value: str, words: str) -> None:
    answer = sign(client, slug, **{field: value})
    assert answer.status_code == 400
    assert words in text_of(answer)
    assert form_of(answer.text)["name"] == TYPED["name"]
    assert signatures() == []


def test_a_comment_keeps_its_lines_and_its_five_hundred_letters(client: FlaskClient, slug: str) -> None:
    comment = "First line\r\nsecond 😀 " + "ж" * 480
    assert sign(client, slug, comment=comment).status_code == 303
    assert signatures()[0].comment == comment.replace("\r\n", "\n")


def test_a_comment_of_two_megabytes_is_too_much_for_one_form(client: FlaskClient, slug: str) -> None:
    answer = sign(client, slug, comment="x" * 2_000_000)
    assert answer.status_code == 413
    assert "your words are still in your browser" in text_of(answer)
    assert signatures() == []


@pytest.mark.parametrize(("field", "words"), [("name", "at most 100 characters"), ("comment", "there is room for 500")])
def test_a_tower_of_marks_is_refused_before_it_is_composed(client: FlaskClient, slug: str, field: str, words: str) -> None:
    # Composing takes the square of the length: what fits into one form would keep the server busy for half a minute.
    answer = client.post(f"/petitions/{slug}", data={**form_of(client.get(f"/petitions/{slug}").text), **TYPED, field: "a" + 4500 * "\u0301" + 4500 * "\u0323"})
    assert answer.status_code == 400
    assert words in text_of(answer)


@pytest.mark.parametrize("token", ["", "forged", "IjEyMzQ1Njc4OTAi.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"])
def test_a_forged_form_signs_nothing_and_gives_back_what_was_typed(client: FlaskClient, slug: str, token: str) -> None:
    answer = sign(client, slug, csrf_token=token, comment="My own words", to_public="full_name", updates="y")
    assert answer.status_code == 400
    assert "press the button again" in text_of(answer)
    kept = form_of(answer.text)
    assert [kept[name] for name in ("name", "email", "country", "comment", "to_public", "updates")] == [*TYPED.values(), "My own words", "full_name", "y"]
    assert signatures() == []
    assert client.post(f"/petitions/{slug}", data=kept).status_code == 303


def test_a_form_of_another_session_signs_nothing(client: FlaskClient, slug: str) -> None:
    page = client.get(f"/petitions/{slug}").text
    stranger = client.application.test_client()
    answer = sign(stranger, slug, on_page=page)
    assert answer.status_code == 400
    assert form_of(answer.text)["name"] == TYPED["name"]
    assert signatures() == []
