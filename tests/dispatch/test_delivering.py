"""Petitions: delivered to each target once when they close or reach a milestone, under the rules of every mail."""

import io
from datetime import datetime, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.appeals.models import Appeal
from campaign.appeals.service import step
from campaign.db import db, new_id
from campaign.dispatch.alias import REPLY, RETURN, read_alias
from campaign.dispatch.deliver import Desk, deliver, plan_deliveries
from campaign.dispatch.models import PetitionDelivery
from campaign.dispatch.sweep import resolve_delivery, sweep_stuck
from campaign.mail.connection import Post
from campaign.petitions.counts import count_confirmed
from campaign.petitions.models import Signature
from tests import made
from tests.catcher import Catcher, Caught
from tests.dispatch.conftest import SENDER
from tests.dispatch.letters import NOON, pause

MARK = "Sample, do not post"
DAY = timedelta(days=1)


def desk(at: datetime = NOON) -> Desk:
    return Desk(SENDER, ["en"], MARK, lambda: at)


def signed(appeal: Appeal, *signers: tuple[str, str, str]) -> None:
    """Confirmed signatures: name, country, what the authority may see."""
    for number, (name, country, to_authority) in enumerate(signers):
        supporter = made.supporter(f"signer{number}@example.org", now=NOON)
        row = Signature(
            id=new_id(), appeal_id=appeal.id, version_id=appeal.versions[0].id, language="en", page_language="en", supporter_id=supporter.id, state="confirmed"
        )
        row.name, row.country, row.to_public, row.to_authority = name, country, "counted", to_authority
        row.created_at = row.confirmed_at = NOON
        db.session.add(row)
    db.session.flush()
    count_confirmed()
    db.session.commit()


SIGNERS = (
    *((f"Anna{number} Hidden", "SE", "first_name") for number in range(6)),
    ("Full Testname", "NO", "full_name"),
    ("Country Secretname", "NO", "country"),
    ("Counted Secretname", "DE", "counted"),
)


def petition(*, milestones: list[int] | None = None, **values: object) -> Appeal:
    appeal = made.appeal("petition", milestones=milestones or [1000], **values)  # type: ignore[arg-type]  # columns of Appeal
    signed(appeal, *SIGNERS)
    return appeal


def closed() -> Appeal:
    appeal = petition()
    step(appeal, "closed", now=NOON)
    db.session.commit()
    return appeal


def states() -> list[str]:
    db.session.rollback()
    return list(db.session.scalars(select(PetitionDelivery.state).order_by(PetitionDelivery.created_at)))


def plan(at: datetime = NOON) -> int:
    planned = plan_deliveries(now=at)
    db.session.commit()
    return planned


def test_a_petition_is_delivered_to_each_target_once_when_it_closes(post: Post, smtp_catcher: Catcher) -> None:
    appeal = petition(targets=[made.authority("first"), made.authority("second")])
    assert plan() == 0
    step(appeal, "closed", now=NOON)
    db.session.commit()
    assert plan() == 2
    assert plan() == 0, "written down once, however often it is looked at"
    assert deliver(post, desk()) == 2
    assert deliver(post, desk()) == 0
    assert sorted(caught.recipients[0] for caught in smtp_catcher.messages) == ["first@authorities.example", "second@authorities.example"]
    assert states() == ["sent", "sent"]


def test_a_petition_is_delivered_at_a_milestone_and_again_when_it_closes(post: Post, smtp_catcher: Catcher) -> None:
    appeal = petition(milestones=[5, 8, 1000])
    assert plan() == 1
    assert plan(NOON + 400 * DAY) == 1, "its last day is over"
    assert list(db.session.scalars(select(PetitionDelivery.reason).order_by(PetitionDelivery.id))) == ["milestone 8", "closing"]
    assert deliver(post, desk()) == 2
    assert appeal.actions == 9


def test_the_mail_and_the_book_show_of_each_signer_what_they_allowed(post: Post, smtp_catcher: Catcher) -> None:
    closed()
    plan()
    deliver(post, desk())
    (caught,) = smtp_catcher.messages
    (attachment,) = caught.message.iter_attachments()
    book = "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(attachment.get_content())).pages)
    for shown in ("Anna0, Sweden", "Full Testname, Norway", "A person in Norway", "fewer than five", MARK):
        assert shown in book
    for hidden in ("Hidden", "Secretname", "Germany, 1", "example.org"):
        assert hidden not in book
        assert hidden not in caught.text
    assert "Signatures: 9" in caught.text
    assert "Dear Office," in caught.text
    assert db.session.scalars(select(PetitionDelivery.signatures)).one() == 9


