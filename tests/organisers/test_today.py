"""The desk reads like a letter: what needs a person, what follows from it, and the brakes that work at once."""

import re
from datetime import datetime, timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal
from campaign.appeals.service import may_leave
from campaign.cases.models import Case
from campaign.db import db, now_utc
from campaign.dispatch.models import Batch, BatchItem, PetitionDelivery
from campaign.dispatch.seal import seal_email
from campaign.letters.models import Letter
from campaign.mail.models import OutgoingMail
from campaign.mail.service import queue
from campaign.overview.need import MOST
from campaign.overview.needs import needs
from campaign.overview.today import lead, today
from campaign.printing.models import Bundle, PrintFile
from tests import made
from tests.dispatch.letters import letter_appeal, letters
from tests.organisers.people import log_in_as, make
from tests.printing.rows import pool, taken


@pytest.fixture
def desk(client: FlaskClient, app: CampaignApp) -> FlaskClient:
    """A browser in which an organiser is logged in."""
    make("organiser")
    log_in_as(client, "organiser@example.org")
    return client


BRAKES = {"Pause", "Resume", "Stop this case", "Let it go on"}
"""These lead to a page that says what they will do, with a button of its own."""


def brake(desk: FlaskClient, label: str) -> None:
    """Follow the link with this label on today's page, and press the button of the page it leads to."""
    found = re.search(rf'<a class="button[^"]*" href="([^"]+)"[^>]*>{label}</a>', desk.get("/desk/").text)
    assert found, f"no link “{label}” on the page"
    page = desk.get(found.group(1)).text
    hidden = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?type="hidden"[^>]*?value="([^"]*)"', page))
    hidden |= dict(re.findall(r'<input[^>]*?type="hidden"[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', page))
    assert desk.post(found.group(1), data=hidden).status_code == 303
    db.session.expire_all()


def press(desk: FlaskClient, label: str, number: int = 0) -> None:
    """Press the button with this label on today's page."""
    if label in BRAKES:
        brake(desk, label)
        return
    page = desk.get("/desk/").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    found = [action for action, said in re.findall(r'<button[^>]*formaction="([^"]+)"[^>]*>([^<]+)</button>', page) if said == label]
    assert token
    assert found, f"no button “{label}” on the page"
    assert desk.post(found[number], data={"csrf_token": token.group(1)}).status_code == 303
    db.session.expire_all()


def _sealed(count: int = 1) -> list[Letter]:
    appeal = letter_appeal(minutes=0)
    rows = letters(appeal, count, confirmed=now_utc() - timedelta(hours=2))
    db.session.commit()
    seal_email(now=now_utc())
    db.session.commit()
    return rows


def _delivery(state: str) -> PetitionDelivery:
    office = made.authority()
    appeal = made.appeal(targets=[office])
    row = PetitionDelivery(appeal_id=appeal.id, authority_id=office.id, reason="closing", state=state, message_id="<one@example.org>", created_at=now_utc(), attempts=1)
    db.session.add(row)
    db.session.commit()
    return row


def _all_in(state: str, rows: list[Letter]) -> None:
    for item in db.session.scalars(select(BatchItem)):
        item.state, item.claimed_at = state, now_utc() - timedelta(hours=1)
    for row in rows:
        db.session.refresh(row)
        row.state = state
    db.session.commit()


def test_nothing_needs_anybody_on_a_quiet_day(app: CampaignApp, desk: FlaskClient) -> None:
    assert "Nothing needs you" in desk.get("/desk/").text


@pytest.mark.parametrize("button", ["Pause", "Stop this case"])
def test_the_desk_does_not_say_that_all_leaves_by_itself_while_something_is_held_back(desk: FlaskClient, button: str) -> None:
    made.appeal("letter")
    db.session.commit()
    assert "What waits leaves by itself" in desk.get("/desk/").text
    press(desk, button)
    page = desk.get("/desk/").text
    assert "What waits leaves by itself" not in page
    assert "What is paused or stopped waits for you" in page


def test_the_first_sentence_counts_and_says_how_long(app: CampaignApp) -> None:
    queue(kind="letters/confirm", recipient="test@example.org", values={}, language="en", not_before=now_utc() - timedelta(days=2), now=now_utc()).state = "failed"
    pool(1)
    db.session.add(Bundle(volunteer_id=made.account().id, state="printed", size=5, country="NO", asked_at=now_utc(), lease_until=now_utc() - timedelta(days=2)))
    db.session.commit()
    assert lead(needs(now=now_utc()), now=now_utc()) == "Two things need you; the oldest has waited 2 days."


