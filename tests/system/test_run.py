"""`make run`: one command from a bare checkout to a living platform, and what it says when it cannot."""

import ast
import base64
import os
import re
import resource
import signal
import smtplib
import socket
import stat
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from mailbox import Maildir
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

import start
from tests.catcher import free_port
from tests.system.platform import ROOT, Platform, alive, clean_environment
from worker.schedule import QUEUES

FORTY_SECONDS = 40
# How many imports of the application a second start may cost: web server and worker do one each, side by side.
MOST_WORK, MOST_TIME = 4, 5


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Platform]:
    """A platform that is ready, for the tests that leave it as it is."""
    with Platform(tmp_path_factory.mktemp("ready")) as platform:
        platform.wait_for_line("^Ready: ")
        yield platform


def wait_until(fact: Callable[[], bool], what: str) -> None:
    """Waits for a fact of the system that tells nobody when it comes true."""
    tick = threading.Event()
    for _ in range(FORTY_SECONDS * 20):
        if fact():
            return
        tick.wait(0.05)
    pytest.fail(what)


def mail_port(platform: Platform) -> int:
    """The port of the mail catcher, from its own command line."""
    words = Path(f"/proc/{platform.part('commands.run.catcher')}/cmdline").read_bytes().split(b"\0")
    return int(words[-3])


def test_the_line_that_says_ready_names_the_address_and_the_logins(platform: Platform) -> None:
    assert platform.wait_for_line("^Ready: ") == f"Ready: {platform.address}"
    for role in ("organiser", "volunteer"):
        words = platform.wait_for_line(f"{role}@example.org").split()
        assert words[2].count("-") == 3 and words[3] == "code" and re.fullmatch("[0-9]{6}", words[4])


def test_once_ready_the_web_answers(platform: Platform) -> None:
    with urllib.request.urlopen(f"{platform.address}/healthz", timeout=FORTY_SECONDS) as answer:
        assert answer.status == 200


def test_the_sample_is_loaded(platform: Platform) -> None:
    with urllib.request.urlopen(f"{platform.address}/cases/manuchehr-kholiknazarov", timeout=FORTY_SECONDS) as answer:
        assert "Manuchehr Kholiqnazarov" in answer.read().decode()


@pytest.mark.parametrize(("role", "first_page"), [("organiser", "/desk/"), ("volunteer", "/desk/bundles")])
def test_the_logins_that_are_shown_open_the_desk(platform: Platform, role: str, first_page: str) -> None:
    _, address, password, *_code = platform.wait_for_line(f"{role}@example.org").split()
    browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    second = type_into(browser, f"{platform.address}/desk/login", email=address, password=password)
    assert urlsplit(second).path == "/desk/login/code"
    # The page behind the login answers 200 only to who is logged in.
    assert urlsplit(type_into(browser, second, code=platform.one_time_code(address))).path == first_page


def type_into(browser: urllib.request.OpenerDirector, page: str, **typed: str) -> str:
    """Fill in the form of a page; where that leads to. The Referer is what a browser sends."""
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', browser.open(page, timeout=FORTY_SECONDS).read().decode())
    assert token is not None
    request = urllib.request.Request(page, urlencode({"csrf_token": token[1], **typed}).encode(), {"Referer": page})
    with browser.open(request, timeout=FORTY_SECONDS) as answer:
        return str(answer.url)


def test_the_secrets_are_for_their_owner_only(platform: Platform) -> None:
    kept = [platform.instance / "secrets.env", platform.instance / "campaign.sqlite", platform.instance / "broker" / "valkey.conf"]
    assert [stat.S_IMODE(path.stat().st_mode) for path in kept] == [0o600] * 3


def test_every_queue_has_a_worker(platform: Platform) -> None:
    words = Path(f"/proc/{platform.part('worker.main --quiet worker')}/cmdline").read_bytes().decode().split("\0")
    assert set(words[words.index("--queues") + 1].split(",")) == set(QUEUES.values())


def test_the_scheduler_loads_no_application_and_hands_each_task_to_its_queue() -> None:
    code = """import sys
from worker.beat import celery
print(*[name for name in sys.modules if name.partition(".")[0] in ("campaign", "flask", "sqlalchemy")])
for name in celery.conf.beat_schedule:
    print(name, celery.amqp.router.route({}, name)["queue"].name)"""
    key = base64.b64encode(os.urandom(32)).decode()
    settings = clean_environment(SECRET_KEY=key, DATA_KEYS=f"a:{key}", INDEX_KEY=key)
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=settings, capture_output=True, text=True, timeout=FORTY_SECONDS, check=True)
    loaded, *hints = done.stdout.splitlines()
    assert loaded == ""
    assert dict(hint.split() for hint in hints) == QUEUES


