"""The trail is only ever added to, and can be read by object, by person and by act."""

import pytest
from sqlalchemy.exc import DatabaseError

from campaign.app import CampaignApp
from campaign.audit import service as audit
from campaign.db import db, now_utc
from tests.organisers.people import make


def test_what_was_done_can_be_read_by_object_person_and_act(app: CampaignApp) -> None:
    somebody, other = make("organiser"), make("reviewer")
    audit.record(by=somebody.id, action="case.edited", of="test-person", now=now_utc(), details={"status": ["on_trial", "imprisoned"]})
    audit.record(by=other.id, action="appeal.reviewed", of="test-appeal", now=now_utc())
    audit.record(by=None, action="case.closed", of="test-person", now=now_utc())
    db.session.commit()
    assert [entry.action for entry in audit.trail()] == ["case.closed", "appeal.reviewed", "case.edited"]
    assert [entry.action for entry in audit.trail(kind="case", object_id="test-person")] == ["case.closed", "case.edited"]
    assert [entry.action for entry in audit.trail(actor_id=other.id)] == ["appeal.reviewed"]
    assert [entry.details for entry in audit.trail(action="case.edited")] == [{"status": ["on_trial", "imprisoned"]}]


def test_a_long_trail_comes_a_page_at_a_time(app: CampaignApp) -> None:
    for number in range(5):
        audit.record(by=None, action="case.edited", of=number, now=now_utc())
        db.session.commit()
    first = audit.trail(limit=3)
    second = audit.trail(before=first[-1].id, limit=3)
    assert sorted(entry.object_id for entry in (*first, *second)) == ["0", "1", "2", "3", "4"]


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'case.other'", "DELETE FROM audit_entry"])
def test_the_database_itself_refuses_to_change_the_trail(any_app: CampaignApp, statement: str) -> None:
    audit.record(by=None, action="case.edited", of="test-person", now=now_utc())
    db.session.commit()
    with pytest.raises(DatabaseError, match="only ever added to"), db.engine.begin() as connection:
        connection.exec_driver_sql(statement)
    assert [entry.action for entry in audit.trail()] == ["case.edited"]


def test_an_action_is_an_object_and_what_was_done(app: CampaignApp) -> None:
    with pytest.raises(ValueError, match="what was done"):
        audit.record(by=None, action="Edited the case of somebody", of="x", now=now_utc())
