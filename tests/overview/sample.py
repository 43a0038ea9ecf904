"""The sample as it is loaded on the first day: real content for the pages that show it."""

from functools import lru_cache
from pathlib import Path

import pytest

from campaign.app import CampaignApp
from campaign.commands.folder import Folder, read_folder
from campaign.commands.importing.load import load
from campaign.db import db, now_utc

SAMPLE = Path(__file__).parents[2] / "sample"


@lru_cache(maxsize=1)
def _folder() -> Folder:
    return read_folder(SAMPLE)


@pytest.fixture
def sample(app: CampaignApp) -> None:
    """The whole sample, loaded."""
    load(_folder(), now=now_utc(), sample=True)
    db.session.commit()
