"""The worker is killed with SIGKILL twenty times in the middle of a batch: no letter is lost, none is sent twice."""

import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from celery import Celery
from flask_migrate import upgrade
from sqlalchemy import func, select

from campaign.app import CampaignApp, create_app
from campaign.db import Site, db, now_utc
from campaign.dispatch.models import Batch, BatchItem
from campaign.dispatch.seal import seal_email
from campaign.dispatch.sweep import resolve_unknown, sweep_stuck
from campaign.letters.models import Letter
from tests.catcher import Catcher, Caught
from tests.conftest import make_settings
from tests.dispatch.letters import NOON, letter_appeal, letters

LETTERS, KILLS, EACH = 500, 20, 22
ROOT = Path(__file__).resolve().parents[2]


class Workers:
    """Real workers, each with a queue of its own, so that it is known who sends and who stands by."""

    def __init__(self, app: CampaignApp) -> None:
        values = app.settings.model_dump(exclude_none=True)
        self.environment = {**os.environ, **{name.upper(): str(value) for name, value in values.items()}}
        self.broker = Celery(broker=app.settings.redis_url)
        self.broker.conf.broker_transport_options = {"global_keyprefix": app.settings.redis_prefix}
        self.log = (app.settings.instance / "workers.log").open("wb")
        self.started: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """One more worker, which stands by."""
        queue = f"kill-{len(self.started)}"
        quiet = ("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "WARNING")
        command = [sys.executable, "-m", "celery", "-A", "worker.main", "worker", "--pool", "solo", "-Q", queue, "-n", f"{queue}@localhost", *quiet]
        self.started.append(subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=self.log, stderr=self.log))

    def tell(self, number: int) -> subprocess.Popen[bytes]:
        """Tells that worker to send what is sealed."""
        self.broker.send_task("dispatch.send", queue=f"kill-{number}")
        return self.started[number]

    def stop(self) -> None:
        """Ends all that still run."""
        for process in self.started:
            process.kill()
            process.wait()
        self.broker.close()
        self.log.close()
        print(Path(self.log.name).read_text())  # shown when the test fails


@pytest.fixture(params=["sqlite", "postgres"])
def site(request: pytest.FixtureRequest, tmp_path: Path, redis_url: str, smtp_catcher: Catcher) -> Iterator[CampaignApp]:
    """An application that other processes share: its database on the disk or on a server, its broker, its mail server."""
    url = "" if request.param == "sqlite" else request.getfixturevalue("new_postgres_url")
    mail = {"mail_server": smtp_catcher.host, "mail_port": smtp_catcher.port, "mail_timeout": 10}
    app = create_app(make_settings(tmp_path, database_url=url, redis_url=redis_url, redis_prefix=f"kill-{os.getpid()}-{request.param}:", **mail))
    with app.app_context():
        upgrade()
        db.session.add(Site(id=1, sample=True, stamp=0))
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def workers(site: CampaignApp) -> Iterator[Workers]:
    """Two workers that stand by."""
    some = Workers(site)
    some.start()
    some.start()
    yield some
    some.stop()


def how_many(state: str) -> int:
    count = db.session.scalars(select(func.count()).select_from(BatchItem).where(BatchItem.state == state)).one()
    db.session.rollback()
    return count


def kill_at(process: subprocess.Popen[bytes], catcher: Catcher, count: int, *, during_data: bool) -> None:
    """Kills the sender when the catcher has its `count`th message: before it was answered for, or as soon as it was."""

    def kill(_caught: Caught) -> None:
        if during_data and len(catcher.messages) + 1 == count:
            os.kill(process.pid, signal.SIGKILL)

    catcher.on_message = kill
    catcher.wait_for(count, seconds=60)
    os.kill(process.pid, signal.SIGKILL)
    assert process.wait() == -signal.SIGKILL, "it was still sending when it was killed"


def ids(catcher: Catcher) -> Counter[str]:
    return Counter(str(caught.message["Message-ID"]).strip("<>") for caught in catcher.messages)


def test_a_worker_killed_twenty_times_in_a_batch_loses_no_letter_and_sends_none_twice(site: CampaignApp, workers: Workers, smtp_catcher: Catcher) -> None:
    letters(letter_appeal(size=LETTERS), LETTERS)
    assert [batch.size for batch in seal_email(now=NOON)] == [LETTERS]
    db.session.commit()

    for number in range(KILLS):
        process = workers.tell(number)
        workers.start()
        kill_at(process, smtp_catcher, len(smtp_catcher.messages) + EACH, during_data=number % 2 == 0)
        assert 1 <= how_many("sent") < LETTERS, "the kill hit in the middle of the batch"
        assert how_many("sending") <= number + 1, "at most one letter for each killed process"

    smtp_catcher.on_message = None
    last = workers.tell(KILLS)
    wait_until_nothing_is_ready(smtp_catcher)
    last.terminate()
    last.wait()

    sweep_stuck(now=now_utc() + timedelta(hours=1), lease=timedelta(seconds=site.settings.sending_lease))
    db.session.commit()
    unknown = how_many("unknown")
    assert 1 <= unknown <= KILLS
    assert how_many("sent") + unknown == LETTERS, "none is lost"
    assert set(ids(smtp_catcher).values()) == {1}, "none is sent twice"
    by_state = {state: set(db.session.scalars(select(Letter.message_id).where(Letter.state == state))) for state in ("sent", "unknown")}
    assert by_state["sent"] <= set(ids(smtp_catcher)) <= by_state["sent"] | by_state["unknown"]

    settle_unknown(smtp_catcher)
    workers.tell(KILLS + 1)
    smtp_catcher.wait_for(LETTERS, seconds=60)
    assert len(ids(smtp_catcher)) == LETTERS, "what a person found missing goes again, and then all have arrived once"
    assert set(ids(smtp_catcher).values()) == {1}


def wait_until_nothing_is_ready(catcher: Catcher) -> None:
    """Waits message by message: the catcher has all that were ready, less those that the kills left in between."""
    arrived = len(catcher.messages)
    while waiting := how_many("ready"):
        catcher.wait_for(min(arrived + waiting, arrived + 1), seconds=60)
        arrived = len(catcher.messages)
    catcher.wait_for(LETTERS - how_many("sending") - how_many("unknown"), seconds=60)


def settle_unknown(catcher: Catcher) -> None:
    """A person looks into the mail server's log and says of each what became of it."""
    arrived = set(ids(catcher))
    for item in db.session.scalars(select(BatchItem).where(BatchItem.state == "unknown")).all():
        resolve_unknown(item, was_sent=item.letter.message_id in arrived, now=now_utc())
    db.session.commit()
    batch = db.session.scalars(select(Batch)).one()
    assert batch.state == ("sent" if len(arrived) == LETTERS else "sending")
