"""Mail to supporters and organisers."""

from functools import partial

from celery import shared_task
from flask import current_app

from campaign.db import now_utc
from campaign.mail.build import build
from campaign.mail.connection import post_of
from campaign.mail.send import send_ready


@shared_task(name="mail.send")
def send() -> int:
    """Send the mails that are due."""
    settings = current_app.settings  # type: ignore[attr-defined]  # CampaignApp
    words = {"site_url": settings.site_url, "sample": settings.sample}
    make = partial(build, sender=settings.mail_default_sender, domain=settings.reply_domain, site_name=settings.site_name, **words)
    with post_of(current_app) as post:
        return send_ready(post, make, sender=settings.mail_default_sender, now=now_utc)