def test_a_letter_of_unknown_fate_is_decided_by_a_person(app: CampaignApp, desk: FlaskClient) -> None:
    rows = _sealed(2)
    _all_in("unknown", rows)
    page = desk.get("/desk/").text
    assert "2 letters may or may not have been sent" in page
    assert rows[0].message_id.strip("<>") in page
    press(desk, "It was sent")
    press(desk, "It was not: send again")
    assert sorted(item.state for item in db.session.scalars(select(BatchItem))) == ["ready", "sent"]
    assert sorted(row.state for row in rows) == ["sealed", "sent"]


def test_what_was_decided_once_stays_decided(app: CampaignApp, desk: FlaskClient) -> None:
    rows = _sealed()
    _all_in("unknown", rows)
    page = desk.get("/desk/").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    again = re.search(r'formaction="([^"]+/again)"', page)
    assert token
    assert again
    press(desk, "It was sent")
    assert desk.post(again.group(1), data={"csrf_token": token.group(1)}).status_code == 303
    db.session.expire_all()
    assert rows[0].state == "sent", "the second one to decide is told by the page, and sends nothing twice"


def test_a_refused_letter_goes_back_to_those_that_wait(app: CampaignApp, desk: FlaskClient) -> None:
    rows = _sealed()
    _all_in("failed", rows)
    press(desk, "Send again")
    assert rows[0].state == "queued"


@pytest.mark.parametrize(("label", "state"), [("It was sent", "sent"), ("It was not: send again", "ready")])
def test_a_petition_of_unknown_fate_is_decided_by_a_person(app: CampaignApp, desk: FlaskClient, label: str, state: str) -> None:
    row = _delivery("unknown")
    press(desk, label)
    assert row.state == state


@pytest.mark.parametrize(("label", "state"), [("It was sent", "sent"), ("It was not: send again", "ready")])
def test_a_mail_of_unknown_fate_is_decided_by_a_person_who_sees_no_address(app: CampaignApp, desk: FlaskClient, label: str, state: str) -> None:
    mail = queue(kind="letters/confirm", recipient="canary.person@example.org", values={}, language="en", not_before=now_utc(), now=now_utc())
    mail.state = "unknown"
    db.session.commit()
    assert "canary.person" not in desk.get("/desk/").text
    press(desk, label)
    assert db.session.get_one(OutgoingMail, mail.id).state == state


def test_a_letter_that_could_not_be_printed_can_wait_again(app: CampaignApp, desk: FlaskClient) -> None:
    row = pool(1)[0]
    row.state = "stopped"
    db.session.commit()
    press(desk, "Let it wait again")
    assert row.state == "queued"


def test_pausing_holds_an_appeal_back_at_once_and_resuming_lets_it_go_on(app: CampaignApp, desk: FlaskClient) -> None:
    appeal = made.appeal()
    db.session.commit()
    press(desk, "Pause")
    assert (appeal.state, may_leave(appeal)) == ("paused", False)
    press(desk, "Resume")
    assert (appeal.state, may_leave(appeal)) == ("live", True)


def test_stopping_a_case_holds_back_all_its_appeals(app: CampaignApp, desk: FlaskClient) -> None:
    case = made.case()
    appeals = [made.appeal(kind, of=case, targets=[]) for kind in ("petition", "letter")]
    db.session.commit()
    press(desk, "Stop this case")
    assert not any(map(may_leave, appeals))
    assert "stopped since" in desk.get("/desk/").text
    press(desk, "Let it go on")
    db.session.expire_all()
    assert not any(map(may_leave, appeals)), "that takes two"
    make("reviewer")
    second = app.test_client()
    log_in_as(second, "reviewer@example.org")
    press(second, "Let it go on")
    assert all(map(may_leave, appeals))


def test_a_button_without_the_forms_proof_changes_nothing(app: CampaignApp, desk: FlaskClient) -> None:
    appeal = made.appeal()
    db.session.commit()
    assert desk.post(f"/desk/appeals/{appeal.slug}/paused").status_code == 400
    db.session.expire_all()
    assert db.session.get_one(Appeal, appeal.id).state == "live"


