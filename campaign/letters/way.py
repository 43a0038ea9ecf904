"""The way of a letter as its writer reads it: each step with its day, and what is still to come, in plain words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.appeals.service import may_leave
from campaign.authorities.service import office
from campaign.letters.models import Letter, LetterStep
from campaign.letters.service import WRITER_HAS
from campaign.text import _, country_name, day_text

OVER = ("sent", "posted", "withdrawn")
"""Nothing that we do follows these."""
LEAVING = ("sending", "unknown")
"""On its way to a mail server, or taken by it for all we know: nobody can say that it has not left."""


@dataclass(frozen=True)
class ShownStep:
    """One step: when, and what happened."""

    at: datetime
    words: str


def title(letter: Letter) -> str:
    """The page's headline."""
    held = held_by(letter)
    if held and letter.channel == "self":
        return _("Please do not post your letter") if held == "withdrawn" else _("Please do not post your letter yet")
    if held == "withdrawn":
        return _("Your letter does not leave")
    if held or letter.state == "stopped":
        return _("Your letter is held back")
    if letter.state in ("sent", "posted"):
        return _("Your letter is on its way")
    if letter.state == "withdrawn":
        return _("Your letter was withdrawn")
    if letter.state == "with_writer":
        return _("Your letter is with you")
    if letter.state == "pending":
        return _("Your letter waits for you")
    return _("Your letter is being made ready")


def steps(letter: Letter) -> list[ShownStep]:
    """What has happened, oldest first."""
    begun = [ShownStep(letter.created_at, _("Written by you"))]
    return begun + [ShownStep(step.at, _step_words(letter, step, place)) for place, step in enumerate(letter.steps)]


def to_whom(letter: Letter) -> str:
    """The office, or for a solidarity message the place where it is collected."""
    return office(letter.authority) if letter.authority is not None else (letter.appeal.collect_lines or [""])[0]


def _step_words(letter: Letter, step: LetterStep, place: int) -> str:
    before = letter.steps[place - 1].step if place else "pending"
    match step.step:
        case "queued" if before == "pending":
            return _("Confirmed by you")
        case "queued":
            return _("Came back unprinted or unposted. It goes with another batch")
        case "with_writer":
            return _("Confirmed by you. You print and post it yourself")
        case "sealed":
            return _joined(letter, step)
        case "printed":
            return _("Printed in %(country)s", country=country_name(step.country)) if step.country else _("Printed")
        case "posted" if letter.channel == "self":
            return _("Posted by you")
        case "posted":
            return _("Posted in %(country)s", country=country_name(step.country)) if step.country else _("Posted")
        case _:
            return _plain_words(step.step)


def _joined(letter: Letter, step: LetterStep) -> str:
    if step.batch is None:
        return _("Joined a batch of letters to %(office)s", office=to_whom(letter))
    return _("Joined batch %(number)s of letters to %(office)s", number=step.batch, office=to_whom(letter))


def _plain_words(step: str) -> str:
    return {
        "sent": _("Sent by e-mail, and taken by the office’s mail server"),
        "stopped": _("Held back by us. It has not left"),
        "unknown": _("Handed to the office’s mail server, which did not answer. Somebody of us finds out whether it arrived"),
        "failed": _("Refused by the office’s mail server. Somebody of us looks at it"),
        "withdrawn": _("Withdrawn by you. Your words and your name are erased"),
        "forgotten": _("Withdrawn after %(days)s days in which we did not hear that it was posted. Your words and your name are erased", days=WRITER_HAS.days),
    }.get(step, step)


def held_by(letter: Letter) -> str:
    """What keeps a letter here that has not left: `withdrawn` (its appeal was, and it never leaves), `stopped` (its case), `paused` (its appeal), or ""."""
    if letter.state in OVER + LEAVING or may_leave(letter.appeal):
        return ""
    if letter.appeal.state == "withdrawn":
        return "withdrawn"
    return "stopped" if letter.appeal.case.stopped_at is not None else "paused"


def to_come(letter: Letter, *, now: datetime) -> str:
    """What comes next; "" where nothing does."""
    held = held_by(letter)
    if held == "withdrawn":
        return ""
    if held and letter.channel == "self":
        return _("Goes on once nothing holds it back any more")
    waiting = {
        ("queued", "email"): _joins(letter, now=now),
        ("queued", "print"): _("Joins a batch when a volunteer takes letters to print"),
        ("sealed", "email"): _("Leaves by e-mail, when the office’s mailbox has room"),
        ("sending", "email"): _("Leaves by e-mail, at this moment"),
        ("sealed", "print"): _("Printed by a volunteer"),
        ("printed", "print"): _("Posted by the volunteer who printed it"),
        ("with_writer", "self"): _posted_by_writer(letter, now=now),
    }
    by_state = {
        "pending": _("Confirmed by you, with the link in your mail"),
        "stopped": _("Goes on once nothing holds it back any more"),
        "unknown": _("Found out whether it arrived"),
        "failed": _("Tried again, or withdrawn by you"),
        "sent": _("An answer, if the office writes one: we tell you here"),
        "posted": _("Delivered, returned or answered: what we learn we tell you here"),
    }
    return waiting.get((letter.state, letter.channel)) or by_state.get(letter.state, "")


def _posted_by_writer(letter: Letter, *, now: datetime) -> str:
    day = day_text((letter.confirmed_at or now) + WRITER_HAS)
    return _("Posted by you. Say so here by %(day)s: then it counts. After that day your words and your name are erased", day=day)


def _joins(letter: Letter, *, now: datetime) -> str:
    """By when a letter by e-mail leaves, where that day is still to come: its batch is sealed by size or by age."""
    by = letter.confirmed_at + timedelta(minutes=letter.appeal.batch_age_minutes) if letter.confirmed_at else now
    if by <= now or not may_leave(letter.appeal):
        return _("Joins a batch, and leaves by e-mail")
    return _("Joins a batch by %(day)s, earlier if others write too, and leaves by e-mail", day=day_text(by))