def test_its_mail_comes_from_the_platform_with_a_fixed_message_id_and_an_alias_for_answers(post: Post, smtp_catcher: Catcher) -> None:
    closed()
    plan()
    deliver(post, desk())
    (caught,) = smtp_catcher.messages
    delivery = db.session.scalars(select(PetitionDelivery)).one()
    assert str(caught.message["From"]) == "Write them free <post@writethemfree.example>"
    assert str(caught.message["Message-ID"]) == f"<{delivery.message_id}@reply.writethemfree.example>"
    assert read_alias(str(caught.message["Reply-To"])) == (REPLY, delivery.id)
    assert read_alias(caught.sender) == (RETURN, delivery.id)


def test_a_name_with_a_character_that_no_font_has_does_not_keep_back_the_others(post: Post, smtp_catcher: Catcher) -> None:
    appeal = made.appeal("petition")
    signed(appeal, ("Test 🫠 Supporter", "NO", "full_name"), ("Other Supporter", "NO", "full_name"))
    step(appeal, "closed", now=NOON)
    db.session.commit()
    plan()
    assert deliver(post, desk()) == 1


@pytest.mark.parametrize("what", ["paused", "withdrawn", "stopped", "unverified", "resting"])
def test_a_petition_that_may_not_leave_waits(post: Post, smtp_catcher: Catcher, what: str) -> None:
    appeal = petition(milestones=[5])
    plan()
    mailbox = appeal.targets[0].authority.mailboxes[0]
    match what:
        case "stopped":
            appeal.case.stopped_at = NOON
        case "unverified":
            mailbox.verified_at = None
        case "resting":
            mailbox.paused_until = NOON + DAY
        case _:
            step(appeal, what, now=NOON)
    db.session.commit()
    assert deliver(post, desk()) == 0
    assert states() == ["ready"]
    assert not smtp_catcher.messages


@pytest.mark.parametrize("what", ["paused", "withdrawn", "stopped", "unverified", "pushed back"])
def test_a_petition_paused_between_its_claim_and_the_first_byte_does_not_leave(post: Post, smtp_catcher: Catcher, what: str) -> None:
    closed()
    plan()
    engine = db.engine
    seen: list[str] = []

    def clock() -> datetime:
        with Session(engine) as other:
            state = other.scalars(select(PetitionDelivery.state)).one()
        if state == "sending" and not seen:
            seen.append(state)
            pause(engine, what)
        return NOON

    assert deliver(post, Desk(SENDER, ["en"], MARK, clock)) == 0
    assert seen == ["sending"]
    assert states() == ["ready"]
    assert not smtp_catcher.messages


def test_it_is_claimed_in_the_database_before_the_mail_server_has_it(post: Post, smtp_catcher: Catcher) -> None:
    closed()
    plan()
    engine = db.engine
    seen: list[str] = []

    def look(_caught: Caught) -> None:
        with Session(engine) as other:
            seen.extend(other.scalars(select(PetitionDelivery.state)))

    smtp_catcher.on_message = look
    assert deliver(post, desk()) == 1
    assert seen == ["sending"]


@pytest.mark.parametrize(("answer", "state", "again"), [("451 4.7.1 later", "ready", 1), ("550 5.1.1 no", "failed", 0), ("close", "unknown", 0)])
def test_what_the_server_says_decides(post: Post, smtp_catcher: Catcher, answer: str, state: str, again: int) -> None:
    closed()
    plan()
    if answer == "close":
        smtp_catcher.close_after_data = True
    else:
        smtp_catcher.refuse["RCPT"] = answer
    assert deliver(post, desk()) == 0
    assert states() == [state]
    smtp_catcher.refuse.clear()
    smtp_catcher.close_after_data = False
    assert deliver(post, desk(NOON + DAY)) == again


def test_a_full_hour_of_the_mailbox_holds_back_a_petition_too(post: Post, smtp_catcher: Catcher) -> None:
    appeal = closed()
    mailbox = appeal.targets[0].authority.mailboxes[0]
    mailbox.hourly_cap = mailbox.sent_that_hour = 3
    mailbox.hour = NOON
    db.session.commit()
    plan()
    assert deliver(post, desk()) == 0
    assert deliver(post, desk(NOON + timedelta(hours=1))) == 1


def test_a_delivery_whose_sender_died_becomes_unknown_and_a_person_decides(post: Post, smtp_catcher: Catcher) -> None:
    closed()
    plan()
    delivery = db.session.scalars(select(PetitionDelivery)).one()
    delivery.state, delivery.claimed_at = "sending", NOON
    db.session.commit()
    assert sweep_stuck(now=NOON + timedelta(minutes=4), lease=timedelta(minutes=5)) == 0
    assert sweep_stuck(now=NOON + timedelta(minutes=6), lease=timedelta(minutes=5)) == 1
    db.session.commit()
    assert deliver(post, desk(NOON + DAY)) == 0
    resolve_delivery(delivery, was_sent=False, now=NOON + DAY)
    db.session.commit()
    assert deliver(post, desk(NOON + DAY)) == 1
