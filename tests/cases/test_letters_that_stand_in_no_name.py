"""Folding levels doubled letters: a key that was held down must not become one letter, with which half the names begin."""

import pytest
from flask.testing import FlaskClient

from campaign.app import CampaignApp
from campaign.cases.models import CaseName
from campaign.cases.service import search
from campaign.cases.spelling import fold
from campaign.db import db
from tests import made


@pytest.fixture(autouse=True)
def _people(app: CampaignApp) -> None:
    for slug in ("aisha-testimova", "alli-testzoda"):
        made.case(slug)
    made.case("omar-test-iii")
    case = made.case("lee-aare-test")
    case.names.append(CaseName(position=1, kind="native", text="Ли Ааре", search=fold("Ли Ааре")))
    db.session.commit()


@pytest.mark.parametrize("typed", ["aaaa", "AAA", "аааа", "aaaa testimova", "aaaa-", "aaaabbbb", "ﬀﬀﬀ", "ееее"])
def test_a_letter_held_down_finds_nobody(typed: str) -> None:
    assert search(typed) == []


@pytest.mark.parametrize(
    ("typed", "found"), [("a", 3), ("aa", 3), ("Lee", 1), ("лее", 1), ("Aisha", 1), ("Allli", 1), ("aare", 1), ("iii omar", 1), ("III", 1), ("Testimova", 1)]
)
def test_doubled_letters_of_names_are_still_levelled(typed: str, found: int) -> None:
    assert len(search(typed)) == found


def test_the_page_says_that_nobody_is_found(client: FlaskClient) -> None:
    page = client.get("/?q=aaaa").text
    assert "Nobody is found by that" in page
    assert "Testimova" not in page
