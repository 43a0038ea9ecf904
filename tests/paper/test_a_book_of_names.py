"""The book that is delivered with a petition: what is asked, of whom, how many, and the names as each allowed."""

from dataclasses import replace

import pytest

from campaign.paper import MissingGlyph, NameLine, NamesBook, names_pdf
from tests.paper.sheets import in_a_process_of_its_own, texts

BOOK = NamesBook(
    title="Let Test Defender go home",
    lead="A petition to the Test Authority",
    text="We ask that Test Defender is released.\n\nShe did #nothing wrong.",
    rows=(("To", "Test Authority"), ("Signatures", "1,234"), ("Closed on", "10 December 2026")),
    countries_title="By country",
    countries_head=("Country", "Signatures"),
    countries=(("Norway", "17"), ("Sweden", "fewer than five")),
    names_title="Names",
    names=(NameLine("Test Supporter, Norway"), NameLine("Әсел, Sweden", "She is *my* teacher. $x$")),
    facts_line="Facts last checked on 22 November 2026",
    language="en",
    page="Page {n} of {m}",
    mark="Sample, do not post",
)

# A process of its own: the peak of this one is the whole suite's, and so is what getrusage tells of its children.
TEN_THOUSAND = """
from dataclasses import replace
from pathlib import Path
from campaign.paper import NameLine, names_pdf
from tests.paper.test_a_book_of_names import BOOK
names = [NameLine(f"Test Supporter {n}, Norway", "A few words of comment." if n % 5 == 0 else "") for n in range(10_000)]
made = names_pdf(replace(BOOK, names=names))
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(len(made), int(peak.split()[1]) // 1024)
"""


def test_the_book_says_what_is_asked_of_whom_and_by_how_many() -> None:
    whole = "\n".join(texts(names_pdf(BOOK)))
    for text in ("Let Test Defender go home", "She did #nothing wrong.", "Test Authority", "1,234", "fewer than five", "10 December 2026"):
        assert text in whole


def test_every_name_stands_in_it_as_shown_with_its_comment_as_typed() -> None:
    whole = "\n".join(texts(names_pdf(BOOK)))
    assert "Test Supporter, Norway" in whole
    assert "Әсел, Sweden" in whole
    assert "She is *my* teacher. $x$" in whole


def test_every_page_is_numbered_marked_and_dated() -> None:
    pages = texts(names_pdf(replace(BOOK, names=[NameLine(f"Test Supporter {n}") for n in range(400)])))
    assert len(pages) > 3
    for n, page in enumerate(pages, start=1):
        assert f"Page {n} of {len(pages)}" in page
        assert "Sample, do not post" in page
        assert "Facts last checked on 22 November 2026" in page


def test_a_book_without_names_has_no_page_for_them() -> None:
    whole = "\n".join(texts(names_pdf(replace(BOOK, names=()))))
    assert "Names" not in whole
    assert "By country" in whole


def test_a_name_no_font_can_print_is_an_error_and_not_a_box() -> None:
    with pytest.raises(MissingGlyph) as refused:
        names_pdf(replace(BOOK, names=[NameLine("Test 😀")]))
    assert refused.value.character == "😀"


def test_an_endless_name_stays_in_its_column() -> None:
    whole = "\n".join(texts(names_pdf(replace(BOOK, names=[NameLine("W" * 90)]))))
    assert whole.count("W") >= 90
    assert "W" * 30 not in whole


def test_the_same_book_makes_the_same_bytes() -> None:
    assert names_pdf(BOOK) == names_pdf(BOOK)


def test_ten_thousand_names_stay_far_below_a_gigabyte() -> None:
    told = in_a_process_of_its_own(TEN_THOUSAND)
    size, peak = (int(figure) for figure in told.split())
    assert size > 500_000
    assert peak < 500
