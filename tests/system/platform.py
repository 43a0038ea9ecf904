"""The whole platform as a newcomer starts it: a process of its own, watched through its console."""

import os
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path

from campaign.commands.run.part import die_with
from tests.catcher import free_port

ROOT = Path(__file__).resolve().parents[2]
READY_SECONDS = 120  # generous: the machine may be busy with other tests
# What a developer has set for himself must not reach the platform under test.
OWN_SETTINGS = ("DATABASE_URL", "REDIS_URL", "SECRET_KEY", "DATA_KEYS", "INDEX_KEY", "INSTANCE", "SAMPLE", "SITE_URL")


def clean_environment(**values: str) -> dict[str, str]:
    """The environment without any setting of the platform, and with these."""
    return {name: value for name, value in os.environ.items() if name not in OWN_SETTINGS and not name.startswith("MAIL_")} | values


class Platform:
    """`python -m campaign run`, from its first line to its exit code."""

    def __init__(self, instance: Path, **settings: str) -> None:
        self.instance = instance
        self.port = free_port()
        self.lines: list[str] = []
        self._silent = False
        self._said = threading.Condition()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "campaign", "run", "--port", str(self.port), "--instance", str(instance)],
            cwd=ROOT,
            env=clean_environment(**settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
            preexec_fn=die_with(os.getpid(), signal.SIGTERM),  # a test run that is cut short leaves nothing behind either
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._said:
                self.lines.append(line.rstrip("\n"))
                self._said.notify_all()
        with self._said:
            self._silent = True  # it has ended; who waits for a line need not wait any longer
            self._said.notify_all()

    @property
    def output(self) -> str:
        """All it has said so far."""
        return "\n".join(self.lines)

    @property
    def address(self) -> str:
        """Where its pages are."""
        return f"http://127.0.0.1:{self.port}"

    def wait_for_line(self, pattern: str) -> str:
        """The first line that matches; fails the test when it ends, or takes too long, without one."""

        def found() -> str | None:
            return next((line for line in self.lines if re.search(pattern, line)), None)

        with self._said:
            self._said.wait_for(lambda: found() or self._silent, timeout=READY_SECONDS)
        line = found()
        assert line is not None, f"no line like “{pattern}” in:\n{self.output}"
        return line

    def one_time_code(self, email: str) -> str:
        """A code that works now, as somebody asks for it in another terminal."""
        return one_time_code(self.instance, email)

    def family(self) -> list[int]:
        """The processes that this one has started and that are alive, and theirs."""
        parents = {pid: parent for pid, parent in map(_parent_of, _all_processes()) if parent}
        found = [self.process.pid]
        for pid in found:
            found += [child for child, parent in parents.items() if parent == pid]
        return found[1:]

    def worked(self) -> float:
        """Seconds of processor time that it and its family have used, those of ended children too: the same on a busy machine."""
        return sum(_processor_seconds(pid) for pid in (self.process.pid, *self.family()))

    def part(self, words: str) -> int:
        """The process of the family whose command holds these words; the first one, which is the parent of the others."""
        return next(pid for pid in self.family() if words in _command_of(pid))

    def stop(self, number: int = signal.SIGINT) -> int:
        """Asks it to stop, as Ctrl-C does, and answers with its exit code."""
        self.process.send_signal(number)
        return self.ended()

    def ended(self) -> int:
        """Waits for its end; the exit code."""
        code = self.process.wait(timeout=READY_SECONDS)
        self._reader.join(timeout=READY_SECONDS)
        return code

    def __enter__(self) -> "Platform":
        return self

    def __exit__(self, *fault: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()


def one_time_code(instance: Path, email: str) -> str:
    """A code that works now, of the sample in this folder."""
    command = [sys.executable, "-m", "campaign", "account", email, "--code"]
    done = subprocess.run(command, cwd=ROOT, env=clean_environment(INSTANCE=str(instance)), capture_output=True, text=True, timeout=READY_SECONDS, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout.strip()


def alive(pid: int) -> bool:
    """Whether a process is there and is not merely waiting for its parent to notice that it ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def _all_processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _parent_of(pid: int) -> tuple[int, int]:
    try:
        return pid, int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])
    except (FileNotFoundError, ProcessLookupError):
        return pid, 0


def _processor_seconds(pid: int) -> float:
    try:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(map(int, words[11:15])) / os.sysconf("SC_CLK_TCK")  # user and system, its own and its ended children's


def _command_of(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except (FileNotFoundError, ProcessLookupError):
        return ""
