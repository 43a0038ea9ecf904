"""How often somebody may try to log in: by address typed and by where they come from, neither of which is stored.

A browser with which somebody logged in to the account before has an allowance of its own: strangers who try cannot lock it out.

Kept in Redis, so that all processes count together; in memory while Redis does not answer.
"""

import uuid
from datetime import datetime

import structlog
from limits import RateLimitItemPerMinute
from limits.errors import StorageError
from limits.storage import MemoryStorage, storage_from_string
from limits.strategies import MovingWindowRateLimiter

from campaign.organisers.service import account_index
from campaign.security.keys import ring

log = structlog.get_logger()
WINDOW_MINUTES = 15
PER_ADDRESS = RateLimitItemPerMinute(10, WINDOW_MINUTES, namespace="login")
PER_BROWSER = RateLimitItemPerMinute(10, WINDOW_MINUTES, namespace="login")
PER_CODE = RateLimitItemPerMinute(10, WINDOW_MINUTES, namespace="code")
PER_REMOTE = RateLimitItemPerMinute(100, WINDOW_MINUTES, namespace="login")


class TooOften(Exception):
    """Too many attempts; another one is worth nothing for a quarter of an hour."""


class LoginLimits:
    """Attempts of the last quarter of an hour. A login that succeeds wipes out those of its address, or of its browser where that is known."""

    def __init__(self, redis_url: str, *, prefix: str) -> None:
        shared = storage_from_string(redis_url, key_prefix=f"{prefix}limits", wrap_exceptions=True, socket_connect_timeout=1, socket_timeout=1)
        self._shared = MovingWindowRateLimiter(shared)
        self._own = MovingWindowRateLimiter(MemoryStorage())

    def attempt(self, *, email: str, remote: str, now: datetime, browser: uuid.UUID | None = None) -> None:
        """Count an attempt before anything is compared. `browser`: one that is known for this account. Raises TooOften."""
        strangers = ((PER_REMOTE, _remote_key(remote, now)), (PER_ADDRESS, _address_key(email)))
        for item, key in ((PER_BROWSER, _browser_key(browser)),) if browser is not None else strangers:
            if not self._hit(item, key):
                log.info("login limited", by=key.partition(":")[0])
                raise TooOften

    def forget(self, *, email: str, browser: uuid.UUID | None = None) -> None:
        """The right password was given: the attempts before it were slips. Those of strangers, beside a known browser, were not."""
        item, key = (PER_BROWSER, _browser_key(browser)) if browser is not None else (PER_ADDRESS, _address_key(email))
        self._clear(item, key)

    def attempt_code(self, account_id: uuid.UUID, *, browser: uuid.UUID | None = None) -> None:
        """Count an attempt at the second step, by account, or by browser where that is known. Raises TooOften."""
        if not self._hit(PER_CODE, _code_key(account_id, browser)):
            log.info("code limited")
            raise TooOften

    def forget_codes(self, account_id: uuid.UUID, *, browser: uuid.UUID | None = None) -> None:
        """The right code was given."""
        self._clear(PER_CODE, _code_key(account_id, browser))

    def _clear(self, item: RateLimitItemPerMinute, key: str) -> None:
        self._own.clear(item, key)
        try:
            self._shared.clear(item, key)
        except StorageError:
            log.warning("login limits are kept in memory", why="the broker does not answer")

    def _hit(self, item: RateLimitItemPerMinute, key: str) -> bool:
        try:
            return self._shared.hit(item, key)
        except StorageError:
            log.warning("login limits are kept in memory", why="the broker does not answer")
            return self._own.hit(item, key)


def _address_key(email: str) -> str:
    return "address:" + account_index(email[:254]).hex()


def _code_key(account_id: uuid.UUID, browser: uuid.UUID | None) -> str:
    return f"account:{account_id.hex}" if browser is None else _browser_key(browser)


def _browser_key(browser: uuid.UUID) -> str:
    return f"browser:{browser.hex}"


def _remote_key(remote: str, now: datetime) -> str:
    # Another key each day: two days cannot be joined, and without our key nothing leads back to the address.
    return "remote:" + ring().index(f"{now.date().isoformat()}\0{remote}", purpose="login remote").hex()
