"""A letter can be printed in every country: the last line of its address is in characters that our fonts have."""

import pytest

from campaign.app import CampaignApp
from campaign.paper import check_address
from campaign.text.places import countries, country_line


def test_the_line_can_be_printed_wherever_the_letter_is_posted(app: CampaignApp) -> None:
    lines = {country_line("TJ", posted_from=code) for code, _name in countries("en") if code != "TJ"}
    assert len(lines) > 30
    for line in lines:
        check_address([line])


@pytest.mark.parametrize(("posted_from", "line"), [("DE", "TADSCHIKISTAN"), ("UA", "ТАДЖИКИСТАН"), ("JP", "TAJIKISTAN"), ("IN", "TAJIKISTAN"), ("AS", "TAJIKISTAN")])
def test_it_is_in_the_language_of_the_country_of_posting_where_we_can_print_that(app: CampaignApp, posted_from: str, line: str) -> None:
    assert country_line("TJ", posted_from=posted_from) == line
