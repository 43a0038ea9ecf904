"""What `celery -A worker.main` finds."""

from worker.app import for_worker

celery = for_worker()
