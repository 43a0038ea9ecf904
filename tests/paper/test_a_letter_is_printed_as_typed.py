"""What a supporter typed stands on the sheet, and nothing of it is taken for an instruction."""

import pytest

from campaign.paper import MissingGlyph, letters_pdf, room, self_print_pdf
from tests.paper.eyes import picture
from tests.paper.sheets import a_letter, texts

HOSTILE = [
    "<b>bold</b> <script>alert(1)</script> &amp;",
    "{{ 7*7 }} {% raw %} ${7*7}",
    "#set page(width: 1cm)",
    '#read("/etc/passwd") #include "cover.typ"',
    "$x^2$ @ref <label> *strong* _emph_ `raw`",
    "/* gone? */ // and this?",
    "[[ ]] {a} [b] ~ -- --- ...",
    'back\\slash \\n \\u{41} "straight" quotes \' and “curly” ones',
    "= heading",
    "- item + item / term: x",
]


@pytest.mark.parametrize("typed", HOSTILE)
def test_markup_of_any_kind_is_printed_and_never_obeyed(typed: str) -> None:
    (page,) = texts(self_print_pdf(a_letter(body=typed)))
    assert typed in page.splitlines()


@pytest.mark.parametrize("field", ["salutation", "closing", "signature", "return_line", "date_line", "facts_line", "code"])
def test_no_other_line_is_obeyed_either(field: str) -> None:
    (page,) = texts(self_print_pdf(a_letter(**{field: "#pagebreak() $x$ @y"})))
    assert "#pagebreak() $x$ @y" in page


def test_a_template_s_own_words_are_text_in_the_number_of_a_letter_too() -> None:
    (page,) = texts(letters_pdf([a_letter(code="{n} {m} #x")], total="#y"))
    assert "{n} {m} #x" in page
    assert "1 of #y" in page


def test_marks_that_turn_the_writing_round_do_not_turn_it() -> None:
    (page,) = texts(self_print_pdf(a_letter(body="abc \u202edef\u202c ghi \u2067jkl\u2069", signature="\u202eTest Name")))
    assert "abc def ghi jkl" in page
    assert "Test Name" in page


def test_control_characters_leave_no_trace() -> None:
    (page,) = texts(self_print_pdf(a_letter(body="one\x00two\x07 three\tfour\r\nfive\x0bsix\ufeff")))
    assert "onetwo three four\nfive\nsix" in page


def test_single_line_ends_and_empty_lines_stay_as_typed() -> None:
    (page,) = texts(self_print_pdf(a_letter(body="I ask\n– one;\n– two.\n\n\nThank you.")))
    assert "I ask\n– one;\n– two.\nThank you." in page


def test_letters_of_central_asia_are_printed_and_read_back() -> None:
    typed = "Ә Ғ Қ Ң Ө Ұ Ү Һ Ӣ Ӯ Ҳ Ҷ ә ғ қ ң ө ұ ү һ ӣ ӯ ҳ ҷ Ғурбатӣ"
    (page,) = texts(self_print_pdf(a_letter(body=typed, language="tg", signature="Ӯғлӣ")))
    assert typed in page
    assert "Ӯғлӣ" in page


def test_letters_with_combining_marks_are_printed() -> None:
    (page,) = texts(self_print_pdf(a_letter(body="И\u0304 e\u0301 ş ğ ı İ ñ ø")))
    assert "ş ğ ı İ ñ ø" in page


def test_persian_is_printed_joined_and_from_the_right() -> None:
    made = self_print_pdf(a_letter(body="من می‌نویسم", salutation="جناب آقای رئیس جمهور،", closing="با احترام،", signature="آزمون", language="fa"))
    page = picture(made)
    assert page.ink(150, 98, 190, 140)
    assert not page.ink(20, 98, 100, 140)


@pytest.mark.parametrize("character", ["😀", "中", "ไ", "\ue000", "\ud800"])
def test_a_character_no_font_has_is_named_and_so_is_the_sheet(character: str) -> None:
    sheets = [a_letter(code="AAAA"), a_letter(code="BBBB", body=f"With {character} in it")]
    with pytest.raises(MissingGlyph) as refused:
        letters_pdf(sheets)
    assert refused.value.character == character
    assert refused.value.code == "BBBB"
    assert f"U+{ord(character):04X}" in str(refused.value)


def test_the_preview_names_a_missing_character_too() -> None:
    with pytest.raises(MissingGlyph) as refused:
        room(a_letter(signature="Test 😀"))
    assert refused.value.character == "😀"


def test_a_tower_of_marks_that_would_print_over_other_lines_is_refused() -> None:
    with pytest.raises(MissingGlyph):
        self_print_pdf(a_letter(signature="Z" + "\u0301" * 40))


def test_a_word_longer_than_the_line_stays_on_the_sheet_and_loses_no_letter() -> None:
    (page,) = texts(self_print_pdf(a_letter(body="W" * 300, sender=("V" * 80,), signature="U" * 90)))
    assert page.count("W") == 300
    assert page.count("V") == 80
    assert page.count("U") == 90
    assert max(len(line) for line in page.splitlines()) < 90
