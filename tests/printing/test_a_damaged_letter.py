"""One letter whose words do not open any more holds up no other letter."""

from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.db import db
from campaign.letters.models import Letter
from campaign.printing.models import PrintFile
from tests import made
from tests.printing.rows import items, pool, rendered, taken


def test_a_letter_that_does_not_open_is_set_aside_and_the_others_are_printed(any_app: CampaignApp) -> None:
    damaged = pool(3)[1]
    damaged.body_sealed = damaged.body_sealed[:-1] + bytes([damaged.body_sealed[-1] ^ 1])
    volunteer = made.account()
    db.session.commit()
    bundle = taken(volunteer)
    rendered(any_app)
    assert db.session.scalars(select(PrintFile.state)).all() == ["rendered"]
    assert db.session.scalars(select(Letter.state).where(Letter.id == damaged.id)).one() == "stopped"
    assert sorted(item.state for item in items(bundle)) == ["ready", "ready", "returned"]
