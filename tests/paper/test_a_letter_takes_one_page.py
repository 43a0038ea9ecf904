"""One page for a letter: told while writing, enforced when printing, never cut."""

import io
from concurrent.futures import ThreadPoolExecutor

import pytest
from pypdf import PdfReader

from campaign.paper import CoverSheet, TooLong, letters_pdf, room, self_print_pdf
from tests.paper.eyes import picture
from tests.paper.sheets import a_letter, texts

COVER = CoverSheet(
    title="2 letters to the Test Authority",
    lead="For one evening",
    steps=("Print on A4 at 100 %.", "Fold at the marks."),
    rows=(("Batch", "B-1"), ("Letters", "2")),
    checklist=("The address stands in the window",),
    mark="Sample, do not post",
)


def lines(count: int) -> str:
    return "\n".join(f"Line {n}." for n in range(count))


def test_each_letter_is_exactly_one_page_and_says_which_of_how_many() -> None:
    pages = texts(letters_pdf([a_letter(code=f"CODE-{n}") for n in range(5)], total="12", first=3))
    assert len(pages) == 5
    for n, page in enumerate(pages):
        assert f"CODE-{n}" in page
        assert f"{n + 3} of 12" in page


def test_without_a_total_the_file_counts_its_own_letters() -> None:
    assert "2 of 2" in texts(letters_pdf([a_letter(), a_letter()]))[1]


def test_the_cover_comes_first_and_counts_as_no_letter() -> None:
    pages = texts(letters_pdf([a_letter(), a_letter()], cover=COVER))
    assert len(pages) == 3
    assert all(text in pages[0] for text in ("2 letters to the Test Authority", "Fold at the marks.", "B-1", "Sample, do not post"))
    assert "1 of 2" in pages[1]


def test_the_letter_that_is_too_long_is_named_and_not_the_ones_behind_it() -> None:
    sheets = [a_letter(code="SHORT-1"), a_letter(code="LONG", body=lines(90)), a_letter(code="SHORT-2")]
    for cover in (None, COVER):
        with pytest.raises(TooLong) as refused:
            letters_pdf(sheets, cover=cover)
        assert refused.value.code == "LONG"


def test_a_cover_that_does_not_fit_its_page_is_refused() -> None:
    with pytest.raises(TooLong):
        letters_pdf([a_letter()], cover=CoverSheet(title="Test", steps=("A step.",) * 80))


def test_a_letter_of_two_megabytes_is_refused_at_once() -> None:
    huge = a_letter(body="word " * 400_000)
    assert room(huge).lines_left < -1000
    assert room(huge).pages > 100
    with pytest.raises(TooLong):
        self_print_pdf(huge)


def test_the_room_told_is_the_room_there_is() -> None:
    left = room(a_letter(body=lines(1))).lines_left
    assert left > 20
    full = a_letter(body=lines(1 + left))
    assert room(full).lines_left == 0
    assert room(full).pages == 1
    assert len(texts(self_print_pdf(full))) == 1
    over = a_letter(body=lines(2 + left))
    assert room(over).lines_left == -1
    assert room(over).pages == 2
    with pytest.raises(TooLong):
        self_print_pdf(over)


def test_a_full_page_does_not_run_into_its_foot() -> None:
    left = room(a_letter(body=lines(1))).lines_left
    page = picture(self_print_pdf(a_letter(body=lines(1 + left))))
    assert page.ink(20, 275.5, 190, 279) == []


def test_many_previews_at_once_each_get_their_own_answer() -> None:
    with ThreadPoolExecutor(8) as pool:
        told = list(pool.map(lambda n: room(a_letter(body=lines(n))).lines_left, range(1, 25)))
    assert [told[0] - left for left in told] == list(range(24))


@pytest.mark.parametrize("count", [0, 101])
def test_a_file_holds_one_to_a_hundred_letters(count: int) -> None:
    with pytest.raises(ValueError, match="1 to 100"):
        letters_pdf([a_letter()] * count)


def test_a_hundred_letters_make_a_hundred_pages() -> None:
    assert len(PdfReader(io.BytesIO(letters_pdf([a_letter(code=f"C{n}") for n in range(100)]))).pages) == 100


def test_the_facts_line_the_date_and_the_code_are_on_the_sheet() -> None:
    (page,) = texts(self_print_pdf(a_letter()))
    for text in ("Facts last checked on 22 November 2026", "22 November 2026", "K7QF-2M9P", "Yours respectfully,"):
        assert text in page


def test_a_sample_is_marked_on_the_sheet_and_in_the_address_block() -> None:
    made = self_print_pdf(a_letter(mark="Sample, do not post"))
    assert texts(made)[0].count("Sample, do not post") == 2
    marked, unmarked = picture(made), picture(self_print_pdf(a_letter()))
    for area in ((20, 10, 190, 30), (20, 55, 105, 62)):
        assert marked.ink(*area)
        assert not unmarked.ink(*area)
