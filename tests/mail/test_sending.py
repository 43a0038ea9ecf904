"""Outgoing mail: sent once, claimed before the first byte, kept through every fault of the server."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from flask_mail import Mail
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.db import db
from campaign.mail.build import one_line
from campaign.mail.connection import Post, post_of
from campaign.mail.models import OutgoingMail
from campaign.mail.send import send_ready
from campaign.mail.service import purge, queue, sweep_stuck
from campaign.mail.states import NoSuchStep
from tests.catcher import Catcher, free_port

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def build(mail: OutgoingMail) -> bytes:
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{mail.message_id}@example.org>"
    message.set_content("words")
    return message.as_bytes()


def connect(app: CampaignApp) -> Post:
    """As the worker connects, to the server that the settings name by now."""
    app.config.update(MAIL_TIMEOUT=3)
    Mail(app)
    return post_of(app)


@pytest.fixture(params=[False, True], ids=["one-by-one", "pipelining"])
def post(request: pytest.FixtureRequest, any_app: CampaignApp, smtp_catcher: Catcher) -> Iterator[Post]:
    smtp_catcher.pipelining = request.param
    with any_app.test_request_context():
        any_app.config.update(MAIL_SERVER=smtp_catcher.host, MAIL_PORT=smtp_catcher.port)
        with connect(any_app) as one:
            yield one


def some_mails(count: int = 1) -> list[OutgoingMail]:
    mails = [queue(kind="test/mail", recipient=f"supporter{number}@example.org", values={}, language="en", not_before=NOON, now=NOON) for number in range(count)]
    db.session.commit()
    return mails


def send(post: Post, at: datetime = NOON) -> int:
    return send_ready(post, build, sender="post@writethemfree.example", now=lambda: at)


def states() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(select(OutgoingMail.state).order_by(OutgoingMail.id)))


def test_mails_go_one_by_one_over_one_connection(post: Post, smtp_catcher: Catcher) -> None:
    some_mails(5)
    assert send(post) == 5
    assert send(post) == 0
    assert states() == ["sent"] * 5
    assert [caught.recipients for caught in smtp_catcher.messages] == [(f"supporter{number}@example.org",) for number in range(5)]


def test_a_mail_for_later_waits(post: Post, smtp_catcher: Catcher) -> None:
    some_mails()
    assert send(post, at=NOON - timedelta(minutes=1)) == 0
    assert send(post, at=NOON) == 1


def test_a_mail_that_cannot_be_made_holds_up_no_other_and_is_of_no_unknown_fate(post: Post, smtp_catcher: Catcher) -> None:
    some_mails(2)[0].recipient_sealed = b"damaged"
    db.session.commit()
    assert send(post) == 1
    assert sorted(states()) == ["ready", "sent"]
    at = NOON
    for _day in range(12):
        at += timedelta(days=1)
        assert send(post, at=at) == 0
    assert sorted(states()) == ["failed", "sent"], "a person looks at it"


def test_a_server_that_is_away_costs_nothing_but_time(any_app: CampaignApp, smtp_catcher: Catcher) -> None:
    any_app.config.update(MAIL_SERVER="127.0.0.1", MAIL_PORT=free_port())
    some_mails(2)
    with connect(any_app) as nobody:
        assert send(nobody) == 0
    assert states() == ["ready", "ready"]
    any_app.config.update(MAIL_PORT=smtp_catcher.port)
    with connect(any_app) as post:
        assert send(post, at=NOON + timedelta(days=1)) == 2


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_what_the_server_puts_off_is_tried_again_later(post: Post, smtp_catcher: Catcher, command: str) -> None:
    some_mails()
    smtp_catcher.refuse[command] = "451 4.7.1 Try again later"
    assert send(post) == 0
    assert states() == ["ready"]
    smtp_catcher.refuse.clear()
    assert send(post, at=NOON + timedelta(seconds=1)) == 0, "not at once"
    assert send(post, at=NOON + timedelta(days=1)) == 1


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA"])
def test_what_the_server_refuses_is_kept_for_a_person_without_the_address(post: Post, smtp_catcher: Catcher, command: str) -> None:
    some_mails()
    smtp_catcher.refuse[command] = "550 5.1.1 <supporter0@example.org> unknown"
    assert send(post) == 0
    assert states() == ["failed"]
    answer = db.session.scalar(select(OutgoingMail.answer))
    assert answer is not None and "550" in answer and "supporter0" not in answer


def test_a_connection_lost_after_data_leaves_unknown_and_is_never_sent_again_blindly(post: Post, smtp_catcher: Catcher) -> None:
    some_mails()
    smtp_catcher.close_after_data = True
    assert send(post) == 0
    smtp_catcher.close_after_data = False
    assert states() == ["unknown"]
    assert send(post, at=NOON + timedelta(days=30)) == 0
    assert len(smtp_catcher.messages) == 1


def test_a_server_that_swallows_mails_does_not_get_all_that_wait(post: Post, smtp_catcher: Catcher) -> None:
    some_mails(5)
    smtp_catcher.close_after_data = True
    for second in range(3):
        assert send(post, at=NOON + timedelta(seconds=second)) == 0
    assert sorted(states()) == ["ready"] * 4 + ["unknown"]
    smtp_catcher.close_after_data = False
    assert send(post, at=NOON + timedelta(minutes=2)) == 4


def test_a_line_that_is_a_dot_ends_no_mail(post: Post, smtp_catcher: Catcher) -> None:
    body = b"Subject: dots\r\n\r\n.\r\n..two\r\nend"
    assert post.send(body, sender="post@writethemfree.example", recipients=["a@example.org"]).outcome == "sent"
    assert smtp_catcher.messages[0].content == body + b"\r\n"


def test_one_refused_recipient_keeps_a_mail_from_all_and_the_next_one_goes(post: Post, smtp_catcher: Catcher) -> None:
    smtp_catcher.refuse_address = "b@example.org"
    answer = post.send(b"Subject: x\r\n\r\nx\r\n", sender="post@writethemfree.example", recipients=["a@example.org", "b@example.org"])
    assert answer.outcome == "refused"
    assert smtp_catcher.messages == []
    assert post.send(b"Subject: y\r\n\r\ny\r\n", sender="post@writethemfree.example", recipients=["a@example.org"]).outcome == "sent"
    assert [caught.message["Subject"] for caught in smtp_catcher.messages] == ["y"]


def test_a_server_that_hangs_is_left_after_the_timeout(post: Post, smtp_catcher: Catcher) -> None:
    some_mails()
    smtp_catcher.hang = True
    assert send(post) == 0
    assert states() == ["unknown"]


def test_a_mail_whose_sender_died_becomes_unknown_after_its_lease(any_app: CampaignApp) -> None:
    mail = some_mails()[0]
    mail.state, mail.claimed_at = "sending", NOON
    db.session.commit()
    lease = timedelta(minutes=5)
    assert sweep_stuck(now=NOON + timedelta(minutes=4), lease=lease) == 0
    assert sweep_stuck(now=NOON + timedelta(minutes=6), lease=lease) == 1
    assert states() == ["unknown"]


def test_senders_at_the_same_moment_share_the_mails(postgres_app: CampaignApp, smtp_catcher: Catcher) -> None:
    postgres_app.config.update(MAIL_SERVER=smtp_catcher.host, MAIL_PORT=smtp_catcher.port)
    some_mails(40)

    def one(_number: int) -> int:
        with postgres_app.app_context(), connect(postgres_app) as post:
            return send(post)

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(one, range(4))) == 40
    ids = [caught.message["Message-ID"] for caught in smtp_catcher.messages]
    assert len(ids) == len(set(ids)) == 40


def test_mails_are_forgotten_a_week_after_they_were_sent(post: Post) -> None:
    some_mails(2)
    send(post)
    waiting = some_mails()[0]
    purge(now=NOON + timedelta(days=8))
    assert list(db.session.scalars(select(OutgoingMail.id))) == [waiting.id]


def test_nothing_breaks_out_of_a_header() -> None:
    assert one_line("Free\r\nBcc: other@example.org\x00\u2028now") == "Free Bcc: other@example.org now"


def test_a_sent_mail_is_never_ready_again(any_app: CampaignApp) -> None:
    from campaign.mail.service import step

    mail = some_mails()[0]
    mail.state = "sent"
    with pytest.raises(NoSuchStep):
        step(mail, "ready")
