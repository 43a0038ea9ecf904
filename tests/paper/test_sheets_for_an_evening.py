"""Sheets for an evening of letters: each begins a page, says when its facts were checked, and can be read by eye, by phone and by a screen reader."""

import io
from dataclasses import replace
from typing import Any, cast

import pytest
from pypdf import PdfReader

from campaign.paper import AddressSheet, CardSheet, Code, CodesSheet, Event, MissingGlyph, SampleSheet, StepsSheet, Toolkit, toolkit_pdf
from tests.paper.eyes import picture
from tests.paper.sheets import texts

SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10"><path d="M0 0h10v10H0z"/></svg>'
CODE = Code(SQUARE, "Write for Test Defender", "https://example.org/letters/test", "Act before the end of 1 December 2026", "A code that leads to example.org")
CARD = CardSheet(
    cloth=SQUARE,
    name="Test Defender",
    native="Тест Ӣӯҳҷ",
    native_language="tg",
    rows=(("Country", "Testland"), ("Held", "for at least 785 days")),
    asks_title="What is asked",
    asks="We ask for release.",
    events_title="What happened",
    events=(Event("16 January 2024", "Arrested #at home.", "Source: Test publisher, 2025", "en"),),
    code=CODE,
)
STEPS = StepsSheet("How to do it", "Half an hour.", (("A good letter", ("Keep it to one page.", "Stay polite.")),))
SAMPLE = SampleSheet(
    title="A letter",
    lead="To start from.",
    address=("Office of the Test Authority", "1 Example Street", "EXAMPLELAND"),
    salutation="Dear Office,",
    body="I write about *the* test person.\n\nPlease release them.",
    closing="Yours respectfully,",
    signing="Your name",
    rules_title="Please keep to this",
    rules=("Write nothing about politics.",),
    language="en",
)
ADDRESSES = AddressSheet("Where letters go", "Copy the lines.", (("Office of the Test Authority", ("1 Example Street", "EXAMPLELAND"), "by post"),))
KIT = Toolkit(
    title="Test Defender: sheets",
    language="en",
    facts_line="Facts last checked on 22 November 2026",
    page="{n} of {m}",
    sheets=(CARD, STEPS, SAMPLE, ADDRESSES, CodesSheet("Codes", "Point a camera.", (CODE, CODE))),
    mark="Sample, do not post",
)


def test_each_sheet_begins_a_page_and_says_what_was_given_word_for_word() -> None:
    pages = texts(toolkit_pdf(KIT))
    assert len(pages) == 5
    for page, words in zip(
        pages,
        (
            ("Test Defender", "Тест Ӣӯҳҷ", "785 days", "We ask for release.", "16 January 2024", "Arrested #at home.", "Source: Test publisher"),
            ("How to do it", "Keep it to one page.", "Stay polite."),
            ("A letter", "EXAMPLELAND", "Dear Office,", "I write about *the* test person.", "Yours respectfully,", "Your name", "nothing about politics"),
            ("Where letters go", "1 Example Street", "by post"),
            ("Codes", "https://example.org/letters/test", "Act before the end of 1 December 2026"),
        ),
        strict=True,
    ):
        for one in words:
            assert one in page


def test_every_sheet_is_marked_dated_and_numbered() -> None:
    for number, page in enumerate(texts(toolkit_pdf(KIT)), start=1):
        assert "Facts last checked on 22 November 2026" in page and "Sample, do not post" in page and f"{number} of 5" in page
    assert "Sample" not in "".join(texts(toolkit_pdf(replace(KIT, mark=""))))


def test_no_type_is_smaller_than_9_pt() -> None:
    sizes: set[float] = set()

    def note(text: str, _user: list[float], matrix: list[float], _font: object, size: float) -> None:
        if text.strip():
            sizes.add(round(size * matrix[3] if matrix[3] else size, 2))

    for page in PdfReader(io.BytesIO(toolkit_pdf(KIT))).pages:
        page.extract_text(visitor_text=note)
    assert sizes and min(map(abs, sizes)) >= 9


def test_the_drawings_are_there_and_the_codes_are_told_to_who_cannot_see_them() -> None:
    made = toolkit_pdf(KIT)
    assert len(picture(made).ink(22, 30, 64, 72)) > 10_000, "the cloth"
    assert len(picture(made, 5).ink(22, 50, 68, 100)) > 10_000, "the code"
    root = cast(Any, PdfReader(io.BytesIO(made)).trailer["/Root"])
    assert root["/MarkInfo"]["/Marked"] and "/StructTreeRoot" in root
    assert _spoken(root["/StructTreeRoot"]) == [CODE.spoken] * 3, "the cloth says nothing that the card does not"


def _spoken(element: Any) -> list[str]:
    """The words for what is drawn, down the tree of tags."""
    element = element.get_object() if hasattr(element, "get_object") else element
    if isinstance(element, list):
        return [words for child in element for words in _spoken(child)]
    if not isinstance(element, dict):
        return []
    own = [str(element["/Alt"])] if "/Alt" in element else []
    return [*own, *(_spoken(element["/K"]) if "/K" in element else [])]


def test_a_long_case_goes_on_overleaf_and_loses_nothing() -> None:
    events = tuple(Event(f"{day} May 2024", f"Event number {day}, told in a sentence that is as long as such sentences are.", "Source: Test", "en") for day in range(60))
    pages = texts(toolkit_pdf(replace(KIT, sheets=(replace(CARD, events=events),))))
    assert len(pages) > 1
    assert all(f"Event number {day}," in "".join(pages) for day in range(60))


def test_a_letter_no_font_can_print_is_an_error_and_not_a_box() -> None:
    with pytest.raises(MissingGlyph):
        toolkit_pdf(replace(KIT, sheets=(replace(CARD, name="Test 😀"),)))


def test_the_same_sheets_make_the_same_bytes() -> None:
    assert toolkit_pdf(KIT) == toolkit_pdf(KIT)
