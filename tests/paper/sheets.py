"""Sheets for the tests of this folder, all plainly fictional."""

import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import yaml
from pypdf import PdfReader

from campaign.paper import LetterSheet

LETTER = LetterSheet(
    code="K7QF-2M9P",
    address=("Office of the Test Authority", "1 Example Street", "100000 Exampleton", "EXAMPLELAND"),
    return_line="Test Group · PO Box 1 · 0001 Exampleby · Norway",
    sender=("Test Supporter", "Sweden"),
    date_line="22 November 2026",
    salutation="Your Excellency,",
    body="I am writing about Test Defender.\n\nPlease let her go home.",
    closing="Yours respectfully,",
    signature="Test Supporter, Sweden",
    facts_line="Facts last checked on 22 November 2026",
    language="en",
)


def a_letter(**changes: Any) -> LetterSheet:
    """A short letter, with what the test wants otherwise."""
    return replace(LETTER, **changes)


def longest_address() -> tuple[str, ...]:
    """The sample's office with the longest line, as it is printed: the office, its lines, the country in capitals."""
    sample = Path(__file__).resolve().parents[2] / "sample" / "authorities.yaml"
    offices = yaml.safe_load(sample.read_text(encoding="utf-8"))["authorities"]
    widest = max(offices, key=lambda office: max(len(line) for line in (office["office"], *office["lines"])))
    return (widest["office"], *widest["lines"], "UNITED STATES OF AMERICA")


def texts(made: bytes) -> list[str]:
    """The text of each page, as a reader's programme would copy it."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(made)).pages]


def in_a_process_of_its_own(code: str) -> str:
    """What the code prints when run by itself, from the checkout."""
    checkout = Path(__file__).resolve().parents[2]
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=120, cwd=checkout).stdout
