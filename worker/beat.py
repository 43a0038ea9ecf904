"""What `celery -A worker.beat beat` finds: schedule and broker. It opens no database and loads no task, so it starts at once and stays small."""

from celery import Celery

from config import load
from worker.broker import configure

celery = Celery("campaign")
configure(celery, load())
