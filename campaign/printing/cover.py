"""The page in front of a file: what is in it and what to do with it, in the words of the print room."""

from collections.abc import Sequence
from dataclasses import replace

from campaign.authorities.service import office
from campaign.dispatch.models import Batch
from campaign.letters.models import Letter
from campaign.paper import CoverSheet
from campaign.printing.models import Bundle
from campaign.text import _, country_name, day_text, ngettext, number_text, reading_language

COUNTED = "{n} / {m}"
"""The number at the foot of each sheet; figures only, since the letters are in several languages."""

MOST_WITH_BOXES = 50


def without_codes(cover: CoverSheet) -> CoverSheet:
    """The same without the list of codes, for a language or an office whose words leave no room for it: the sheets are numbered as well."""
    return replace(cover, rows=cover.rows[:-1], checklist=())


def cover_of(*, bundle: Bundle, batch: Batch, letters: Sequence[Letter], mark: str) -> CoverSheet:
    """The cover sheet of these letters, in the language of the page or of the site. Letters are named by their codes alone."""
    said = number_text(len(letters))
    checked = min(letter.appeal.case.checked_on for letter in letters)
    return CoverSheet(
        title=_("Batch %(number)s", number=batch.number),
        lead=ngettext("%(said)s letter, one sheet of paper", "%(said)s letters, one sheet of paper each", len(letters), said=said),
        steps=(
            _("Print single-sided on A4, at full size, not fitted to the page. Keep this cover at home."),
            _("Fold each sheet at the marks in its left margin. The address shows in the window of a DL or C5/6 envelope (DIN 5008, form B)."),
            _("Look: is the whole address in the window, and nothing else?"),
            _("Stamp and post all of them by %(day)s. No sender of your own on the envelope.", day=day_text(bundle.lease_until)),
            _("Press “I have posted them” on the page of this bundle. A sheet you could not post: return it there, and tear it up."),
        ),
        rows=(
            (_("To"), office(batch.authority) if batch.authority is not None else _("the address that collects the messages")),
            (_("Posted from"), country_name(bundle.country)),
            (_("Facts last checked"), day_text(checked)),
            (_("Sheets"), ", ".join(letter.code for letter in letters)),
        ),
        # Boxes to tick, as long as the codes leave room for them.
        checklist=() if len(letters) > MOST_WITH_BOXES else (_("Printed"), _("Folded, addresses looked at"), _("Posted"), _("Said so on the page")),
        mark=mark,
        language=reading_language(),
    )