@pytest.mark.parametrize("request_line", [b"GET /letters/track/private-" + b"a" * 9000 + b" HTTP/1.1", b"GET /letters/track/private-link"])
def test_a_request_that_cannot_be_read_leaves_no_address_and_no_link_in_the_log(platform: Platform, request_line: bytes) -> None:
    with socket.create_connection(("127.0.0.1", platform.port), timeout=FORTY_SECONDS) as connection:
        connection.sendall(request_line + b"\r\n\r\n")
        assert connection.recv(12).startswith(b"HTTP/1.1 4")
    log = (platform.instance / "logs" / "web.log").read_text(encoding="utf-8")
    assert "127.0.0.1" not in log
    assert "private-" not in log


def test_mail_to_any_address_ends_in_the_maildir_with_its_envelope(platform: Platform) -> None:
    with smtplib.SMTP("127.0.0.1", mail_port(platform), timeout=FORTY_SECONDS) as server:
        server.sendmail("post@example.org", ["one@example.org", "two@example.net"], "Subject: Caught\r\n\r\nÖffnung\r\n".encode())
    caught = [message for message in Maildir(platform.instance / "mail") if message["Subject"] == "Caught"]
    assert len(caught) == 1
    assert caught[0]["X-Envelope-From"] == "post@example.org"
    assert caught[0].get_all("X-Envelope-To") == ["one@example.org", "two@example.net"]
    assert caught[0].get_payload(decode=True) == "Öffnung\n".encode()


def test_a_second_start_on_the_same_instance_is_refused_in_one_sentence(platform: Platform) -> None:
    with Platform(platform.instance) as second:
        assert second.ended() == 1
        assert second.lines == [f"The platform already runs with the instance folder {platform.instance}: stop that one, or choose another with INSTANCE=."]


def test_killed_by_force_it_leaves_no_process_either_and_starts_again_with_the_same_keys(tmp_path: Path) -> None:
    with Platform(tmp_path) as platform:
        platform.wait_for_line("^Ready: ")
        family, secrets = platform.family(), (tmp_path / "secrets.env").read_text()
        platform.process.kill()
        wait_until(lambda: not any(alive(pid) for pid in family), "processes are left behind")
    with Platform(tmp_path) as again:
        again.wait_for_line("^Ready: ")
        assert (tmp_path / "secrets.env").read_text() == secrets
        assert again.stop() == 0


def an_import() -> tuple[float, float]:
    """What every part of the platform has to do, done alone: seconds of processor time, and seconds on the clock, that importing the application takes just now."""
    used, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run([sys.executable, "-c", "import campaign.app"], cwd=ROOT, env=clean_environment(), timeout=FORTY_SECONDS, check=True)
    now = resource.getrusage(resource.RUSAGE_CHILDREN)
    return now.ru_utime + now.ru_stime - used.ru_utime - used.ru_stime, time.monotonic() - began


def test_a_second_start_prepares_nothing_and_costs_no_more_than_a_few_imports_of_the_application(tmp_path: Path) -> None:
    with Platform(tmp_path) as first:
        first.wait_for_line("^Preparing the database and the sample")
        first.wait_for_line("^Ready: ")
        assert first.stop() == 0
    before, began = an_import(), time.monotonic()
    with Platform(tmp_path) as second:
        second.wait_for_line("^Ready: ")
        took, worked = time.monotonic() - began, second.worked()
        assert "Preparing" not in second.output
        assert second.stop() == 0
    work, clock = (max(both) for both in zip(before, an_import(), strict=True))
    assert worked <= MOST_WORK * work
    assert took <= MOST_TIME * clock


def test_a_part_that_dies_is_started_again_and_ctrl_c_leaves_no_process(tmp_path: Path) -> None:
    with Platform(tmp_path) as platform:
        platform.wait_for_line("^Ready: ")
        os.kill(platform.part("valkey-server"), signal.SIGKILL)
        platform.wait_for_line("^The broker stopped with exit code -9; it is started again")
        wait_until(lambda: any("valkey-server" in command for command in commands(platform)), "the broker did not come back")
        family = platform.family()
        assert len(family) >= 9  # broker, catcher, scheduler, web with two processes, worker with two
        assert platform.stop(signal.SIGINT) == 0
        assert [pid for pid in family if alive(pid)] == []
        assert platform.lines[-1] == "Stopping …"


def commands(platform: Platform) -> list[str]:
    """The command lines of its family."""
    lines = []
    for pid in platform.family():
        try:
            lines.append(Path(f"/proc/{pid}/cmdline").read_text())
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended between the two looks
    return lines


