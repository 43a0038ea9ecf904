"""The file itself: tagged, with its fonts inside, the same bytes every time, and silent about the supporter."""

import io
import re
from typing import Any

from pypdf import PdfReader

from campaign.paper import letters_pdf, self_print_pdf
from tests.paper.sheets import a_letter, in_a_process_of_its_own

AGAIN = """
import hashlib
from campaign.paper import letters_pdf
from tests.paper.sheets import a_letter
print(hashlib.sha256(letters_pdf([a_letter(), a_letter(language="ru")])).hexdigest())
"""


def test_the_same_letters_make_the_same_bytes_in_any_process() -> None:
    first, second = in_a_process_of_its_own(AGAIN), in_a_process_of_its_own(AGAIN)
    assert first == second
    assert letters_pdf([a_letter()]) == letters_pdf([a_letter()])
    assert letters_pdf([a_letter()]) != letters_pdf([a_letter(body="Other words.")])


def root_of(made: bytes) -> Any:
    return PdfReader(io.BytesIO(made)).trailer["/Root"]


def test_the_file_is_tagged_and_says_its_language_and_its_standard() -> None:
    root = root_of(self_print_pdf(a_letter(language="ru")))
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "ru"
    assert b"pdfuaid:part" in root["/Metadata"].get_object().get_data()


def test_every_font_is_inside_and_only_what_is_used_of_it() -> None:
    made = self_print_pdf(a_letter(body="Ғурбатӣ и другие"))
    fonts: Any = root_of(made)["/Pages"]["/Kids"][0]["/Resources"]["/Font"]
    for font in fonts.values():
        inner = font["/DescendantFonts"][0]
        descriptor = inner["/FontDescriptor"]
        assert re.match(r"/[A-Z]{6}\+", descriptor["/FontName"])
        assert "/FontFile2" in descriptor or "/FontFile3" in descriptor
    assert len(made) < 60_000


def test_nothing_beside_the_pages_names_the_supporter_or_the_day() -> None:
    made = self_print_pdf(a_letter(sender=("Canary Name",), signature="Canary Name", body="Canary words"))
    told = str(dict(PdfReader(io.BytesIO(made)).metadata or {})) + root_of(made)["/Metadata"].get_object().get_data().decode()
    assert "Canary" not in told
    assert "/CreationDate" not in told
    assert "CreateDate" not in told


def test_no_type_on_a_sheet_is_smaller_than_nine_points() -> None:
    sizes: list[float] = []

    def note(text: str, _cm: object, matrix: list[float], _font: object, size: float) -> None:
        if text.strip():
            sizes.append(abs(size * matrix[3]))

    reader = PdfReader(io.BytesIO(letters_pdf([a_letter(mark="Sample, do not post")])))
    reader.pages[0].extract_text(visitor_text=note)
    assert len(sizes) > 8
    assert min(sizes) >= 8.99
