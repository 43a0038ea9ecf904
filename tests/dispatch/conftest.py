"""What tests of dispatch share: a connection to the mail server of the test."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from flask_mail import Mail

from campaign.app import CampaignApp
from campaign.dispatch.message import Sender
from campaign.dispatch.send import send_batches
from campaign.mail.connection import Post
from tests.catcher import Catcher
from tests.dispatch.letters import NOON

SENDER = Sender("Write them free", "post@writethemfree.example", "reply.writethemfree.example")
Send = Callable[..., int]


def post_to(app: CampaignApp, *, seconds: float = 5) -> Post:
    """A connection to the mail server that the application's settings name at this moment."""
    mail: Any = Mail().init_mail(app.config)
    return Post(mail, timeout=seconds)


@pytest.fixture
def post(any_app: CampaignApp, smtp_catcher: Catcher) -> Iterator[Post]:
    """A connection to the mail server of this process, on each database in turn; it waits two seconds for an answer."""
    any_app.config.update(MAIL_SERVER=smtp_catcher.host, MAIL_PORT=smtp_catcher.port)
    with post_to(any_app, seconds=2) as one:
        yield one


@pytest.fixture
def send(post: Post) -> Send:
    """Sends what is due, at noon unless told otherwise."""

    def _send(at: datetime = NOON, **values: int) -> int:
        return send_batches(post, sender=SENDER, now=lambda: at, **values)  # type: ignore[arg-type]  # only `limit` is passed on

    return _send
