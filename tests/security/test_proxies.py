"""Who comes through a proxy: its word is believed only where an operator said that it is theirs."""

import base64
import os
from pathlib import Path

import pytest
from flask import Flask, request

from campaign.app import create_app
from campaign.organisers.matrix import ANYBODY, MATRIX
from tests.conftest import make_settings


def _seen(app: Flask) -> tuple[str | None, bool]:
    @app.get("/who")
    def who() -> str:
        return f"{request.remote_addr} {request.is_secure}"

    forwarded = {"X-Forwarded-For": "198.51.100.7, 192.0.2.1", "X-Forwarded-Proto": "https"}
    address, _, secure = app.test_client().get("/who", headers=forwarded).text.partition(" ")
    return address, secure == "True"


@pytest.mark.parametrize(("proxies", "expected"), [(0, ("127.0.0.1", False)), (1, ("192.0.2.1", True)), (2, ("198.51.100.7", False))])
def test_a_forwarded_address_is_believed_from_as_many_proxies_as_the_settings_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, proxies: int, expected: tuple[str, bool]
) -> None:
    monkeypatch.setitem(MATRIX, "who", ANYBODY)
    secret = base64.b64encode(os.urandom(32)).decode()
    assert _seen(create_app(make_settings(tmp_path, trusted_proxies=proxies, secret_key=secret))) == expected
