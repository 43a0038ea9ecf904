"""A season that gathers cases is told of on the home page, while it runs and in the month before."""

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.appeals.models import Drive, DriveCase, DriveText
from campaign.db import db
from tests import made

STARTS, ENDS = date(2026, 12, 1), date(2026, 12, 31)


@pytest.mark.parametrize(
    ("today", "told"),
    [(STARTS - timedelta(days=32), False), (STARTS - timedelta(days=31), True), (STARTS, True), (ENDS, True), (ENDS + timedelta(days=1), False)],
)
def test_a_drive_is_told_of_while_it_runs_and_a_month_before(app: CampaignApp, client: FlaskClient, today: date, told: bool) -> None:
    drive = Drive(slug="test-drive", state="public", starts_on=STARTS, ends_on=ENDS, goal=500)
    drive.texts = [DriveText(language="en", name="Test letters in December", lead="Choose somebody.")]
    drive.cases = [DriveCase(case_id=made.case().id, position=0)]
    db.session.add(drive)
    db.session.commit()
    with time_machine.travel(datetime.combine(today, datetime.min.time(), UTC), tick=False):
        assert ("Test letters in December" in client.get("/").text) is told
        assert "Test letters in December" not in client.get("/?country=TJ").text, "a search is answered with what was looked for"
