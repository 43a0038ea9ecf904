"""What every benchmark stands on: a database that goes away afterwards, the platform with its sample, and the web server."""

import base64
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from tests.services import Postgres, drop_database, make_database

ROOT = Path(__file__).resolve().parents[1]
# The flags of the limits in the project's own figures, and of `make run`.
GUNICORN = (sys.executable, "-m", "gunicorn", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--no-control-socket", "--log-level", "warning")
START_SECONDS = 60


def settings(database_url: str, instance: Path) -> dict[str, str]:
    """The environment of one platform: keys made for it, mail that goes nowhere unless a port is given."""
    return {
        **os.environ,
        "SAMPLE": "true",
        "INSTANCE": str(instance),
        "DATABASE_URL": database_url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "DATA_KEYS": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": "9",
        "SITE_URL": "http://127.0.0.1:8000",
    }


@contextmanager
def database() -> Iterator[str]:
    """An empty PostgreSQL database, dropped afterwards."""
    server = Postgres()
    try:
        url = make_database(server.url)
        try:
            yield url
        finally:
            drop_database(url)
    finally:
        server.stop()


@contextmanager
def platform() -> Iterator[dict[str, str]]:
    """The environment of a platform on PostgreSQL: migrated, with the sample in it. Everything of it goes away afterwards."""
    with database() as url, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        environment = settings(url, Path(folder))
        prepare(environment)
        yield environment


def prepare(environment: Mapping[str, str]) -> None:
    """Migrate and load the sample, as `make run` does."""
    in_platform(environment, "campaign", "prepare")


def in_platform(environment: Mapping[str, str], module: str, *words: str) -> str:
    """Run a module in the environment of a platform, in a process of its own, since keys are held per process. What it printed."""
    command = [sys.executable, "-m", module, *words]
    return subprocess.run(command, env=dict(environment), cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True).stdout


@contextmanager
def served(application: str, environment: Mapping[str, str]) -> Iterator[int]:
    """The port on which gunicorn serves the application. Raises RuntimeError where it does not start."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = subprocess.Popen([*GUNICORN, "--bind", f"127.0.0.1:{port}", application], env=dict(environment), cwd=ROOT)
    try:
        _wait_for(port, server)
        yield port
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int, server: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
                connection.settimeout(START_SECONDS)
                connection.sendall(b"HEAD /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
                if connection.recv(64):
                    return
        except OSError:
            time.sleep(0.05)
    raise RuntimeError("the web server did not start")
