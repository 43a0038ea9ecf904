"""What was written, freed of what has no ink and could turn the text around it; not one word is changed."""

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
# Embeddings and overrides of writing direction, byte order marks, tags. Joiners and the plain marks for left and right stay:
# Persian and emoji are written with them.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")


def clean_words(text: str) -> str:
    """A text of several lines: one kind of line end, no control characters, nothing empty around it."""
    text = _TURNING.sub("", _LINE_ENDS.sub("\n", text).replace("\t", " "))
    return "".join(char for char in text if char == "\n" or unicodedata.category(char) != "Cc").strip()


def has_letters(text: str) -> bool:
    """Whether there is anything to read: blanks and marks without ink are nothing."""
    return any(unicodedata.category(char)[0] in "LNPS" for char in text)