def test_an_appeal_or_case_that_is_not_there_changes_nothing(app: CampaignApp, desk: FlaskClient) -> None:
    page = desk.get("/desk/").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    for path, code in (("/desk/appeals/nobody/paused", 303), ("/desk/cases/nobody/stop", 404)):
        assert desk.post(path, data={"csrf_token": token.group(1)}).status_code == code
    assert not db.session.scalars(select(Case)).all()


def _late_mail(key: str, old: datetime) -> None:
    if key == "late-mails":
        queue(kind="letters/confirm", recipient="test@example.org", values={}, language="en", not_before=old, now=old)
    else:
        _sealed()
        for batch in db.session.scalars(select(Batch)):
            batch.sealed_at = old
    db.session.commit()


def _late(key: str) -> None:
    """Make the thing that the need called `key` is about."""
    old = now_utc() - timedelta(days=20)
    if key in ("late-mails", "late-batches"):
        _late_mail(key, old)
        return
    match key:
        case "waiting-bundles":
            db.session.add(Bundle(volunteer_id=made.account().id, state="asked", size=5, country="NO", asked_at=old, lease_until=now_utc() + timedelta(days=9)))
        case "slow-files":
            pool(1)
            taken(made.account())
            for file in db.session.scalars(select(PrintFile)):
                file.attempts, file.claimed_at = 3, old
        case "unverified-offices":
            letter = pool(1)[0]
            assert letter.authority is not None
            letter.authority.verified_at = None
        case "forgotten-pool":
            pool(1)[0].confirmed_at = old
        case "refused-deliveries":
            office = made.authority()
            appeal = made.appeal(targets=[office])
            db.session.add(
                PetitionDelivery(
                    appeal_id=appeal.id, authority_id=office.id, reason="closing", state="failed", message_id="<one@example.org>", created_at=old, attempts=1
                )
            )
        case "reviews":
            made.appeal(of=made.case(review_on=now_utc().date() + timedelta(days=29)))
        case _:
            raise AssertionError(key)
    db.session.commit()


@pytest.mark.parametrize("key", ["late-mails", "late-batches", "waiting-bundles", "slow-files", "unverified-offices", "forgotten-pool", "refused-deliveries", "reviews"])
def test_each_thing_that_is_stuck_has_its_line(any_app: CampaignApp, key: str) -> None:
    assert key not in {need.key for need in needs(now=now_utc())}
    _late(key)
    found = {need.key: need for need in needs(now=now_utc())}
    assert key in found
    assert found[key].consequence


def test_a_case_whose_review_is_far_off_needs_nobody(app: CampaignApp) -> None:
    made.appeal(of=made.case(review_on=now_utc().date() + timedelta(days=40)))
    db.session.commit()
    assert not needs(now=now_utc())


def test_a_long_list_says_more_than_twenty(app: CampaignApp, desk: FlaskClient) -> None:
    for _number in range(25):
        queue(kind="letters/confirm", recipient="test@example.org", values={}, language="en", not_before=now_utc(), now=now_utc()).state = "unknown"
    db.session.commit()
    assert f"more than {MOST} mails" in desk.get("/desk/").text


def test_what_is_held_back_stands_first_among_the_calls(app: CampaignApp) -> None:
    made.appeal(of=made.case("test-a"), targets=[])
    made.appeal(of=made.case("test-b"), targets=[], state="paused")
    db.session.commit()
    assert [row.slug for row in today(now=now_utc()).cases] == ["test-b", "test-a"]


def test_the_desk_counts_no_table(app: CampaignApp, desk: FlaskClient) -> None:
    from sqlalchemy import event

    for key in ("late-mails", "late-batches", "waiting-bundles"):
        _late(key)
    asked: list[str] = []
    listen = lambda connection, cursor, statement, *rest: asked.append(statement.lower())  # noqa: E731  removed below by its name
    event.listen(db.engine, "before_cursor_execute", listen)
    try:
        for path in ("/desk/", "/desk/bundles"):
            assert desk.get(path).status_code == 200
    finally:
        event.remove(db.engine, "before_cursor_execute", listen)
    assert asked
    assert not [statement for statement in asked if "count(" in statement]
