"""What is wrong with a letter, in plain words: what happened, and what to do."""

import unicodedata

from campaign.text import _, ngettext

LINES_ON_A_PAGE = 34
"""About: only to say how far too long a letter is."""


def length_fault(lines: int) -> str:
    """A letter of more than one page."""
    if lines > 2 * LINES_ON_A_PAGE:
        return _("A letter is one page at most. Yours takes about %(pages)s pages. Please shorten it.", pages=1 + -(-lines // LINES_ON_A_PAGE))
    said = ngettext(
        "Your letter is %(num)d line too long for one page. Please shorten it.", "Your letter is %(num)d lines too long for one page. Please shorten it.", lines
    )
    return str(said)


def unprintable_fault(character: str, *, by_email: bool) -> str:
    """A character that no font here has."""
    named = ", ".join(unicodedata.name(one, f"U+{ord(one):04X}").lower() for one in character[:2])
    said = _("We cannot print “%(character)s” (%(name)s).", character=character, name=named)
    return f"{said} " + (_("Take it out, or let the letter travel by e-mail.") if by_email else _("Please take it out."))


def window_fault(*, by_email: bool) -> str:
    """An address of ours that is too large for the window of an envelope: nothing that the writer can mend."""
    said = _("The address of this office does not fit the window of an envelope: an organiser has to look at it. Your words are kept on this page.")
    return f"{said} " + (_("By e-mail the letter can go now.") if by_email else _("Please come back later."))
