"""`python -m campaign run`: the whole platform in sample mode, on one machine, for one person to try."""

import http.client
import ipaddress
import os
import socket
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from itertools import chain, repeat
from pathlib import Path

import pyotp

from campaign.commands.run.broker import broker_answers, broker_command, broker_url
from campaign.commands.run.part import ROOT, Part
from campaign.commands.run.refusal import Refused, check_instance, check_port, full_disk_is_refused
from campaign.commands.run.sample_secrets import load_or_make
from campaign.commands.run.stamp import is_prepared, write_stamp
from campaign.commands.run.supervisor import Stopped, Supervisor, only_one, say

QUEUES = "mail,dispatch,print,sweep"
WEB_WORKERS, WEB_THREADS, WORKER_PROCESSES = 2, 8, 2
PYTHON = sys.executable
ORGANISER, REVIEWER, VOLUNTEER = "organiser@example.org", "reviewer@example.org", "volunteer@example.org"


def run_platform(*, port: str, instance: str) -> int:
    """Runs until Ctrl-C or SIGTERM and answers with the exit code: 0 when asked to stop, 1 when it could not go on."""
    folder = Path(instance).resolve()
    os.umask(0o077)  # what is kept in the instance folder is read by its owner only
    try:
        number = check_port(port)
        check_instance(str(folder))
        with full_disk_is_refused(folder), only_one(folder):
            return _run(number, folder)
    except Refused as refusal:
        print(refusal, file=sys.stderr, flush=True)
        return 1


def _run(port: int, instance: Path) -> int:
    supervisor = Supervisor(instance)
    try:
        secrets = load_or_make(instance)
        environment = _environment(os.environ, secrets, port=port, instance=instance)
        _start_everything(supervisor, environment, secrets, port)
        supervisor.watch()
    except Stopped:
        say("Stopping …")
        return 0
    finally:
        supervisor.stop()
    return 0


def _environment(given: Mapping[str, str], secrets: Mapping[str, str], *, port: int, instance: Path) -> dict[str, str]:
    """The settings of all parts. What the person has set in the environment stays as it is."""
    ours = {**secrets, "SITE_URL": f"http://127.0.0.1:{port}", "PYTHONUNBUFFERED": "1"}
    return {**ours, **{name: value for name, value in given.items() if value}, "SAMPLE": "true", "INSTANCE": str(instance)}


def _start_everything(supervisor: Supervisor, environment: dict[str, str], secrets: Mapping[str, str], port: int) -> None:
    logs = supervisor.instance / "logs"
    logs.mkdir(mode=0o700, exist_ok=True)

    def part(name: str, *command: str, needed_by_others: bool = False) -> Part:
        return Part(name, list(command), environment=environment, logs=logs, needed_by_others=needed_by_others)

    _start_services(supervisor, environment, secrets, part)
    _prepare(supervisor, environment, part)
    # All side by side: what takes long is that each loads its code.
    supervisor.start(part("web", PYTHON, "-m", "gunicorn", *_gunicorn(port)))
    supervisor.wait_until(lambda: broker_answers(environment["REDIS_URL"]), seconds=30, what="The broker")
    node = f"sample-{os.getpid()}@localhost"
    supervisor.start(part("worker", *_celery("worker.main", "worker"), *_worker(node)))
    supervisor.start(part("scheduler", *_celery("worker.beat", "beat"), "--schedule", str(supervisor.instance / "schedule"), "--pidfile", ""))
    supervisor.wait_until(lambda: _web_answers(port), seconds=60, what="The web server")
    supervisor.wait_until(_ask_worker(environment, node), seconds=60, what="The worker")
    say(_welcome(f"http://127.0.0.1:{port}", environment, supervisor.instance))


def _start_services(supervisor: Supervisor, environment: dict[str, str], secrets: Mapping[str, str], part: Callable[..., Part]) -> None:
    """The mail catcher and the broker, unless the environment names others."""
    if "MAIL_SERVER" not in environment:
        environment |= {"MAIL_SERVER": "127.0.0.1", "MAIL_PORT": str(_free_port()), "MAIL_USE_TLS": "false", "MAIL_USE_SSL": "false"}
        maildir = str(supervisor.instance / "mail")
        supervisor.start(part("catcher", PYTHON, "-m", "campaign.commands.run.catcher", environment["MAIL_PORT"], maildir, needed_by_others=True))
    _refuse_mail_to_others(environment["MAIL_SERVER"])
    if "REDIS_URL" not in environment:
        password, number = secrets["BROKER_PASSWORD"], _free_port()
        environment["REDIS_URL"] = broker_url(port=number, password=password)
        command = broker_command(folder=supervisor.instance / "broker", port=number, password=password)
        supervisor.start(part("broker", *command, needed_by_others=True))


