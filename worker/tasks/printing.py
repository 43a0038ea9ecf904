"""Tasks of the print room."""

from celery import shared_task
from flask import current_app

from campaign.db import db, now_utc
from campaign.printing import prepare as room
from campaign.printing.render import render_waiting
from campaign.text import _


@shared_task(name="printing.prepare")
def prepare() -> None:
    """Call back what was not printed in time, then seal what was asked for: a commit for each bundle."""
    room.return_overdue(now=now_utc())
    db.session.commit()
    while room.prepare_next(now=now_utc()):
        db.session.commit()


@shared_task(name="printing.render")
def render() -> None:
    """Make the files that wait."""
    settings = current_app.settings  # type: ignore[attr-defined]  # CampaignApp
    mark = _("Sample, do not post") if settings.sample else ""
    render_waiting(folder=settings.instance / "files", mark=mark, now=now_utc, commit=db.session.commit)


@shared_task(name="sweep.files")
def files() -> None:
    """Delete files whose time is over."""
    room.delete_old(folder=current_app.settings.instance / "files", now=now_utc())  # type: ignore[attr-defined]  # CampaignApp
