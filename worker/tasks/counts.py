"""Kept counts: added to here, so that no request waits for another one's row."""

from celery import shared_task

from campaign.db import db
from campaign.letters.steps import count_confirmed as count_letters
from campaign.petitions.counts import count_confirmed as count_signatures


@shared_task(name="counts.keep")
def keep() -> int:
    """Add what was confirmed since the last time."""
    signatures = count_signatures()
    db.session.commit()  # each adds to rows of appeals, then to the site's: together they could wait for a page that does the same
    return signatures + count_letters()
