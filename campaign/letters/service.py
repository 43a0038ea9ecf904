"""What becomes of letters: confirmed, withdrawn, followed, purged. How one is written: see writing.py. Their way to the authority is told by dispatch."""

import uuid
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import ColumnElement, delete, exists, select
from sqlalchemy.orm import InstrumentedAttribute

from campaign.appeals import service as appeals
from campaign.authorities.service import is_verified
from campaign.db import db
from campaign.letters.models import Letter
from campaign.letters.steps import step
from campaign.mail import service as mail
from campaign.mail.states import NoSuchStep
from campaign.security import tokens
from campaign.supporters import service as supporters
from campaign.supporters.models import Supporter

CONFIRM_WITHIN = timedelta(days=7)
WRITER_HAS = timedelta(days=180)
"""So long a letter is kept for a writer who prints it, and has not said that it is posted."""
WITHDRAWABLE = ("with_writer", "queued", "stopped", "failed")


class LetterGone(Exception):
    """The letter was purged, or its links were closed for good."""


class ConfirmationOver(Exception):
    """The letter was not confirmed within seven days."""


class TooLate(Exception):
    """The letter is in a sealed batch, or has left: it cannot be taken back."""


def last_day(letter: Letter) -> date:
    """The day (UTC) on which the letter can be confirmed for the last time."""
    return (letter.created_at + CONFIRM_WITHIN).date()


def read(purpose: str, token: str) -> Letter:
    """The letter a private link leads to. Raises TokenWrong for a changed link, LetterGone for one that is over."""
    said = tokens.read(purpose, token)
    letter = db.session.get(Letter, said.id)
    if letter is None or letter.links % 256 != said.generation:
        raise LetterGone
    return letter


def is_over(letter: Letter, *, now: datetime) -> bool:
    """Whether a letter waited for its confirmation for too long."""
    return letter.state == "pending" and now >= letter.created_at + CONFIRM_WITHIN


def check_confirmable(letter: Letter, *, now: datetime) -> None:
    """Raises ConfirmationOver, AppealPaused or AppealClosed where a pending letter cannot be confirmed at this moment."""
    if is_over(letter, now=now):
        raise ConfirmationOver
    appeals.check_open(letter.appeal, now=now)


def confirm(letter: Letter, *, now: datetime) -> None:
    """The writer says that it is theirs: it waits for a batch, or is with its writer who prints it. Twice is once.

    Raises ConfirmationOver, AppealPaused (it stays pending) and AppealClosed.
    """
    if letter.state != "pending":
        return
    check_confirmable(letter, now=now)
    try:
        step(letter, "with_writer" if letter.channel == "self" else "queued", now=now)
    except NoSuchStep:
        db.session.refresh(letter)  # confirmed at the same moment by another click
        return
    if letter.updates_wording is not None:
        supporters.give_consent(
            letter.supporter_id, purpose="updates", about=letter.appeal.case_id, wording=letter.updates_wording, language=letter.page_language, now=now
        )


def may_print(letter: Letter) -> bool:
    """Whether the sheet of a letter may be handed to its writer: nothing paused, and an address that was verified."""
    return appeals.may_leave(letter.appeal) and (letter.authority is None or is_verified(letter.authority))


def may_withdraw(letter: Letter) -> bool:
    """Whether the letter can still be taken back: until its batch is sealed."""
    return letter.state in WITHDRAWABLE


def withdraw(letter: Letter, *, now: datetime) -> None:
    """Take a letter back: its words and its writer's name are erased, and it is counted no more. Twice is once. Raises TooLate."""
    if letter.state == "withdrawn":
        return
    if not may_withdraw(letter):
        raise TooLate
    try:
        step(letter, "withdrawn", now=now)
    except NoSuchStep as fault:
        raise TooLate from fault  # sealed at this very moment
    letter.name = letter.body = ""


def say_posted(letter: Letter, *, now: datetime) -> None:
    """The writer who printed the letter says that it is in the post: now it counts. Twice is once. Raises TooLate."""
    if letter.state == "posted":
        return
    if letter.channel != "self":
        raise TooLate
    try:
        step(letter, "posted", now=now, country=letter.country)
    except NoSuchStep as fault:
        raise TooLate from fault


def resend(letter: Letter, *, track_link: Callable[[str], str], now: datetime) -> None:
    """Send the private link again, as far as the limit of mails to one address allows."""
    supporter = db.session.get_one(Supporter, letter.supporter_id)
    slot = supporters.mail_slot(supporter, now=now)
    if slot is not None:
        values = {"link": track_link(tokens.make("track", letter.id, letter.links))}
        mail.queue(kind="letters/track", recipient=supporter.email, values=values, language=letter.page_language, not_before=slot, now=now)


def close_links(letter: Letter) -> None:
    """Make every private link of the letter void. The letter itself goes its way."""
    letter.links += 1


def purge(*, now: datetime) -> int:
    """Forget letters that were not confirmed in time. Returns how many."""
    old = delete(Letter).where(Letter.state == "pending", Letter.created_at < now - CONFIRM_WITHIN)
    return len(db.session.execute(old.returning(Letter.id), execution_options={"synchronize_session": False}).all())


def withdraw_forgotten(*, now: datetime, limit: int = 200) -> int:
    """Withdraw letters that stayed with their writers beyond the last day, and erase them; `limit` at most. Returns how many."""
    over = datetime.combine((now - WRITER_HAS).astimezone(UTC).date(), time(), UTC)
    forgotten = select(Letter).where(Letter.state == "with_writer", Letter.confirmed_at < over).order_by(Letter.confirmed_at).limit(limit)
    # Locked: who says at this very moment that it is posted comes first, or reads that it is withdrawn.
    rows = db.session.scalars(forgotten.with_for_update(skip_locked=True, of=Letter)).unique().all()
    for letter in rows:
        step(letter, "withdrawn", now=now, told="forgotten")
        letter.name = letter.body = ""
    return len(rows)


def holds(supporter_id: InstrumentedAttribute[uuid.UUID]) -> ColumnElement[bool]:
    """Whether a letter of a supporter is kept: a condition."""
    return exists().where(Letter.supporter_id == supporter_id)


supporters.register_holding("letters", holds)
