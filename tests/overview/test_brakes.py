"""Before an appeal is moved or a case stopped, the page says what that will do; then it does that and nothing else."""

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from campaign.app import CampaignApp
from campaign.appeals.models import APPEAL_STATES, Appeal
from campaign.appeals.service import StepRefused, publish_due, step
from campaign.audit import service as audit
from campaign.db import db, now_utc
from campaign.dispatch.seal import seal_email
from campaign.letters.models import Letter
from campaign.organisers.models import Membership, Organisation
from campaign.overview.effects import effects
from tests import made
from tests.dispatch.letters import NOON, letters
from tests.organisers.people import log_in_as, make
from tests.printing.rows import taken


@pytest.fixture
def desk(client: FlaskClient) -> FlaskClient:
    """A browser in which an organiser is logged in."""
    make("organiser")
    log_in_as(client, "organiser@example.org")
    return client


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page's form."""
    inputs = re.findall(r"<input[^>]*>", page)
    pairs = [(re.search(r'name="([^"]+)"', one), re.search(r'value="([^"]*)"', one)) for one in inputs if 'type="hidden"' in one]
    return {name.group(1): value.group(1) for name, value in pairs if name and value}


def everywhere(*, sheets: int = 3) -> Appeal:
    """An appeal with letters in every state on the way: waiting, with a volunteer, with a writer, unconfirmed, beyond recall, gone."""
    appeal = made.appeal("letter", batch_size=2, batch_age_minutes=0)
    letters(appeal, sheets, channel="print")
    db.session.commit()
    taken(made.account(), 5)
    letters(appeal, 2)
    seal_email(now=NOON + timedelta(minutes=1))
    letters(appeal, 1)
    letters(appeal, 1, state="unknown")
    letters(appeal, 1, state="with_writer", channel="self")
    letters(appeal, 1, state="pending", confirmed_at=None)
    letters(appeal, 4, state="sent")
    letters(appeal, 2, state="posted", channel="print")
    db.session.commit()
    return appeal


def test_what_has_not_left_is_counted_and_what_has_is_not(any_app: CampaignApp) -> None:
    appeal = everywhere()
    other = made.appeal("letter", of=made.case("other"), targets=[made.authority("other")])
    letters(other, 5)
    found = effects([appeal.id])
    assert found.said() == {"letters": 6, "unconfirmed": 1, "with_writers": 1, "beyond_recall": 1, "batches": 1, "bundles": 1}


def test_the_page_says_what_pausing_stops_and_the_trail_keeps_it(desk: FlaskClient) -> None:
    appeal = everywhere()
    page = desk.get(f"/desk/appeals/{appeal.slug}/paused").text
    for sentence in (
        "Stops 6 letters that have not left.",
        "1 batch with a volunteer will be told to stop",
        "1 letter is with its writer",
        "1 person has not confirmed yet",
        "cannot be called back",
    ):
        assert sentence in page
    assert db.session.get_one(Appeal, appeal.id).state == "live", "reading a page pauses nothing"
    letters(appeal, 1)
    assert desk.post(f"/desk/appeals/{appeal.slug}/paused", data=hidden(page)).status_code == 303
    db.session.expire_all()
    assert appeal.state == "paused", "what holds back is done at once, though one more letter waits than the page said"
    entry = audit.trail(kind="appeal", object_id=appeal.slug)[0]
    assert (entry.action, entry.details["from"], entry.details["letters"]) == ("appeal.paused", "live", 7)


def test_what_cannot_be_undone_is_asked_again_when_it_does_something_else_than_the_page_said(desk: FlaskClient) -> None:
    appeal = everywhere()
    path = f"/desk/appeals/{appeal.slug}/withdrawn"
    page = desk.get(path).text
    assert "6 letters that have not left never leave" in page
    letters(appeal, 1)
    answer = desk.post(path, data=hidden(page))
    assert answer.status_code == 409
    assert "7 letters that have not left never leave" in answer.text
    db.session.expire_all()
    assert appeal.state == "live"
    assert desk.post(path, data=hidden(answer.text)).status_code == 303
    db.session.expire_all()
    assert appeal.state == "withdrawn"


