"""Files of public text that are made on request, kept as long as what stands on them stays the same, and bounded."""

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Callable

MOST_BYTES = 24 * 1024 * 1024


def mark_of(content: object) -> str:
    """A mark that changes with any word or drawing in a value made of frozen dataclasses."""
    return hashlib.sha256(repr(content).encode()).hexdigest()[:32]


class Files:
    """What was made, by its mark: what was not asked for the longest time goes first. One is made at a time, and never twice for two who ask at once."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most, self._bytes = most_bytes, 0
        self._files: OrderedDict[str, bytes] = OrderedDict()
        self._lock, self._making = threading.Lock(), threading.Lock()

    def get(self, mark: str, make: Callable[[], bytes]) -> bytes:
        """The file with this mark, made where it is not kept. What `make` raises is raised here, and nothing is kept."""
        found = self._find(mark)
        if found is not None:
            return found
        with self._making:
            return self._find(mark) or self._keep(mark, make())

    def _find(self, mark: str) -> bytes | None:
        with self._lock:
            if mark in self._files:
                self._files.move_to_end(mark)
            return self._files.get(mark)

    def _keep(self, mark: str, made: bytes) -> bytes:
        with self._lock:
            self._files[mark] = made
            self._bytes += len(made)
            while self._bytes > self._most:
                self._bytes -= len(self._files.popitem(last=False)[1])
        return made
