"""Letters by e-mail: each one once, whatever the mail server does, and none that may not leave."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal
from campaign.appeals.service import step, stop_case
from campaign.db import db, start_reading
from campaign.dispatch.alias import REPLY, RETURN, read_alias
from campaign.dispatch.models import Batch, BatchItem
from campaign.dispatch.seal import seal_email
from campaign.dispatch.send import send_batches
from campaign.letters.models import Letter, LetterStep
from campaign.mail.connection import Post
from tests import made
from tests.catcher import Catcher, Caught, free_port
from tests.dispatch.conftest import SENDER, Send, post_to
from tests.dispatch.letters import NOON, letter_appeal, letters, pause, states

HOUR = timedelta(hours=1)


def sealed(count: int, **values: int) -> Appeal:
    """A batch that is ready to be sent."""
    appeal = letter_appeal(size=count, **values)
    letters(appeal, count)
    seal_email(now=NOON)
    db.session.commit()
    return appeal


def ids(catcher: Catcher) -> list[str]:
    return [str(caught.message["Message-ID"]) for caught in catcher.messages]


def test_letters_go_singly_with_the_platform_as_sender_and_their_fixed_message_id(send: Send, smtp_catcher: Catcher) -> None:
    sealed(3)
    assert send() == 3
    assert send(NOON + HOUR) == 0
    assert states() == [("sent", "sent")] * 3
    fixed = {letter.message_id: letter for letter in db.session.scalars(select(Letter))}
    for caught in smtp_catcher.messages:
        letter = fixed.pop(str(caught.message["Message-ID"]).strip("<>"))
        assert caught.recipients == ("test-office@authorities.example",)
        assert str(caught.message["From"]) == "Write them free <post@writethemfree.example>"
        assert str(caught.message["To"]) == "test-office@authorities.example"
        assert read_alias(str(caught.message["Reply-To"])) == (REPLY, letter.id)
        assert read_alias(caught.sender) == (RETURN, letter.id)
        assert caught.message.get_content_type() == "text/plain"
        assert caught.text.startswith("Dear Office,\r\n\r\nI am writing about the test person.\r\n\r\nPlease release them.\r\n")
        assert b"test.supporter@example.org" not in caught.content
    assert not fixed


def test_a_batch_has_left_when_its_last_letter_has(send: Send) -> None:
    sealed(3)
    batch = db.session.scalars(select(Batch)).one()
    db.session.commit()
    assert send(limit=2) == 2
    db.session.refresh(batch)
    assert (batch.state, batch.left_at) == ("sending", None)
    db.session.commit()
    assert send() == 1
    db.session.refresh(batch)
    assert (batch.state, batch.left_at) == ("sent", NOON)


def test_the_writer_sees_when_the_letter_was_sealed_and_sent_and_nothing_of_what_is_between(send: Send) -> None:
    sealed(1)
    send(NOON + HOUR)
    rows = db.session.execute(select(LetterStep.step, LetterStep.at, LetterStep.batch).order_by(LetterStep.at, LetterStep.id)).all()
    assert [tuple(row) for row in rows] == [("sealed", NOON, 1), ("sent", NOON + HOUR, 1)]


def test_no_letter_is_handed_over_before_its_claim_is_committed_and_only_one_is_claimed(send: Send, smtp_catcher: Catcher) -> None:
    sealed(5)
    engine = db.engine
    seen: list[list[str]] = []

    def look(caught: Caught) -> None:
        with Session(engine) as other:
            claimed = select(Letter.message_id).join(BatchItem, BatchItem.letter_id == Letter.id).where(BatchItem.state == "sending", Letter.state == "sending")
            seen.append([f"<{one}>" for one in other.scalars(claimed)])

    smtp_catcher.on_message = look
    assert send() == 5
    assert seen == [[one] for one in ids(smtp_catcher)]


@pytest.mark.parametrize("what", ["paused", "withdrawn", "stopped", "unverified", "pushed back"])
def test_what_is_paused_in_the_middle_of_a_batch_stops_at_once(send: Send, smtp_catcher: Catcher, what: str) -> None:
    sealed(5)
    engine = db.engine
    # The pause is committed while the mail server still has the second letter in its hands.
    smtp_catcher.on_message = lambda caught: pause(engine, what) if len(smtp_catcher.messages) == 1 else None
    assert send() == 2
    assert states() == [("sent", "sent")] * 2 + [("ready", "sealed")] * 3
    assert len(smtp_catcher.messages) == 2
    assert send(NOON + timedelta(minutes=30)) == 0


@pytest.mark.parametrize("what", ["paused", "withdrawn", "stopped", "unverified", "pushed back"])
def test_a_letter_paused_between_its_claim_and_the_first_byte_does_not_leave(post: Post, smtp_catcher: Catcher, what: str) -> None:
    sealed(3)
    engine = db.engine
    claimed: list[int] = []

    def clock() -> datetime:
        # The sender looks at the clock after each claim was committed: that is when somebody pauses.
        with Session(engine) as other:
            place = other.scalar(select(BatchItem.position).where(BatchItem.state == "sending"))
        if place == 2 and not claimed:
            claimed.append(len(smtp_catcher.messages))
            pause(engine, what)
        return NOON

    assert send_batches(post, sender=SENDER, now=clock) == 1
    assert claimed == [1], "the second letter was claimed, and nothing of it handed over, when the pause came"
    assert states() == [("sent", "sent"), ("ready", "sealed"), ("ready", "sealed")]
    assert len(smtp_catcher.messages) == 1


def test_what_was_paused_goes_on_when_the_pause_ends(send: Send, smtp_catcher: Catcher) -> None:
    appeal = sealed(3)
    step(appeal, "paused", now=NOON)
    db.session.commit()
    assert send() == 0
    step(appeal, "live", now=NOON)
    db.session.commit()
    assert send() == 3


def test_a_closed_appeal_still_sends_what_was_confirmed(send: Send) -> None:
    step(sealed(2), "closed", now=NOON)
    db.session.commit()
    assert send() == 2


def test_a_mailbox_gets_no_more_in_an_hour_than_its_cap_whatever_the_appeal(send: Send, smtp_catcher: Catcher) -> None:
    appeal = sealed(4)
    office = appeal.targets[0].authority
    office.mailboxes[0].hourly_cap = 5
    other = letter_appeal(of=made.case("other-defender"), targets=[office], size=4)
    letters(other, 4)
    seal_email(now=NOON)
    db.session.commit()
    assert send(NOON + timedelta(minutes=1)) == 5
    assert send(NOON + timedelta(minutes=59)) == 0
    assert states().count(("ready", "sealed")) == 3, "what is over the cap waits"
    assert send(NOON + timedelta(minutes=60)) == 3


def test_a_full_mailbox_does_not_hold_up_another_office(send: Send, smtp_catcher: Catcher) -> None:
    full = sealed(3)
    full.targets[0].authority.mailboxes[0].hourly_cap = 1
    free = letter_appeal(of=made.case("other-defender"), targets=[made.authority("free-office")], size=3)
    letters(free, 3)
    seal_email(now=NOON)
    db.session.commit()
    assert send() == 4


def test_a_server_that_is_away_costs_nothing_but_time(any_app: CampaignApp, send: Send, smtp_catcher: Catcher) -> None:
    sealed(2)
    any_app.config.update(MAIL_PORT=free_port())
    with post_to(any_app, seconds=2) as nobody:
        assert send_batches(nobody, sender=SENDER, now=lambda: NOON) == 0
    assert states() == [("ready", "sealed")] * 2
    assert send() == 2


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_what_the_server_puts_off_is_tried_again_later_and_its_mailbox_rests(send: Send, smtp_catcher: Catcher, command: str) -> None:
    sealed(3)
    smtp_catcher.refuse[command] = "451 4.7.1 Try again later"
    assert send() == 0
    assert states() == [("ready", "sealed")] * 3
    assert [item.attempts for item in db.session.scalars(select(BatchItem).order_by(BatchItem.position))] == [1, 0, 0]
    smtp_catcher.refuse.clear()
    assert send(NOON + timedelta(seconds=30)) == 0
    assert send(NOON + timedelta(minutes=6)) == 3
    assert len(smtp_catcher.messages) == 3


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_what_the_server_refuses_is_kept_for_a_person(send: Send, smtp_catcher: Catcher, command: str) -> None:
    sealed(2)
    smtp_catcher.refuse[command] = "550 5.1.1 <test-office@authorities.example> unknown"
    assert send() == 0
    assert states() == [("failed", "failed")] * 2
    answers = list(db.session.scalars(select(BatchItem.answer)))
    assert all(answer and "550" in answer and "test-office" not in answer for answer in answers)
    smtp_catcher.refuse.clear()
    assert send(NOON + timedelta(days=9)) == 0


@pytest.mark.parametrize("habit", ["close_after_data", "hang"])
def test_a_connection_lost_after_data_leaves_unknown_and_is_never_sent_again_blindly(send: Send, smtp_catcher: Catcher, habit: str) -> None:
    sealed(3)
    setattr(smtp_catcher, habit, True)
    assert send() == 0
    assert states()[0] == ("unknown", "unknown")
    caught = len(smtp_catcher.messages)
    setattr(smtp_catcher, habit, False)
    assert send(NOON + timedelta(days=30)) == 2
    assert states() == [("unknown", "unknown")] + [("sent", "sent")] * 2
    assert len(smtp_catcher.messages) == caught + 2
    assert len(set(ids(smtp_catcher))) == len(smtp_catcher.messages)


def test_senders_at_the_same_moment_share_the_letters(any_app: CampaignApp, smtp_catcher: Catcher) -> None:
    any_app.config.update(MAIL_SERVER=smtp_catcher.host, MAIL_PORT=smtp_catcher.port)
    sealed(60)

    def one(_number: int) -> int:
        with any_app.app_context(), post_to(any_app, seconds=5) as post:
            start_reading(False)
            return send_batches(post, sender=SENDER, now=lambda: NOON)

    with ThreadPoolExecutor(3) as pool:
        shares = list(pool.map(one, range(3)))
    assert sum(shares) == 60
    assert len(set(ids(smtp_catcher))) == len(smtp_catcher.messages) == 60
    assert states() == [("sent", "sent")] * 60


def test_a_letter_that_does_not_open_holds_up_nobody(send: Send, smtp_catcher: Catcher) -> None:
    sealed(3)
    second = db.session.scalars(select(Letter).order_by(Letter.confirmed_at)).all()[1]
    second.body_sealed = second.subject_sealed  # sealed for another place
    db.session.commit()
    assert send() == 2
    assert states() == [("sent", "sent"), ("failed", "failed"), ("sent", "sent")]


HOSTILE = "Dear Office\r\nBcc: other@example.org\r\n\r\n.\r\nMAIL FROM:<other@example.org>\r\n.hidden\n<b>{{ 7 * 7 }}</b>\n" + "long " * 900


@pytest.mark.parametrize("text", [HOSTILE, "Прошу освободить.\n.\n..\n" + "слово " * 400, "أرجو الإفراج عنه.\n" * 30, "Zoë — “please”\n" * 40, "😀" * 600])
@pytest.mark.parametrize("subject", ["Plain", "x\r\nBcc: other@example.org", "Свободу " * 20, "=?utf-8?q?x?=", "a" * 300])
def test_a_letter_arrives_as_it_was_typed_and_nothing_breaks_out_of_it(app: CampaignApp, smtp_catcher: Catcher, text: str, subject: str) -> None:
    app.config.update(MAIL_SERVER=smtp_catcher.host, MAIL_PORT=smtp_catcher.port)
    letters(letter_appeal(size=1), body=text, subject=subject)
    seal_email(now=NOON)
    db.session.commit()
    with post_to(app, seconds=5) as post:
        assert send_batches(post, sender=SENDER, now=lambda: NOON) == 1
    (caught,) = smtp_catcher.messages
    typed = re.sub("\r\n|\r", "\n", text)
    assert typed.rstrip("\n") in caught.text.replace("\r\n", "\n")
    assert " ".join(str(caught.message["Subject"]).split()) == " ".join(subject.split())
    assert caught.recipients == ("test-office@authorities.example",)
    assert caught.message["Bcc"] is None
    assert not caught.message.defects and not any(header.defects for header in caught.message.values())
    assert max(map(len, caught.content.split(b"\r\n"))) <= 998


def test_an_alias_says_nothing_and_cannot_be_made_up(app: CampaignApp) -> None:
    from campaign.db import new_id
    from campaign.dispatch.alias import alias
    from campaign.security.tokens import TokenWrong

    letter = new_id()
    address = alias(REPLY, letter, domain="reply.writethemfree.example")
    assert read_alias(address.upper()) == (REPLY, letter)
    assert len(address.partition("@")[0]) <= 64
    for forged in (address.replace("reply-", "return-"), "reply-" + "a" * 53 + "@x.example", "reply-@x.example", "post@x.example", "reply-é@x.example"):
        with pytest.raises(TokenWrong):
            read_alias(forged)


def test_stopping_a_case_stops_every_letter_that_has_not_left(send: Send, smtp_catcher: Catcher) -> None:
    appeal = sealed(2)
    letters(appeal, 2)
    stop_case(appeal.case, now=NOON)
    db.session.commit()
    assert seal_email(now=NOON + HOUR) == []
    assert send(NOON + HOUR) == 0
