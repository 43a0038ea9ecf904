"""A case is found by any of its spellings, together with country and status."""

from datetime import date

import pytest

from campaign.app import CampaignApp
from campaign.cases.models import CaseName
from campaign.cases.service import CaseUnknown, close_names, find_case, search
from campaign.cases.spelling import fold
from campaign.db import db
from tests import made


@pytest.fixture
def defenders(any_app: CampaignApp) -> None:
    """Three made-up people with spellings in two scripts."""
    spellings = {
        "shurob-tajbekov": ["Shurob Tajbekov", "Шуроб Тажбеков", "Shurob Tadzhbekov"],
        "ghulom-yorzoda": ["Ghulom Yorzoda", "Ғулом Ёрзода"],
        "zhanar-testbayeva": ["Zhanar Testbayeva", "Жанар Тестбаева"],
    }
    for slug, names in spellings.items():
        case = made.case(slug, country="KZ" if slug.startswith("zh") else "TJ")
        case.names = [CaseName(position=place, kind=("main", "native", "other")[min(place, 2)], text=name, search=fold(name)) for place, name in enumerate(names)]
    db.session.commit()


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("Tazhbekov", ["shurob-tajbekov"]),
        ("тажбеков", ["shurob-tajbekov"]),
        ("TADJBEKOV shurob", ["shurob-tajbekov"]),
        ("gulom", ["ghulom-yorzoda"]),
        ("Ғулом", ["ghulom-yorzoda"]),
        ("Ёрзода", ["ghulom-yorzoda"]),
        ("Ерзода", ["ghulom-yorzoda"]),
        ("Jorzoda", []),
        ("Jhanar Testbaeva", []),
        ("Janar Testbaeva", ["zhanar-testbayeva"]),
        ("Жанар", ["zhanar-testbayeva"]),
        ("Xylophone", []),
        ("%", []),
        ("_", []),
        ("’ ‘", []),
        ("sh", ["shurob-tajbekov"]),
    ],
)
def test_a_person_is_found_by_any_spelling(defenders: None, typed: str, found: list[str]) -> None:
    assert [case.slug for case in search(typed)] == found


def test_all_words_must_stand_in_one_spelling(defenders: None) -> None:
    assert search("Shurob Yorzoda") == []


def test_search_and_country_are_taken_together(defenders: None) -> None:
    assert [case.slug for case in search("zhanar", country="KZ")] == ["zhanar-testbayeva"]
    assert search("zhanar", country="TJ") == []


def test_a_name_nearly_like_it_is_proposed(defenders: None) -> None:
    assert search("Tajbikof") == []
    assert close_names("Tajbikof") == ["Shurob Tajbekov"]
    assert close_names("Quite another one") == []


def test_who_is_near_by_all_words_is_proposed_first(app: CampaignApp) -> None:
    for slug in ("aisha-testimova", "zarina-testimova"):
        made.case(slug)
    db.session.commit()
    assert close_names("Zarena Testinova") == ["Zarina Testimova", "Aisha Testimova"]


def test_an_address_without_a_case_is_told(defenders: None) -> None:
    with pytest.raises(CaseUnknown):
        find_case("nobody")


def test_featured_cases_come_first(app: CampaignApp) -> None:
    made.case("alpha-test", held_since=date(2024, 1, 1))
    made.case("omega-test", featured=True)

    assert [case.slug for case in search()] == ["omega-test", "alpha-test"]
