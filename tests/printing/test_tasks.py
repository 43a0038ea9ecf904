"""The worker's tasks of the print room, each harmless when run twice."""

from datetime import timedelta

import pytest
import time_machine
from celery import Task
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.db import db, now_utc, start_reading
from campaign.printing import service
from campaign.printing.models import PrintFile
from tests import made
from tests.printing.rows import files_of, pool
from worker.app import make_celery
from worker.schedule import QUEUES
from worker.tasks import printing


@pytest.mark.parametrize("task", [printing.prepare, printing.render, printing.files])
def test_each_task_has_a_queue_and_a_time(task: object) -> None:
    assert getattr(task, "name", "") in QUEUES


def twice(*tasks: Task[..., None]) -> None:
    """Each task two times, as a broker may hand it out."""
    db.session.commit()
    for task in tasks:
        for _time in range(2):
            task()
    start_reading(None)  # a task says for its whole process that it writes
    db.session.expire_all()


def test_the_tasks_seal_render_and_delete_and_twice_is_as_good_as_once(any_app: CampaignApp) -> None:
    make_celery(any_app.settings, any_app)  # else they would work for the application that a test before this one made
    pool(3)
    volunteer = made.account()
    bundle = service.take(volunteer=volunteer, size=5, now=now_utc())
    twice(printing.prepare, printing.render)
    file = db.session.scalars(select(PrintFile)).one()
    assert (bundle.state, file.state) == ("taken", "rendered")
    with time_machine.travel(now_utc() + timedelta(days=15), tick=False):
        twice(printing.prepare, printing.files)
    assert (bundle.state, file.state) == ("returned", "deleted")
    assert not (files_of(any_app) / str(file.id)).exists()
