"""Rendered letters on disk, sealed and bound to their row."""

import uuid
from pathlib import Path

from campaign.security import files
from campaign.security.files import DiskFull, FileGone

__all__ = ["DiskFull", "FileGone", "delete", "read", "write"]


def write(folder: Path, file_id: uuid.UUID, pdf: bytes) -> None:
    """Keep a file. Raises DiskFull."""
    files.write(folder, str(file_id), pdf, place=_place(file_id))


def read(folder: Path, file_id: uuid.UUID) -> bytes:
    """The file as it was written. Raises FileGone, and SealBroken where it was changed or belongs to another row."""
    return files.read(folder, str(file_id), place=_place(file_id))


def delete(folder: Path, file_id: uuid.UUID) -> None:
    """Remove a file. Harmless when run twice."""
    files.delete(folder, str(file_id))


def _place(file_id: uuid.UUID) -> str:
    return f"print_file/pdf/{file_id}"
