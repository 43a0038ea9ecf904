"""The servers that tests need: found running, or started here and stopped afterwards.

A plugin of pytest (`pytest_plugins = ["tests.services"]`). A test asks for `postgres_url`, `redis_url`, `chromium_path`
or `smtp_catcher`. Where one cannot be had, the tests that asked are left out and the end of the run says which and
why; with CI=true that is a failure.
"""

import getpass
import os
import pwd
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, NoReturn

import psycopg
import pytest
from psycopg import sql
from redis import Redis
from redis.exceptions import RedisError

from campaign.commands.run.broker import broker_answers, broker_command, broker_url
from tests.catcher import Catcher, free_port

LEFT_OUT = "left out: "
POSTGRES_PORT, REDIS_PORT = 5432, 6379
CHROMIUMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
START_SECONDS = 30


class Missing(Exception):
    """A service can neither be found nor started; the message says why."""


def leave_out(why: Missing) -> NoReturn:
    """Leaves out the test that asked, or fails it where nothing may be left out."""
    if os.environ.get("CI", "").lower() == "true":
        pytest.fail(f"CI leaves nothing out: {why}", pytrace=False)
    pytest.skip(f"{LEFT_OUT}{why}")  # the one place: told at the end of the run, and a failure with CI=true


class Postgres:
    """A PostgreSQL server: the one on 127.0.0.1:5432 if it lets us make databases, else a cluster of our own."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self.url = self._running() or self._start_own()

    @staticmethod
    def _running() -> str:
        for user in dict.fromkeys((os.environ.get("PGUSER", "postgres"), "postgres", getpass.getuser())):
            url = f"postgresql://{user}@127.0.0.1:{os.environ.get('PGPORT', POSTGRES_PORT)}"
            with suppress(psycopg.OperationalError), psycopg.connect(f"{url}/postgres", connect_timeout=3) as connection:
                row = connection.execute("SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
                if row and row[0]:
                    return url
        return ""

    def _start_own(self) -> str:
        programs = postgres_programs()
        self.folder = Path(tempfile.mkdtemp(prefix="postgres-for-tests-"))
        self.unprivileged: list[str] = []
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            self._give_up_root()
        port = free_port()
        self._run(programs / "initdb", "--pgdata", f"{self.folder}/data", "--username", "postgres", "--auth", "trust", "--encoding", "UTF8", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c max_connections=200"
        self._run(programs / "pg_ctl", "--pgdata", f"{self.folder}/data", "--wait", "--log", f"{self.folder}/log", "--options", options, "start")
        self.programs = programs
        return f"postgresql://postgres@127.0.0.1:{port}"

    def _give_up_root(self) -> None:
        assert self.folder is not None
        try:
            user = pwd.getpwnam("postgres")
        except KeyError:
            user = pwd.getpwnam("nobody")
        os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.unprivileged = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups"]

    def _run(self, program: Path, *arguments: str) -> None:
        # Into a file and not a pipe: the server would hold the pipe open, and we would wait for it for ever.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run([*self.unprivileged, str(program), *arguments], cwd="/", stdout=output, stderr=output, check=False)
            output.seek(0)
            if done.returncode:
                raise Missing(f"PostgreSQL did not start: {(output.read().strip().splitlines() or ['no reason given'])[-1]}")

    def stop(self) -> None:
        """Ends a cluster of our own; a server that was found running is left as it is."""
        if self.folder is None:
            return
        self._run(self.programs / "pg_ctl", "--pgdata", f"{self.folder}/data", "--mode", "immediate", "--wait", "stop")
        shutil.rmtree(self.folder)


def postgres_programs() -> Path:
    """Debian's binaries, the newest ones, or those in PATH."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]), reverse=True)
    found = shutil.which("initdb")
    if folders:
        return folders[0].parent
    if found:
        return Path(found).resolve().parent
    raise Missing("PostgreSQL does not run on 127.0.0.1:5432 and is not installed")


def make_database(server: str) -> str:
    """A new, empty database with a name of its own; the address to reach it."""
    name = f"campaign_test_{secrets.token_hex(6)}"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {} ENCODING 'UTF8' TEMPLATE template0").format(sql.Identifier(name)))
    return f"{server}/{name}"


def drop_database(url: str) -> None:
    """Drops it, whoever is still connected."""
    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


