"""Keeps the parts running: starts them, starts again what dies, and stops all of them in order."""

import fcntl
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType

from campaign.commands.run.part import Part
from campaign.commands.run.refusal import Refused, disk_full_sentence

STEP = 0.1  # seconds between two looks at the parts
STOP_SECONDS = 20.0  # for a part to finish what it does; then it is ended


class Stopped(Exception):
    """Somebody asked the platform to stop."""


def say(text: str) -> None:
    """A line on the console; a console that is gone stops nothing."""
    with suppress(OSError):
        print(text, flush=True)


class Supervisor:
    """The parts of one instance, in the order in which they were started."""

    def __init__(self, instance: Path) -> None:
        self.instance = instance
        self.parts: list[Part] = []
        self._asked = 0
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        self._asked += 1

    def start(self, part: Part) -> Part:
        """Starts a part and looks after it from now on."""
        self.parts.append(part)
        part.start()
        return part

    def wait_until(self, ready: Callable[[], bool], *, seconds: float, what: str) -> None:
        """Looks after the parts until `ready()`. Raises Refused when it takes too long, Stopped when asked to stop."""
        give_up = time.monotonic() + seconds
        while not ready():
            if time.monotonic() > give_up:
                raise Refused(f"{what} did not answer within {seconds:.0f} seconds: the logs in {self.instance / 'logs'} say why.")
            self.look()

    def finish(self, part: Part) -> None:
        """Runs a part that has an end to that end. Raises Refused with its last line when it failed."""
        part.start()
        self.parts.append(part)
        assert part.process is not None
        while part.running:
            self._pause()
        self.parts.remove(part)
        code = part.process.returncode
        part.wait(0)
        if code == 0:
            return
        if part.lacked_room:
            raise Refused(disk_full_sentence(str(self.instance)))
        lines = [line.strip() for line in part.said().splitlines() if line.strip()]
        raise Refused(f"The {part.name} step failed: {lines[-1] if lines else f'exit code {code}'} (more in {part.log})")

    def watch(self) -> None:
        """Looks after the parts until somebody asks to stop, which raises Stopped."""
        while True:
            self.look()

    def look(self) -> None:
        """Starts again what has died and has waited long enough. Raises Refused when that is in vain."""
        self._pause()
        for part in self.parts:
            if part.process is not None and not part.running:
                self._mourn(part)
            elif part.process is None and time.monotonic() >= part.restart_at:
                part.start()

    def _mourn(self, part: Part) -> None:
        code = part.process.returncode if part.process else 0
        part.wait(0)
        wait = part.wait_before_restart()
        if part.lacked_room:
            raise Refused(disk_full_sentence(str(self.instance)))
        if part.hopeless:
            raise Refused(f"The {part.name} stopped {part.deaths} times at once, the last time with exit code {code}: {part.log} says why.")
        say(f"The {part.name} stopped with exit code {code}; it is started again in {wait:.0f} s. Its log: {part.log}")

    def _pause(self) -> None:
        if self._asked:
            raise Stopped
        time.sleep(STEP)
        if self._asked:
            raise Stopped

    def stop(self) -> None:
        """Stops what works first, then what it worked with: the worker never loses its broker in the middle of a task.

        A second Ctrl-C ends everything at once.
        """
        asked = self._asked
        for needed in (False, True):
            parts = [part for part in self.parts if part.needed_by_others is needed]
            for part in parts:
                part.ask_to_stop()
            end = time.monotonic() + STOP_SECONDS
            while any(part.running for part in parts) and time.monotonic() < end and self._asked <= asked:
                time.sleep(STEP / 2)
            for part in parts:
                part.wait(0)
        self.parts.clear()


@contextmanager
def only_one(instance: Path) -> Iterator[None]:
    """Holds the instance for this process. Raises Refused when another one holds it."""
    with open(instance / "lock", "a", encoding="ascii") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise Refused(f"The platform already runs with the instance folder {instance}: stop that one, or choose another with INSTANCE=.") from held
        yield
