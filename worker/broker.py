"""How the worker and the scheduler use the broker, and what happens to a task that is lost."""

from celery import Celery

from config import Settings
from worker.schedule import QUEUES, SCHEDULE

TASK_SECONDS = 240
VISIBILITY_SECONDS = 3600  # above the longest task, else the broker hands it out again


def configure(celery: Celery, settings: Settings) -> None:
    """Set up Celery on the settings' broker."""
    celery.conf.update(
        broker_url=settings.redis_url,
        broker_transport_options={"global_keyprefix": settings.redis_prefix, "visibility_timeout": VISIBILITY_SECONDS},
        broker_connection_retry_on_startup=True,
        task_ignore_result=True,
        task_acks_late=True,
        task_reject_on_worker_lost=True,
        worker_prefetch_multiplier=1,
        task_time_limit=TASK_SECONDS + 30,
        task_soft_time_limit=TASK_SECONDS,
        task_serializer="json",
        accept_content=["json"],
        task_default_queue="sweep",
        task_routes={name: {"queue": queue} for name, queue in QUEUES.items()},
        beat_schedule=SCHEDULE,
        timezone="UTC",
        worker_hijack_root_logger=False,
        worker_send_task_events=False,
    )