class Broker:
    """A Redis database: an empty one of the server on 127.0.0.1:6379, claimed for us, or a Valkey server of our own."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[bytes] | None = None
        self.claim: tuple[Redis, str] | None = None
        self.url = self._running() or self._start_own()

    def _running(self) -> str:
        """The claim stands in database 0, since tests empty their own; it runs out if we are killed."""
        server = Redis(port=REDIS_PORT, socket_connect_timeout=2)
        with suppress(RedisError):
            for index in range(15, 0, -1):
                url = f"redis://127.0.0.1:{REDIS_PORT}/{index}"
                claim = f"campaign-tests-use-database-{index}"
                with Redis.from_url(url) as database:
                    if database.dbsize() == 0 and server.set(claim, os.getpid(), nx=True, ex=3600):
                        self.claim = (server, claim)
                        return url
        return ""

    def _start_own(self) -> str:
        self.folder = tempfile.mkdtemp(prefix="broker-for-tests-")
        port, password = free_port(), secrets.token_urlsafe(16)
        command = broker_command(folder=Path(self.folder), port=port, password=password)
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        url = broker_url(port=port, password=password)
        for _ in range(START_SECONDS * 10):
            if broker_answers(url):
                return url
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=0.1)
                break
        self.stop()
        raise Missing("Redis does not run on 127.0.0.1:6379 and the Valkey server of the locked packages did not start")

    def stop(self) -> None:
        """Empties and gives back the database, or ends a server of our own."""
        if self.claim is not None:
            server, claim = self.claim
            with Redis.from_url(self.url) as database:
                database.flushdb()
            server.delete(claim)
            server.close()
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            shutil.rmtree(self.folder)


def find_chromium() -> str:
    """The path of a Chromium. Raises Missing."""
    chosen = os.environ.get("CHROMIUM")
    found = [path for name in ([chosen] if chosen else CHROMIUMS) if (path := shutil.which(name))]
    if not found:
        raise Missing("Chromium is not installed")
    return found[0]


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a PostgreSQL server, without a database. Under xdist all workers share the one their controller has."""
    given: dict[str, str] = getattr(request.config, "workerinput", {})
    if "postgres" in given:
        if not given["postgres"]:
            leave_out(Missing(given["postgres_missing"]))
        yield given["postgres"]
        return
    try:
        server = Postgres()
    except Missing as why:
        leave_out(why)
    yield server.url
    server.stop()


@pytest.fixture(scope="session")
def postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty PostgreSQL database for this process, dropped at the end."""
    url = make_database(postgres_server)
    yield url
    drop_database(url)


@pytest.fixture
def new_postgres_url(postgres_server: str) -> Iterator[str]:
    """An empty PostgreSQL database for this one test."""
    url = make_database(postgres_server)
    yield url
    drop_database(url)


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """An empty Redis database for this process."""
    try:
        broker = Broker()
    except Missing as why:
        leave_out(why)
    yield broker.url
    broker.stop()


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """The browser's binary."""
    try:
        return find_chromium()
    except Missing as why:
        leave_out(why)


@pytest.fixture(scope="session")
def smtp_server() -> Iterator[Catcher]:
    """A mail server of this process."""
    catcher = Catcher()
    catcher.start()
    yield catcher
    catcher.stop()


@pytest.fixture
def smtp_catcher(smtp_server: Catcher) -> Iterator[Catcher]:
    """That mail server with an empty list of messages and good manners, whatever the last test asked of it."""
    smtp_server.reset()
    yield smtp_server
    smtp_server.reset()


_shared = pytest.StashKey[Postgres]()
_shared_missing = pytest.StashKey[str]()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """xdist, in the controller: one PostgreSQL for all workers, each of which makes its own databases in it."""
    stash = node.config.stash
    if _shared not in stash and _shared_missing not in stash:
        try:
            stash[_shared] = Postgres()
        except Missing as why:
            stash[_shared_missing] = str(why)
    node.workerinput["postgres"] = stash[_shared].url if _shared in stash else ""
    node.workerinput["postgres_missing"] = stash.get(_shared_missing, "")


def pytest_unconfigure(config: pytest.Config) -> None:
    """Ends the shared PostgreSQL."""
    server = config.stash.get(_shared, None)
    if server is not None:
        server.stop()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Says at the end what was left out and why."""
    why: dict[str, list[str]] = {}
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        _, found, text = reason.partition(LEFT_OUT)
        if found:
            why.setdefault(text, []).append(report.nodeid)
    for text, tests in sorted(why.items()):
        terminalreporter.section(f"{len(tests)} left out: {text}", sep="-")
        for test in sorted(tests):
            terminalreporter.line(test)
