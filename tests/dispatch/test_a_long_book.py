"""A book of many names is handed over in files that a small machine can set."""

import io

from pypdf import PdfReader

from campaign.dispatch.book import NAMES_IN_A_FILE, printed
from campaign.paper import NameLine, NamesBook

BOOK = NamesBook(
    title="A test petition",
    text="We ask that the test person is released.",
    rows=(("To", "Office test-office"),),
    countries_title="By country",
    countries_head=("Country", "Signatures"),
    countries=(("Norway", "5,002"),),
    names_title="Names",
    names=tuple(NameLine(f"Test Supporter {number}, Norway") for number in range(1, NAMES_IN_A_FILE + 3)),
    facts_line="Facts last checked on 22 November 2026",
    language="en",
    mark="Sample, do not post",
)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages)


def test_the_names_go_on_in_a_second_file_with_their_numbers() -> None:
    first, second = printed(BOOK)
    assert second.startswith(b"%PDF") and len(PdfReader(io.BytesIO(first)).pages) > 20
    end = text_of(second)
    for shown in ("A test petition", "5001", "Test Supporter 5001, Norway", "5002", "Test Supporter 5002, Norway", "Sample, do not post", "Facts last checked"):
        assert shown in end
    for told_once in ("Test Supporter 5000,", "We ask that", "By country"):
        assert told_once not in end
