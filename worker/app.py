"""The Celery application. The database is the truth, the queue only a hint: every task may be lost or run twice."""

from typing import Any, cast

from celery import Celery, Task, current_app
from celery.signals import worker_process_init

from campaign.app import CampaignApp, check_mode, create_app
from campaign.db import db, start_reading
from config import Settings, load
from worker.broker import configure

TASKS = ("worker.tasks.mail", "worker.tasks.dispatch", "worker.tasks.printing", "worker.tasks.counts", "worker.tasks.sweep")


class CampaignCelery(Celery):
    """Celery, and the application whose database and settings its tasks use."""

    flask_app: CampaignApp


def make_celery(settings: Settings, app: CampaignApp | None = None) -> CampaignCelery:
    """Celery on the settings' broker. Each task runs inside an application context and ends with one commit."""
    flask_app = app or create_app(settings)

    class InApp(Task):  # type: ignore[type-arg]  # of any task
        def __call__(self, *args: Any, **kwargs: Any) -> Any:
            with flask_app.app_context():
                start_reading(False)
                result = super().__call__(*args, **kwargs)
                db.session.commit()
                return result

    celery = CampaignCelery("campaign", task_cls=InApp, include=list(TASKS))
    configure(celery, settings)
    celery.flask_app = flask_app
    celery.set_default()
    return celery


@worker_process_init.connect
def _own_connections(**kwargs: Any) -> None:
    # A connection that was opened before the fork must not be shared.
    celery = cast(CampaignCelery, current_app)
    with celery.flask_app.app_context():
        db.engine.dispose(close=False)


def for_worker() -> CampaignCelery:
    """What `celery -A worker.main` serves: refuses a database that was made in the other mode."""
    settings = load()
    celery = make_celery(settings)
    with celery.flask_app.app_context():
        check_mode(settings)
    return celery
