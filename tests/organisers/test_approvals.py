"""What needs two people happens when the second one says yes, and not before."""

import uuid
from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.audit import service as audit
from campaign.db import db, now_utc
from campaign.organisers import approvals
from campaign.organisers.models import Approval, Organisation
from tests.organisers.people import make

KIND = "test.change"


@pytest.fixture
def done(app: CampaignApp) -> Iterator[list[str]]:
    """What was done, in the order in which it was."""
    happened: list[str] = []

    def do(request: Approval, by: uuid.UUID, now: datetime) -> None:
        happened.append(request.object_id)

    approvals.register(KIND, do)
    yield happened
    approvals._done.pop(KIND)


def ask(by: uuid.UUID, *, organisation: Organisation | None = None) -> Approval:
    before, after = {"title": "Old", "lines": ["a", "b"], "same": "x"}, {"title": "New", "lines": ["a", "c"], "same": "x"}
    return approvals.ask(kind=KIND, of="test-object", by=by, before=before, after=after, organisation_id=organisation.id if organisation else None, now=now_utc())


def test_nothing_happens_until_a_second_person_says_yes(done: list[str]) -> None:
    first, second = make("organiser"), make("reviewer")
    request = ask(first.id)
    with pytest.raises(approvals.SecondPersonNeeded):
        approvals.grant(request, by=first.id, now=now_utc())
    assert (done, request.state) == ([], "asked")
    approvals.grant(request, by=second.id, now=now_utc())
    assert (done, request.state, request.decided_by) == (["test-object"], "granted", second.id)
    assert {entry.action for entry in audit.trail()} == {"approval.asked", "approval.granted"}


@pytest.mark.parametrize("role", ["translator", "volunteer"])
def test_a_second_person_is_one_who_decides(done: list[str], role: str) -> None:
    request = ask(make("organiser").id)
    with pytest.raises(approvals.SecondPersonNeeded):
        approvals.grant(request, by=make(role).id, now=now_utc())
    assert done == []


def test_what_was_decided_or_taken_back_is_not_decided_again(done: list[str]) -> None:
    first, second = make("organiser"), make("reviewer")
    request = ask(first.id)
    approvals.refuse(request, by=second.id, now=now_utc())
    with pytest.raises(approvals.AlreadyDecided):
        approvals.grant(request, by=second.id, now=now_utc())
    other = ask(first.id)
    approvals.take_back(other, by=first.id, now=now_utc())
    with pytest.raises(approvals.AlreadyDecided):
        approvals.grant(other, by=second.id, now=now_utc())
    assert done == []


def test_asking_again_replaces_what_waited(done: list[str]) -> None:
    first = make("organiser")
    older = ask(first.id)
    newer = ask(first.id)
    assert [request.id for request in approvals.waiting()] == [newer.id]
    assert older.state == "withdrawn"


def test_a_team_of_one_is_not_held_up_and_the_row_says_so(done: list[str]) -> None:
    organisation = Organisation(slug="test-organisation", single_handed=True, links=[])
    db.session.add(organisation)
    db.session.flush()
    request = ask(make("organiser").id, organisation=organisation)
    assert (done, request.state, request.alone) == (["test-object"], "granted", True)


def single_handed() -> Organisation:
    organisation = Organisation(slug="test-organisation", single_handed=True, links=[])
    db.session.add(organisation)
    db.session.flush()
    return organisation


def test_in_a_team_of_one_who_may_not_decide_waits_for_who_may(done: list[str]) -> None:
    request = ask(make("translator").id, organisation=single_handed())
    assert (done, request.state, request.alone) == ([], "asked", False)


def test_what_could_not_be_done_is_not_granted_whatever_its_page_does_then(any_app: CampaignApp) -> None:
    def fails(request: Approval, by: uuid.UUID, now: datetime) -> None:
        raise approvals.CannotBeDone("It is gone.")

    approvals.register(KIND, fails)
    first, second = make("organiser"), make("reviewer")
    request = ask(first.id)
    with pytest.raises(approvals.CannotBeDone):
        approvals.grant(request, by=second.id, now=now_utc())
    with pytest.raises(approvals.CannotBeDone):
        ask(first.id, organisation=single_handed())
    db.session.commit()  # a page that catches the fault and answers goes on to commit
    approvals._done.pop(KIND)
    waits = approvals.waiting()
    assert [row.alone for row in waits] == [False], "nobody will grant their own later"
    assert "approval.granted" not in {entry.action for entry in audit.trail()}
    assert db.session.scalars(select(Approval.state).order_by(Approval.id)).all() == ["withdrawn", "asked"]


def test_the_trail_says_who_took_the_place_of_an_older_request(done: list[str]) -> None:
    first, second = make("organiser"), make("reviewer")
    ask(first.id)
    ask(second.id)
    assert [entry.actor_id for entry in audit.trail(action="approval.withdrawn")] == [second.id]


def test_the_difference_shows_what_changes_and_nothing_else(done: list[str]) -> None:
    assert approvals.difference(ask(make("organiser").id)) == [approvals.Line("title", "Old", "New"), approvals.Line("lines", "a\nb", "a\nc")]
