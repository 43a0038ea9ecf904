"""Writing a letter: kept until its writer confirms it. What becomes of it then: see service.py."""

import secrets
import uuid
from collections.abc import Callable
from datetime import datetime

from campaign.appeals import service as appeals
from campaign.authorities.service import office
from campaign.db import db, new_id
from campaign.letters.fit import check_fits
from campaign.letters.models import Letter
from campaign.letters.offer import check_offered
from campaign.letters.once import just_written
from campaign.letters.service import last_day
from campaign.letters.sheet import Draft
from campaign.mail import service as mail
from campaign.security import tokens
from campaign.supporters import service as supporters
from campaign.supporters.models import Supporter
from campaign.supporters.visibility import Visibility

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no letter that is read as a digit."""
NAMING = (Visibility.FIRST_NAME, Visibility.FULL_NAME)


class NameAtRisk(Exception):
    """The writer lives where the office or the defender is, and would be named there: they are warned first."""


def write(
    draft: Draft,
    *,
    channel: str,
    email: str,
    insists: bool,
    updates_wording: str | None,
    page_language: str,
    posted_from: str,
    mark: str,
    confirm_link: Callable[[str], str],
    now: datetime,
) -> Letter | None:
    """Keep a letter until its writer confirms it, and queue the mail that asks. `updates_wording`: what was agreed to, if anything.

    Raises AppealPaused, AppealClosed, NotOffered, NameAtRisk (unless the writer
    `insists`), AddressWrong, and what `check_fits` raises. None where so many mails wait
    for this address that no more are sent: then nothing is kept, unless the writer prints the letter and needs it now.
    Pressed twice, it is the same letter, and no second mail.
    """
    appeals.check_open(draft.appeal, now=now)
    check_offered(draft, channel=channel)
    check_fits(draft, channel=channel, posted_from=posted_from, mark=mark, today=now.date())
    if not insists and is_at_risk(draft):
        raise NameAtRisk
    supporter = supporters.find_or_make(email=email, now=now)
    same = just_written(draft, channel=channel, supporter_id=supporter.id, updates_wording=updates_wording, now=now)
    if same is not None:
        return same
    slot = supporters.mail_slot(supporter, now=now)
    if slot is None and channel != "self":
        return None
    letter = _pending(draft, channel=channel, supporter=supporter, updates_wording=updates_wording, page_language=page_language, now=now)
    if slot is not None:
        values = {"link": confirm_link(tokens.make("letter", letter.id, letter.links)), "until": last_day(letter).isoformat(), "channel": channel}
        values["office"] = _office_in_mail(draft, language=page_language)
        mail.queue(kind="letters/confirm", recipient=supporter.email, values=values, language=page_language, not_before=slot, now=now)
    return letter


def is_at_risk(draft: Draft) -> bool:
    """Whether the letter names somebody to an office in their own country, or about a case there."""
    return draft.to_authority in NAMING and _lives_near(draft)


def _lives_near(draft: Draft) -> bool:
    return draft.country in {draft.appeal.case.country} | ({draft.authority.country} if draft.authority else set())


def _office_in_mail(draft: Draft, *, language: str) -> str:
    # Others may read along in an inbox: the case is never named there, and the office only to who lives where it has no power.
    return "" if draft.authority is None or _lives_near(draft) else office(draft.authority, language)


def _pending(draft: Draft, *, channel: str, supporter: Supporter, updates_wording: str | None, page_language: str, now: datetime) -> Letter:
    letter = Letter(
        id=new_id(),
        appeal_id=draft.appeal.id,
        version_id=draft.version.id,
        authority_id=draft.authority.id if draft.authority else None,
        supporter_id=supporter.id,
        channel=channel,
        language=draft.language,
        code=new_code(),
        subject=appeals.words(draft.version, draft.language).subject,
        body=draft.body,
        name=draft.name,
        country=draft.country,
        to_authority=draft.to_authority,
        wants_updates=updates_wording is not None,
        updates_wording=updates_wording,
        page_language=page_language,
        message_id=uuid.uuid4().hex,
        created_at=now,
    )
    db.session.add(letter)
    db.session.flush()
    return letter


def new_code() -> str:
    """Eight characters by chance, in two groups: `K7QF-2M9P`."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(8))
    return f"{drawn[:4]}-{drawn[4:]}"