def _prepare(supervisor: Supervisor, environment: Mapping[str, str], part: Callable[..., Part]) -> None:
    """Database and sample, unless they are as the last start left them."""
    today = datetime.now(UTC).date()
    if is_prepared(supervisor.instance, environment, today=today):
        return
    say("Preparing the database and the sample …")
    supervisor.finish(part("prepare", PYTHON, "-m", "campaign", "prepare"))
    write_stamp(supervisor.instance, environment, today=today)


def _celery(app: str, command: str) -> list[str]:
    return [PYTHON, "-m", "celery", "--app", app, "--quiet", command, "--loglevel", "WARNING"]


def _worker(node: str) -> list[str]:
    return ["--hostname", node, "--concurrency", str(WORKER_PROCESSES), "--queues", QUEUES, "--without-mingle", "--without-gossip"]


def _gunicorn(port: int) -> list[str]:
    """No access log, and no warnings about requests that cannot be read: both hold addresses of the people who read, and private links.

    The control socket would be shared between instances. The code is loaded once, before the workers part.
    """
    threads = ["--preload", "--worker-class", "gthread", "--workers", str(WEB_WORKERS), "--threads", str(WEB_THREADS)]
    return [*threads, "--log-level", "error", "--bind", f"127.0.0.1:{port}", "--no-control-socket", "--graceful-timeout", "10", "campaign.app:serving()"]


def _refuse_mail_to_others(server: str) -> None:
    """The sample's addresses are made up, but what visitors type may be real: its mail stays on this machine."""
    try:
        ours = server == "localhost" or ipaddress.ip_address(server).is_loopback
    except ValueError:
        ours = False
    if not ours:
        raise Refused(f"MAIL_SERVER={server} is another machine: the sample sends mail only to a server on 127.0.0.1. Unset MAIL_SERVER to use the mail catcher.")


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _web_answers(port: int) -> bool:
    """Asks directly: a proxy set in the environment is not asked for this machine's own address."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/healthz")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _ask_worker(environment: Mapping[str, str], node: str) -> Callable[[], bool]:
    """Asks over the broker, since `campaign` does not know the worker's code; with little patience at first, then with more on a busy machine."""
    from celery import Celery  # here: the parts start while it is loaded

    app = Celery(broker=environment["REDIS_URL"])
    app.conf.broker_transport_options = {"global_keyprefix": environment.get("REDIS_PREFIX", "campaign:")}
    patience = chain([0.3] * 10, repeat(2.0))

    def answers() -> bool:
        with app.connection_for_read() as connection:
            return bool(app.control.ping(destination=[node], timeout=next(patience), connection=connection))

    return answers


def _welcome(address: str, environment: Mapping[str, str], instance: Path) -> str:
    lines = [
        f"Ready: {address}",
        f"  organiser  {ORGANISER}  {environment['SAMPLE_ORGANISER_PASSWORD']}  code {_code(environment, 'ORGANISER')}",
        f"  reviewer   {REVIEWER}  {environment['SAMPLE_REVIEWER_PASSWORD']}  code {_code(environment, 'REVIEWER')}  (the second person)",
        f"  volunteer  {VOLUNTEER}  {environment['SAMPLE_VOLUNTEER_PASSWORD']}  code {_code(environment, 'VOLUNTEER')}",
        f"  a code works once, for a minute; a new one: {_shown_command(instance)} account {ORGANISER} --code",
    ]
    if (instance / "mail").is_dir():
        lines.append(f"  mail is caught in {instance / 'mail'}; nothing leaves this machine")
    return "\n".join([*lines, "  Ctrl-C stops everything."])


def _shown_command(instance: Path) -> str:
    """What somebody types in another terminal, in this folder."""
    python = Path(sys.executable)
    where = python.relative_to(ROOT) if python.is_relative_to(ROOT) else python
    return f"{'' if instance == ROOT / 'instance' else f'INSTANCE={instance} '}{where} -m campaign"


def _code(environment: Mapping[str, str], role: str) -> str:
    """A one-time code that works for another minute. Made from what the import gave to the account: asking the application for it would cost a second."""
    return pyotp.TOTP(environment[f"SAMPLE_{role}_TOTP"]).at(time.time(), counter_offset=1)
