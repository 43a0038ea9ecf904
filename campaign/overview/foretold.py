"""What a transition would do, in sentences: “stops 1,204 letters that have not left”."""

from campaign.overview.effects import Effects
from campaign.text import _, ngettext, number_text


def foretold(change: str, found: Effects) -> list[str]:
    """The sentences for a change: `paused`, `stop`, `live` (it goes on), `resume`, `closed`, `archived` or `withdrawn`."""
    tell = {"paused": _holds, "stop": _holds, "live": _frees, "resume": _frees, "closed": _closes, "archived": _archives, "withdrawn": _ends}[change]
    return [sentence for sentence in tell(found) if sentence]


def _holds(found: Effects) -> list[str]:
    letters = ngettext("Stops %(n)s letter that has not left.", "Stops %(n)s letters that have not left.", found.letters, n=number_text(found.letters))
    return [
        letters if found.letters else _("No letter waits: it only takes nothing new."),
        _told_to_stop(found),
        _told_not_to_post(found),
        _deliveries(found),
        _unconfirmed(found),
        _beyond_recall(found),
    ]


def _told_to_stop(found: Effects) -> str:
    sentence = ngettext(
        "%(n)s batch with a volunteer will be told to stop: on each page of its bundle, and when it is printed or marked as posted.",
        "%(n)s batches with volunteers will be told to stop: on each page of their bundles, and when they are printed or marked as posted.",
        found.batches,
        n=number_text(found.batches),
    )
    return str(sentence) if found.batches else ""


def _told_not_to_post(found: Effects) -> str:
    sentence = ngettext(
        "%(n)s letter is with its writer, who prints it: the private page says not to post it.",
        "%(n)s letters are with their writers, who print them: the private pages say not to post them.",
        found.with_writers,
        n=number_text(found.with_writers),
    )
    return str(sentence) if found.with_writers else ""


def _deliveries(found: Effects) -> str:
    sentence = ngettext(
        "%(n)s petition that is to be handed over waits.", "%(n)s petitions that are to be handed over wait.", found.deliveries, n=number_text(found.deliveries)
    )
    return str(sentence) if found.deliveries else ""


def _unconfirmed(found: Effects) -> str:
    count = found.unconfirmed + found.signatures
    sentence = ngettext(
        "%(n)s person has not confirmed yet: the link says that it works again once this goes on.",
        "%(n)s people have not confirmed yet: their links say that they work again once this goes on.",
        count,
        n=number_text(count),
    )
    return str(sentence) if count else ""


def _beyond_recall(found: Effects) -> str:
    sentence = ngettext(
        "%(n)s letter is at the office’s mail server at this moment, or may have been: it cannot be called back.",
        "%(n)s letters are at the office’s mail server at this moment, or may have been: they cannot be called back.",
        found.beyond_recall,
        n=number_text(found.beyond_recall),
    )
    return str(sentence) if found.beyond_recall else ""


def _frees(found: Effects) -> list[str]:
    letters = ngettext("Lets %(n)s letter go on its way.", "Lets %(n)s letters go on their way.", found.letters, n=number_text(found.letters))
    batches = ngettext(
        "%(n)s batch with a volunteer may be posted again.", "%(n)s batches with volunteers may be posted again.", found.batches, n=number_text(found.batches)
    )
    deliveries = ngettext("%(n)s petition is handed over.", "%(n)s petitions are handed over.", found.deliveries, n=number_text(found.deliveries))
    return [
        letters if found.letters else _("No letter waits: it only takes something new again."),
        batches if found.batches else "",
        deliveries if found.deliveries else "",
    ]


def _closes(found: Effects) -> list[str]:
    count = found.unconfirmed + found.signatures
    lost = ngettext(
        "%(n)s person who has not confirmed yet cannot do so any more.", "%(n)s people who have not confirmed yet cannot do so any more.", count, n=number_text(count)
    )
    return [_("Takes nothing new, for good."), _still_leave(found), lost if count else "", _("A petition is handed over once more, with every signature.")]


def _still_leave(found: Effects) -> str:
    sentence = ngettext("%(n)s letter that was confirmed still leaves.", "%(n)s letters that were confirmed still leave.", found.letters, n=number_text(found.letters))
    return str(sentence) if found.letters else ""


def _archives(found: Effects) -> list[str]:
    return [_("It is listed nowhere any more, on the desk neither. Its page can still be read at its address."), _still_leave(found)]


def _ends(found: Effects) -> list[str]:
    letters = ngettext(
        "%(n)s letter that has not left never leaves; its writer is told on the private page.",
        "%(n)s letters that have not left never leave; their writers are told on their private pages.",
        found.letters,
        n=number_text(found.letters),
    )
    return [
        _("This cannot be undone."),
        letters if found.letters else _("No letter waits."),
        _told_to_stop(found),
        _told_not_to_post(found),
        _never_handed_over(found),
        _beyond_recall(found),
    ]


def _never_handed_over(found: Effects) -> str:
    sentence = ngettext(
        "%(n)s petition that is to be handed over never is.", "%(n)s petitions that are to be handed over never are.", found.deliveries, n=number_text(found.deliveries)
    )
    return str(sentence) if found.deliveries else ""
