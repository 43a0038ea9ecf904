"""What can be done with authorities: address blocks, salutations, and whether anything may go there."""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_

from campaign.authorities.models import Authority, Mailbox
from campaign.text import Said, country_line, one_language


def office(authority: Authority, language: str | None = None) -> str:
    """The office's title, in `language` where it is known there."""
    titled = [text for text in authority.texts if text.office]
    text = one_language(titled, language)
    return Said(text.office, text.language) if text is not None and text.office else authority.key


def address_block(authority: Authority, *, posted_from: str, language: str = "en") -> tuple[str, ...]:
    """The office, its lines as typed, and the country in capitals in the language of the country of posting."""
    last = country_line(authority.country, posted_from=posted_from)
    return (office(authority, language), *authority.lines, *((last,) if last else ()))


def salutation(authority: Authority, *, language: str, overrides: dict[str, str] | None = None) -> str:
    """How the office is addressed in `language`: the appeal's own words before the office's, English before silence."""
    for tag in (language, "en"):
        if overrides and overrides.get(tag):
            return overrides[tag]
        for text in authority.texts:
            if text.language == tag and text.salutation:
                return text.salutation
    return next((text.salutation for text in authority.texts if text.salutation), "")


def verify(authority: Authority, *, by: str, now: datetime) -> None:
    """Write down that `by` has checked the postal lines and the mailboxes: from now on something may go there."""
    authority.verified_at, authority.verified_by = now, by
    for mailbox in authority.mailboxes:
        mailbox.verified_at = now


def is_verified(authority: Authority) -> bool:
    """Whether an organiser has verified its postal address."""
    return authority.verified_at is not None


def verified() -> ColumnElement[bool]:
    """The same, as a condition on Authority."""
    return Authority.verified_at.is_not(None)


def mailbox_open(now: datetime) -> ColumnElement[bool]:
    """A condition on Mailbox: verified, and its server does not push back."""
    return and_(Mailbox.verified_at.is_not(None), or_(Mailbox.paused_until.is_(None), Mailbox.paused_until <= now))


def mailbox_for(authority: Authority, *, now: datetime) -> Mailbox | None:
    """The first mailbox of an office that may be written to now."""
    for mailbox in authority.mailboxes:
        if mailbox.verified_at is not None and (mailbox.paused_until is None or mailbox.paused_until <= now):
            return mailbox
    return None
