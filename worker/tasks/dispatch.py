"""Letters to authorities: sealed, sent, and petitions delivered."""

from celery import shared_task
from flask import current_app

from campaign.db import db, now_utc
from campaign.dispatch.deliver import Desk, plan_deliveries
from campaign.dispatch.deliver import deliver as deliver_petitions
from campaign.dispatch.message import Sender
from campaign.dispatch.seal import seal_email
from campaign.dispatch.send import send_batches
from campaign.mail.connection import post_of
from campaign.text import _
from config import Settings


def sender_of(settings: Settings) -> Sender:
    """The platform as it appears on letters to authorities."""
    return Sender(settings.site_name, settings.mail_default_sender, settings.reply_domain)


@shared_task(name="dispatch.seal")
def seal() -> int:
    """Seal the letters by e-mail that are many, or old, enough."""
    return len(seal_email(now=now_utc()))


@shared_task(name="dispatch.send")
def send() -> int:
    """Send what is sealed."""
    settings = current_app.settings  # type: ignore[attr-defined]  # CampaignApp
    with post_of(current_app) as post:
        return send_batches(post, sender=sender_of(settings), now=now_utc)


@shared_task(name="dispatch.deliver")
def deliver() -> int:
    """Deliver petitions that closed or reached a milestone."""
    settings = current_app.settings  # type: ignore[attr-defined]  # CampaignApp
    plan_deliveries(now=now_utc())
    db.session.commit()
    mark = _("Sample, do not post") if settings.sample else ""
    with post_of(current_app) as post:
        return deliver_petitions(post, Desk(sender_of(settings), settings.language_list, mark, now_utc))
