"""What is written into the log when something breaks: which page, and nobody's private link."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.db import db
from campaign.letters.models import Letter
from tests import made
from tests.letters.writing import link, write


def test_a_page_that_breaks_does_not_write_its_private_link_into_the_log(
    app: CampaignApp, client: FlaskClient, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    made.appeal("letter")
    db.session.commit()
    write(client)
    private = link()
    db.session.scalars(select(Letter)).one().body_sealed = b"damaged"
    db.session.commit()
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    assert client.get(private).status_code == 500
    assert "letters.confirm" in caplog.text
    assert private.rpartition("/")[2] not in caplog.text
