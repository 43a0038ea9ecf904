"""Names as people type them: any script, no characters that cannot be seen or printed."""

import unicodedata

LONGEST = 100  # characters
HOPELESS = 4
"""Times the length that is allowed: such a text is not even composed, because that takes the square of its length."""
MARKS_IN_A_ROW = 4  # no written language stacks more of them on one letter
_DIRECTION_MARKS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff\u00ad\u200b\u2060")
_UNSEEN = ("Cc", "Cf", "Cs", "Co")
_PICTURE_PARTS = frozenset(map(chr, (*range(0xFE00, 0xFE10), *range(0x1F3FB, 0x1F400))))  # variants and skin tones of emoji
_JOINERS = frozenset("\u200c\u200d")  # Persian and the scripts of India are written with them


class NameWrong(ValueError):
    """The name cannot be used. `reason` is one of `empty`, `long`, `controls`, `symbols`, `letters`."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def check_name(text: str) -> str:
    """The name in one line, composed (NFC), without invisible marks of direction. Raises NameWrong."""
    if len(text) > HOPELESS * LONGEST:
        raise NameWrong("long")
    text = unicodedata.normalize("NFC", " ".join("".join(char for char in text if char not in _DIRECTION_MARKS).split()))
    if not text:
        raise NameWrong("empty")
    if len(text) > LONGEST:
        raise NameWrong("long")
    kinds = [unicodedata.category(char) for char in text]
    if any(kind in _UNSEEN and char not in _JOINERS for kind, char in zip(kinds, text, strict=True)):
        raise NameWrong("controls")
    if "So" in kinds or not _PICTURE_PARTS.isdisjoint(text):
        raise NameWrong("symbols")
    if not any(kind[0] == "L" for kind in kinds) or _stacked(kinds):
        raise NameWrong("letters")
    return text


def _stacked(kinds: list[str]) -> bool:
    row = 0
    for kind in kinds:
        row = row + 1 if kind[0] == "M" else 0
        if row > MARKS_IN_A_ROW:
            return True
    return False


def clean_text(text: str) -> str | None:
    """Longer text as typed, with one kind of line end and without marks that turn the direction. None where it holds controls."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = unicodedata.normalize("NFC", "".join(char for char in text if char not in _DIRECTION_MARKS)).strip()
    return None if any(unicodedata.category(char) in ("Cc", "Cs", "Co") and char not in "\n\t" for char in text) else text
