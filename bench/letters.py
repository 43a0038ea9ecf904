"""Letters as supporters write them: from the sample's outlines, in English and Russian, each with words of its own."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

from campaign.paper import LetterSheet

SAMPLE = Path(__file__).resolve().parents[1] / "sample"
OFFICE = ("Office of the Test Authority", "1 Example Street", "100000 Exampleton", "EXAMPLELAND")
OWN_WORDS = {
    "en": "I write this letter, my number {n} of this winter, with my own hand and of my own accord.",
    "ru": "Это письмо, {n}-е за эту зиму, я пишу сам и по собственной воле.",
}
FRAME = {"en": ("Your Excellency,", "Yours respectfully,"), "ru": ("Уважаемый господин Министр!", "С уважением,")}


@dataclass(frozen=True)
class Written:
    """What one supporter wrote."""

    number: int
    language: str
    subject: str
    body: str
    name: str

    @property
    def code(self) -> str:
        """On the sheet."""
        return f"{self.number // 10000:04d}-{self.number % 10000:04d}"


@lru_cache(maxsize=1)
def _outlines() -> list[tuple[str, str, str]]:
    appeals = yaml.safe_load((SAMPLE / "appeals.yaml").read_text(encoding="utf-8"))["appeals"]
    return [
        (language, text["subject"], text["outline"].strip())
        for appeal in appeals
        if appeal["kind"] == "letter"
        for language, text in appeal["texts"].items()
        if language in OWN_WORDS
    ]


def written(first: int, count: int) -> list[Written]:
    """`count` letters from number `first` on: no two are the same."""
    outlines = _outlines()
    letters = []
    for number in range(first, first + count):
        language, subject, outline = outlines[number % len(outlines)]
        body = f"{OWN_WORDS[language].format(n=number)}\n\n{outline}"
        letters.append(Written(number, language, subject, body, f"Test Supporter {number}"))
    return letters


def sheets(first: int, count: int) -> list[LetterSheet]:
    """The same letters as they stand on paper."""
    return [
        LetterSheet(
            code=letter.code,
            address=OFFICE,
            return_line="",
            sender=(),
            date_line="22 November 2026",
            salutation=FRAME[letter.language][0],
            body=letter.body,
            closing=FRAME[letter.language][1],
            signature=f"{letter.name}, Norway",
            facts_line="Facts last checked on 22 November 2026",
            language=letter.language,
            mark="",  # as outside of the sample
        )
        for letter in written(first, count)
    ]
