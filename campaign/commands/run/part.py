"""One running part of the platform: a process of its own, its log, and what happens when it dies."""

import ctypes
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from campaign.commands.run.refusal import DISK_FULL_WORDS

ROOT = Path(__file__).resolve().parents[3]
LONG_ENOUGH = 30.0  # seconds; a part that ran so long has started well, and its next death counts as the first
MOST_DEATHS = 5
LOG_LIMIT = 5_000_000  # bytes; a longer log is set aside at the next start, one generation is kept
NO_ROOM = 1_000_000  # bytes
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


def die_with(parent: int, signal_number: int) -> Callable[[], None]:
    """For a new process, before it becomes its program: the kernel signals it when its parent is gone, however that died."""

    def before_exec() -> None:
        _libc.prctl(_PR_SET_PDEATHSIG, signal_number, 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return before_exec


class Part:
    """A process that runs as long as the platform does."""

    def __init__(self, name: str, command: list[str], *, environment: Mapping[str, str], logs: Path, needed_by_others: bool = False) -> None:
        self.name = name
        self.command = command
        self.environment = dict(environment)
        self.needed_by_others = needed_by_others
        self.log = logs / f"{name}.log"
        self.deaths = 0
        self.process: subprocess.Popen[bytes] | None = None
        self.restart_at = 0.0
        self._started = 0.0
        self._log_begins = 0

    def start(self) -> None:
        """Starts the process, in a process group of its own so that a Ctrl-C in the terminal does not reach it."""
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        with open(os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            self._log_begins = log.tell()
            self.process = subprocess.Popen(
                self.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self.environment,
                cwd=ROOT,
                start_new_session=True,
                preexec_fn=die_with(os.getpid(), signal.SIGTERM),
            )
        self._started = time.monotonic()

    @property
    def running(self) -> bool:
        """Whether the process is there."""
        return self.process is not None and self.process.poll() is None

    def wait_before_restart(self) -> float:
        """Counts a death; the seconds to wait before the next start, twice as long each time."""
        if time.monotonic() - self._started > LONG_ENOUGH:
            self.deaths = 0
        self.deaths += 1
        wait = float(2 ** (self.deaths - 1))
        self.restart_at = time.monotonic() + wait
        return wait

    @property
    def hopeless(self) -> bool:
        """Whether it died so often at once that another start would be in vain."""
        return self.deaths >= MOST_DEATHS

    def said(self) -> str:
        """What it wrote to its log since it was started, the last 20 kB of it."""
        with open(self.log, "rb") as log:
            size = log.seek(0, os.SEEK_END)
            log.seek(max(self._log_begins, size - 20_000))
            return log.read().decode(errors="replace")

    @property
    def lacked_room(self) -> bool:
        """Whether its last words are about a full disk, or the disk had no room left even for them."""
        return shutil.disk_usage(self.log.parent).free < NO_ROOM or any(words in self.said() for words in DISK_FULL_WORDS)

    def ask_to_stop(self) -> None:
        """Asks the process, not its children, to finish: the web server and the worker end their own in order."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()

    def wait(self, seconds: float) -> None:
        """Waits for the end so long, and then ends whatever is left of the process group."""
        if self.process is None:
            return
        with suppress(subprocess.TimeoutExpired):  # it had its time; the group is ended below
            self.process.wait(timeout=max(seconds, 0.0))
        with suppress(ProcessLookupError):  # nothing is left, as it should be
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.process = None
