"""While one file is set, the next is read: a fault with one of them costs the other nothing."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.db import db, now_utc
from campaign.printing.models import PrintFile
from campaign.printing.render import render_waiting
from tests import made
from tests.printing.rows import MARK, files_of, pool, rendered, taken


class Fault(Exception):
    """Something that nobody foresaw."""


def two_files() -> None:
    pool(2, offices=2)
    taken(made.account())


def states() -> list[tuple[str, bool, int]]:
    """Of each file: its state, whether somebody has it, and how often it was begun."""
    db.session.expire_all()
    return [(file.state, file.claimed_at is not None, file.attempts) for file in db.session.scalars(select(PrintFile).order_by(PrintFile.id))]


def failing_at(number: int) -> Callable[[], None]:
    """A commit that fails the so-manieth time, as it does when the database goes away for a moment."""
    done = 0

    def commit() -> None:
        nonlocal done
        done += 1
        if done == number:
            raise Fault
        db.session.commit()

    return commit


@pytest.mark.parametrize("number", [3, 4], ids=["claimed", "read"])
def test_what_is_being_set_is_kept_when_the_next_cannot_be_read(any_app: CampaignApp, number: int) -> None:
    two_files()
    with pytest.raises(Fault):
        render_waiting(folder=files_of(any_app), mark=MARK, now=now_utc, commit=failing_at(number))
    assert states()[0] == ("rendered", True, 1)
    assert states()[1][0] == "waiting"


def test_the_next_is_free_for_the_next_worker_when_one_cannot_be_kept(any_app: CampaignApp, tmp_path: Path) -> None:
    two_files()
    (tmp_path / "no-folder").write_text("a file where the folder should be")
    with pytest.raises(FileExistsError):
        render_waiting(folder=tmp_path / "no-folder", mark=MARK, now=now_utc, commit=db.session.commit)
    assert states() == [("waiting", True, 1), ("waiting", False, 0)]
    assert rendered(any_app) == 1
    assert [state for state, _claimed, _attempts in states()] == ["waiting", "rendered"]
