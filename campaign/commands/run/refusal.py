"""What stops a start, in the words of start.py: the checks made there hold when `campaign run` is called by itself."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from start import DISK_FULL_WORDS, Refused, check_instance, check_port, disk_full_sentence

__all__ = ["DISK_FULL_WORDS", "Refused", "check_instance", "check_port", "disk_full_sentence", "full_disk_is_refused"]


@contextmanager
def full_disk_is_refused(folder: Path) -> Iterator[None]:
    """Turns the system's error for a full disk into Refused, with its sentence."""
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise Refused(disk_full_sentence(str(folder))) from error
        raise
