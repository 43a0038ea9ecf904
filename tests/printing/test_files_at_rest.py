"""Rendered letters on disk are sealed, whole, and gone when they should be."""

import errno
import os
from pathlib import Path

import pytest

from campaign.app import CampaignApp
from campaign.db import new_id
from campaign.printing import files
from campaign.security.keys import SealBroken

CANARY = b"Canary Person lives at 1 Example Street"


def test_a_file_on_disk_does_not_hold_what_is_in_it(app: CampaignApp, tmp_path: Path) -> None:
    name = new_id()
    files.write(tmp_path, name, CANARY)
    assert files.read(tmp_path, name) == CANARY
    kept = list(tmp_path.iterdir())
    assert [path.name for path in kept] == [str(name)]
    assert b"Canary" not in kept[0].read_bytes()
    assert kept[0].stat().st_mode & 0o077 == 0, "nobody else on the machine may read it"


def test_a_file_given_the_name_of_another_does_not_open(app: CampaignApp, tmp_path: Path) -> None:
    one, other = new_id(), new_id()
    files.write(tmp_path, one, CANARY)
    (tmp_path / str(one)).rename(tmp_path / str(other))
    with pytest.raises(SealBroken):
        files.read(tmp_path, other)


def test_a_changed_file_does_not_open(app: CampaignApp, tmp_path: Path) -> None:
    name = new_id()
    files.write(tmp_path, name, CANARY)
    sealed = bytearray((tmp_path / str(name)).read_bytes())
    sealed[-1] ^= 1
    (tmp_path / str(name)).write_bytes(sealed)
    with pytest.raises(SealBroken):
        files.read(tmp_path, name)


def test_a_full_disk_is_told_and_leaves_nothing_of_the_new_and_all_of_the_old(app: CampaignApp, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = new_id()
    files.write(tmp_path, name, CANARY)

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(files.DiskFull):
        files.write(tmp_path, name, b"the next one")
    monkeypatch.undo()
    assert [path.name for path in tmp_path.iterdir()] == [str(name)]
    assert files.read(tmp_path, name) == CANARY


def test_a_deleted_file_is_gone_and_deleting_it_again_is_harmless(app: CampaignApp, tmp_path: Path) -> None:
    name = new_id()
    files.write(tmp_path, name, CANARY)
    (tmp_path / f"{name}.new").write_bytes(b"left by a crash")
    for _time in range(2):
        files.delete(tmp_path, name)
    assert not list(tmp_path.iterdir())
    with pytest.raises(files.FileGone):
        files.read(tmp_path, name)
