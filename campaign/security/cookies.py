"""The cookie of a session, signed and read as Flask does it."""

from functools import lru_cache

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class SignedCookies(SecureCookieSessionInterface):
    """Flask's own sessions. Their signer is made once for an application, and not twice in each request."""

    @lru_cache(maxsize=8)  # noqa: B019  one object lives as long as the process
    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        return super().get_signing_serializer(app)
