"""One form for all spellings of a person's name: the same by which offices are found."""

from campaign.text.spelling import HELD_DOWN, fold

__all__ = ["HELD_DOWN", "fold"]
