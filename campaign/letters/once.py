"""A button pressed twice, or a form sent again from the browser's history, writes one letter and not two."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select

from campaign.db import db
from campaign.letters.models import Letter
from campaign.letters.sheet import Draft

AT_ONCE = timedelta(minutes=10)
"""So long the same letter is taken for the same press. Later it is somebody who misses our mail, and gets another."""


def just_written(draft: Draft, *, channel: str, supporter_id: uuid.UUID, updates_wording: str | None, now: datetime) -> Letter | None:
    """The letter that this supporter wrote a moment ago, not confirmed yet and the same in everything; the supporter's row is locked."""
    authority_id = draft.authority.id if draft.authority else None
    lately = select(Letter).where(
        Letter.supporter_id == supporter_id,
        Letter.appeal_id == draft.appeal.id,
        Letter.authority_id == authority_id,
        Letter.channel == channel,
        Letter.state == "pending",
        Letter.created_at > now - AT_ONCE,
    )
    asked = (draft.version.id, draft.language, draft.country, draft.to_authority, draft.name, draft.body, updates_wording)
    for letter in db.session.scalars(lately.order_by(Letter.created_at.desc()).limit(10)):
        if asked == (letter.version_id, letter.language, letter.country, letter.to_authority, letter.name, letter.body, letter.updates_wording):
            return letter
    return None
