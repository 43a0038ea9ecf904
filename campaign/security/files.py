"""Files on disk: encrypted, bound to the place they belong to, whole or not there at all."""

import errno
import os
from pathlib import Path

from campaign.security.keys import ring


class DiskFull(Exception):
    """There is no room for the file. Nothing of it was left behind; it can be made again later."""


class FileGone(Exception):
    """The file is not there any more."""


def write(folder: Path, name: str, plain: bytes, *, place: str) -> None:
    """Keep a file, sealed. After a crash there is the old one, the new one or none, never half of one. Raises DiskFull."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = folder / f"{name}.new"
    try:
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(ring().seal(plain, place=place))
            file.flush()
            os.fsync(file.fileno())
        beside.replace(folder / name)
        _sync_folder(folder)
    except OSError as fault:
        beside.unlink(missing_ok=True)
        if fault.errno in (errno.ENOSPC, errno.EDQUOT):
            raise DiskFull from fault
        raise


def read(folder: Path, name: str, *, place: str) -> bytes:
    """The file as it was written. Raises FileGone, and SealBroken where it was changed or belongs to another place."""
    try:
        sealed = (folder / name).read_bytes()
    except FileNotFoundError as fault:
        raise FileGone(name) from fault
    return ring().open(sealed, place=place)


def delete(folder: Path, name: str) -> None:
    """Remove a file and what an interrupted attempt left of it. Harmless when run twice."""
    (folder / f"{name}.new").unlink(missing_ok=True)
    (folder / name).unlink(missing_ok=True)


def _sync_folder(folder: Path) -> None:
    # The rename itself must survive a power cut.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
