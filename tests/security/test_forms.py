"""Forms take words; whatever else is sent in their place is refused, and breaks nothing."""

from io import BytesIO

import pytest
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.db import db
from tests import made


@pytest.fixture(autouse=True)
def _appeals(app: CampaignApp) -> None:
    case, office = made.case(), made.authority()
    for kind in ("letter", "petition"):
        made.appeal(kind, of=case, targets=[office])
    db.session.commit()


@pytest.mark.parametrize(
    ("page", "field"),
    [("/letters/test-defender-letter", "words"), ("/petitions/test-defender-petition", "name"), ("/desk/login", "email")],
)
def test_a_file_in_the_place_of_words_is_refused(client: FlaskClient, page: str, field: str) -> None:
    answer = client.post(page, data={field: (BytesIO(b"words"), "words.txt")})
    assert answer.status_code == 400
    assert "We could not read that" in answer.text


@pytest.mark.parametrize("page", ["/letters/test-defender-letter", "/petitions/test-defender-petition", "/desk/login"])
def test_a_page_with_a_form_answers_a_head_as_it_does_a_get(client: FlaskClient, page: str) -> None:
    assert client.head(page).status_code == client.get(page).status_code == 200