@pytest.mark.parametrize(("before", "state"), [("draft", "live"), ("in_review", "live"), ("scheduled", "live"), ("withdrawn", "live"), ("live", "archived")])
def test_nobody_alone_publishes_and_no_step_is_made_that_the_table_does_not_have(desk: FlaskClient, before: str, state: str) -> None:
    appeal = made.appeal(state=before)
    db.session.commit()
    token = hidden(desk.get("/desk/").text)
    desk.post(f"/desk/appeals/{appeal.slug}/{state}", data=token)
    db.session.expire_all()
    assert appeal.state == before


def test_every_step_of_the_table_is_made_once_and_no_other(any_app: CampaignApp) -> None:
    appeal = made.appeal()
    for before, after in APPEAL_STATES.items():
        for state in APPEAL_STATES:
            appeal.state = before
            db.session.commit()
            if state in after:
                step(appeal, state, now=now_utc())
                assert appeal.state == state
            else:
                with pytest.raises(StepRefused):
                    step(appeal, state, now=now_utc())
                assert appeal.state == before


def test_of_two_who_move_it_at_the_same_moment_one_does(any_app: CampaignApp) -> None:
    appeal = made.appeal()
    db.session.commit()
    db.session.execute(text("UPDATE appeal SET state = 'withdrawn'"))  # somebody else, after this session has read it as live
    with pytest.raises(StepRefused):
        step(appeal, "paused", now=now_utc())
    assert appeal.state == "withdrawn"


def test_a_scheduled_appeal_goes_live_at_its_moment_and_not_before_and_once(any_app: CampaignApp) -> None:
    moment = now_utc() + timedelta(hours=1)
    appeal = made.appeal(state="scheduled", goes_live_at=moment)
    db.session.commit()
    assert publish_due(now=moment - timedelta(seconds=1)) == 0
    assert publish_due(now=moment) == 1
    assert publish_due(now=moment) == 0
    assert appeal.state == "live"
    assert [entry.action for entry in audit.trail(kind="appeal")] == ["appeal.live"]


@pytest.mark.parametrize("state", ["draft", "in_review", "scheduled"])
@pytest.mark.parametrize("kind", ["petition", "letter"])
def test_what_is_not_published_is_known_to_nobody(client: FlaskClient, kind: str, state: str) -> None:
    appeal = made.appeal(kind, state=state, goes_live_at=now_utc() + timedelta(days=1))
    db.session.commit()
    assert client.get(f"/{kind}s/{appeal.slug}").status_code == 404
    assert appeal.slug not in client.get(f"/cases/{appeal.case.slug}").text


@pytest.mark.parametrize("kind", ["petition", "letter"])
def test_an_archived_appeal_is_read_at_its_address_and_listed_nowhere(desk: FlaskClient, kind: str) -> None:
    appeal = made.appeal(kind, state="archived")
    db.session.commit()
    page = desk.get(f"/{kind}s/{appeal.slug}")
    assert page.status_code in (403, 410)
    assert "is closed" in page.text
    assert "Free the test person" in page.text
    for path in (f"/cases/{appeal.case.slug}", "/", "/desk/"):
        assert appeal.slug not in desk.get(path).text


def test_from_an_archived_appeal_leaves_what_was_confirmed(any_app: CampaignApp) -> None:
    appeal = made.appeal("letter", state="archived", batch_age_minutes=0)
    row = letters(appeal, 1)[0]
    assert seal_email(now=NOON + timedelta(minutes=1))
    db.session.expire_all()
    assert db.session.get_one(Letter, row.id).state == "sealed"


@pytest.mark.parametrize("path", ["/desk/appeals/{appeal}/paused", "/desk/cases/{case}/stop", "/desk/cases/{case}/resume"])
def test_the_brakes_of_another_organisation_are_not_theirs(desk: FlaskClient, path: str) -> None:
    theirs, own = (Organisation(slug=slug, links=[]) for slug in ("theirs", "own"))
    db.session.add_all([theirs, own])
    db.session.flush()
    case = made.case(organisation_id=theirs.id)
    appeal = made.appeal(of=case, organisation_id=theirs.id)
    db.session.add(Membership(account_id=make("organiser").id, organisation_id=own.id))
    db.session.commit()
    token = hidden(desk.get("/desk/").text)
    at = path.format(appeal=appeal.slug, case=case.slug)
    assert desk.get(at).status_code == 404
    assert desk.post(at, data=token).status_code == 404
    db.session.expire_all()
    assert (appeal.state, case.stopped_at) == ("live", None)
