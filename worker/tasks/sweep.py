"""What keeps the house clean: what is stuck is told to a person, what is over is forgotten."""

from datetime import timedelta

from celery import shared_task
from flask import current_app

from campaign.appeals.service import close_overdue, publish_due
from campaign.cases import consent, reports
from campaign.db import now_utc
from campaign.dispatch.sweep import sweep_stuck
from campaign.letters import service as letters
from campaign.mail import service as mail
from campaign.organisers import invitations, logins
from campaign.petitions import service as petitions
from campaign.supporters import service as supporters


@shared_task(name="sweep.stuck")
def stuck() -> int:
    """What a sender left half done becomes unknown; cases whose consent ran out are hidden; appeals whose moment has come go live, those whose last day is over close."""
    now = now_utc()
    lease = timedelta(seconds=current_app.settings.sending_lease)  # type: ignore[attr-defined]  # CampaignApp
    consent.hide_lapsed(now=now)
    publish_due(now=now)
    close_overdue(now=now)
    return mail.sweep_stuck(now=now, lease=lease) + sweep_stuck(now=now, lease=lease)


@shared_task(name="sweep.purge")
def purge() -> None:
    """Forget what was not confirmed or accepted in time, letters that stayed with their writers, answered reports, done mails, people of whom nothing is kept."""
    now = now_utc()
    petitions.purge(now=now)
    letters.purge(now=now)
    letters.withdraw_forgotten(now=now)
    mail.purge(now=now)
    reports.forget(now=now)
    invitations.sweep(now=now)
    logins.forget(now=now)
    supporters.purge_unused(now=now)
