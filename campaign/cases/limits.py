"""How often a report may come from one place: where it comes from is kept nowhere, only a keyed hash of it, for an hour, under another key each day."""

from datetime import datetime

import structlog
from limits import RateLimitItemPerHour
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from campaign.security.keys import ring

log = structlog.get_logger()
PER_REMOTE = RateLimitItemPerHour(20, 1, namespace="report")


class TooOften(Exception):
    """Too many reports from one place within an hour."""


class ReportLimits:
    """Reports of the last hour, counted together by all processes; by each for itself while Redis does not answer."""

    def __init__(self, redis_url: str, *, prefix: str) -> None:
        shared = storage_from_string(redis_url, key_prefix=f"{prefix}limits", wrap_exceptions=True, socket_connect_timeout=1, socket_timeout=1)
        self._shared = MovingWindowRateLimiter(shared)
        self._own = MovingWindowRateLimiter(MemoryStorage())

    def count(self, *, remote: str, now: datetime) -> None:
        """Count one more. Raises TooOften."""
        key = "remote:" + ring().index(f"{now.date().isoformat()}\0{remote}", purpose="report remote").hex()
        try:
            free = self._shared.hit(PER_REMOTE, key)
        except StorageError:
            log.warning("report limits are kept in memory", why="the broker does not answer")
            free = self._own.hit(PER_REMOTE, key)
        if not free:
            log.info("report limited")
            raise TooOften
