"""Days are counted only where the first day is known, and only as far as the news goes."""

from datetime import date

import pytest

from campaign.app import CampaignApp
from campaign.cases.models import STATUSES
from campaign.cases.service import Held, asked, held
from campaign.db import PartialDate
from tests import made


def test_days_are_counted_up_to_the_day_of_the_news(app: CampaignApp) -> None:
    case = made.case(held_since=date(2024, 1, 16), as_of=PartialDate("2026-03-11"))

    assert held(case) == Held(785, PartialDate("2026-03-11"))


def test_news_of_a_month_counts_to_its_first_day(app: CampaignApp) -> None:
    case = made.case(held_since=date(2022, 5, 18), as_of=PartialDate("2026-02"))

    assert held(case) == Held(1355, PartialDate("2026-02"))


def test_news_of_a_year_counts_to_its_first_day(app: CampaignApp) -> None:
    case = made.case(held_since=date(2024, 12, 31), as_of=PartialDate("2025"))

    assert held(case) == Held(1, PartialDate("2025"))


def test_no_days_are_counted_where_the_first_day_is_not_known(app: CampaignApp) -> None:
    assert held(made.case(held_since=None)) is None


def test_no_days_are_counted_where_the_news_is_no_later_than_the_first_day(app: CampaignApp) -> None:
    assert held(made.case(held_since=date(2026, 2, 20), as_of=PartialDate("2026-02"))) is None


@pytest.mark.parametrize("status", ["pardoned", "acquitted", "released", "died_in_custody", "probation", "travel_ban"])
def test_no_days_are_counted_for_who_is_not_held(app: CampaignApp, status: str) -> None:
    assert held(made.case(status=status, held_since=date(2024, 1, 16))) is None


@pytest.mark.parametrize("status", ["pardoned", "acquitted", "released"])
def test_nothing_is_asked_for_who_is_free(app: CampaignApp, status: str) -> None:
    assert asked(made.case(status=status, demands=["release", "quash_conviction", "medical_care"])) == ()


def test_for_the_dead_only_the_truth_is_asked(app: CampaignApp) -> None:
    case = made.case(status="died_in_custody", demands=["release", "medical_care", "investigate_death", "quash_conviction"])

    assert asked(case) == ("investigate_death", "quash_conviction")


def test_release_is_not_asked_for_who_is_on_probation(app: CampaignApp) -> None:
    assert asked(made.case(status="probation", demands=["release", "lift_probation"])) == ("lift_probation",)


@pytest.mark.parametrize("status", STATUSES)
def test_nothing_is_asked_that_the_case_does_not_ask(app: CampaignApp, status: str) -> None:
    assert asked(made.case(status=status, demands=[])) == ()