def test_with_services_of_ones_own_none_is_started_and_sigterm_leaves_no_process(tmp_path: Path, new_postgres_url: str, redis_url: str) -> None:
    with Platform(tmp_path, DATABASE_URL=new_postgres_url, REDIS_URL=redis_url, MAIL_SERVER="127.0.0.1", MAIL_PORT="2525") as platform:
        platform.wait_for_line("^Ready: ")
        assert not [command for command in commands(platform) if "valkey-server" in command or "catcher" in command]
        assert not (tmp_path / "campaign.sqlite").exists()
        family = platform.family()
        assert platform.stop(signal.SIGTERM) == 0
        assert [pid for pid in family if alive(pid)] == []


def test_the_sample_sends_no_mail_to_another_machine(tmp_path: Path) -> None:
    with Platform(tmp_path, MAIL_SERVER="mail.example.org") as platform:
        assert platform.ended() == 1
        assert platform.lines[0].startswith("MAIL_SERVER=mail.example.org is another machine")


def test_a_database_whose_keys_are_gone_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "campaign.sqlite").write_bytes(b"sealed with keys that are gone")
    with Platform(tmp_path) as platform:
        assert platform.ended() == 1
        assert len(platform.lines) == 1
        assert "put the file back" in platform.lines[0]
    assert (tmp_path / "campaign.sqlite").read_bytes() == b"sealed with keys that are gone"


def start_py(*words: str, python: str = sys.executable, before: str = "") -> subprocess.CompletedProcess[str]:
    """start.py as make calls it; `before` is run first in the same process, to change what it finds."""
    code = f"import runpy, sys; sys.argv = ['start.py', *{list(words)!r}]; {before or 'pass'}; runpy.run_path('start.py', run_name='__main__')"
    return subprocess.run([python, "-c", code], cwd=ROOT, env=clean_environment(), capture_output=True, text=True, timeout=FORTY_SECONDS, check=False)


def refusal(done: subprocess.CompletedProcess[str]) -> str:
    """What it said when it refused: one sentence, no traceback, exit 1."""
    assert done.returncode == 1
    assert done.stdout == ""
    assert done.stderr.count("\n") == 1
    assert "Traceback" not in done.stderr
    return done.stderr.strip()


def test_a_port_in_use_is_told_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert refusal(start_py("run", "--port", str(port), "--instance", str(tmp_path))).startswith(f"Port {port} is in use")


@pytest.mark.parametrize("port", ["0", "65536", "http", "-1", "８０００", ""])
def test_what_is_no_port_is_told_in_one_sentence(port: str, tmp_path: Path) -> None:
    assert "is not a port" in refusal(start_py("run", f"--port={port}", "--instance", str(tmp_path)))


def test_an_instance_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path: Path) -> None:
    in_the_way = tmp_path / "file"
    in_the_way.write_text("not a folder")
    assert refusal(start_py("run", "--port", str(free_port()), "--instance", str(in_the_way / "instance"))).startswith("The instance folder")
    # The kernel lets nobody write here, root included.
    assert refusal(start_py("run", "--port", str(free_port()), "--instance", "/proc/instance")).startswith("The instance folder")


def test_a_full_disk_is_told_in_one_sentence(tmp_path: Path) -> None:
    # /dev/full answers every write as a full disk does.
    full = "import builtins; o = builtins.open; builtins.open = lambda p, *a, **k: o('/dev/full' if str(p).endswith('can-be-written') else p, *a, **k)"
    assert refusal(start_py("run", "--port", str(free_port()), "--instance", str(tmp_path), before=full)).startswith("The disk is full")


def test_a_python_too_old_is_told_in_one_sentence() -> None:
    said = refusal(start_py("run", before="sys.version_info = (3, 9, 2, 'final', 0)"))
    assert said.startswith("Python 3.9 is too old: Python 3.11 or newer is needed")


def test_start_py_keeps_to_words_that_an_old_python_can_read() -> None:
    ast.parse((ROOT / "start.py").read_text(), feature_version=(3, 4))


def test_a_missing_python3_venv_is_told_in_one_sentence(tmp_path: Path) -> None:
    said = refusal(start_py("run", "--port", str(free_port()), "--instance", str(tmp_path), before="sys.modules['ensurepip'] = None"))
    assert said == "The python3-venv package is missing: install it with `apt-get install python3-venv`."


def test_a_disk_with_little_room_is_told_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(start.Refused, match=r"^The disk is full: .* MB free and 1000000000 MB are needed"):
        start.check_room(str(tmp_path), 1_000_000_000)
