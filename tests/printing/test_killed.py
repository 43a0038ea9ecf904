"""A worker that is killed while it renders holds nothing up for long and leaves nothing half done."""

import os
import signal
import subprocess
import sys
import time
from datetime import timedelta

from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.db import db, now_utc
from campaign.printing import files
from campaign.printing.models import PrintFile
from campaign.printing.render import CLAIM_LASTS, render_waiting
from tests import made
from tests.printing.rows import MARK, files_of, pool, taken

RENDER = """
from campaign.app import create_app
from campaign.db import db, now_utc
from campaign.printing.render import render_waiting
app = create_app()
with app.app_context():
    render_waiting(folder=app.settings.instance / "files", mark="", now=now_utc, commit=db.session.commit)
"""
OFFICES = 25


def _environment(app: CampaignApp) -> dict[str, str]:
    settings = app.settings
    names = ("instance", "secret_key", "data_keys", "index_key", "database_url")
    return {**os.environ, "SAMPLE": "true", **{name.upper(): str(getattr(settings, name)) for name in names}}


def test_what_a_killed_worker_had_in_hand_is_made_by_the_next(any_app: CampaignApp) -> None:
    pool(OFFICES * 2, offices=OFFICES)
    taken(made.account(), 50)
    folder = files_of(any_app)
    before = set(folder.glob("*")) if folder.exists() else set()
    worker = subprocess.Popen([sys.executable, "-c", RENDER], env=_environment(any_app), stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not folder.exists() or not set(folder.glob("*")) - before:
        assert worker.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.005)
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    db.session.expire_all()
    states = [file.state for file in db.session.scalars(select(PrintFile))]
    assert len(states) == OFFICES
    assert "waiting" in states, "it was killed in the middle"
    later = now_utc() + CLAIM_LASTS + timedelta(minutes=1)
    render_waiting(folder=folder, mark=MARK, now=lambda: later, commit=db.session.commit)
    db.session.expire_all()
    for file in db.session.scalars(select(PrintFile)):
        assert file.state == "rendered"
        assert files.read(folder, file.id).startswith(b"%PDF")
