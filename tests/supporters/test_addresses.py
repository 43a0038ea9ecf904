"""Which addresses are taken, and which spellings are one mailbox."""

import pytest

from campaign.app import CampaignApp
from campaign.db import db, now_utc
from campaign.supporters.addresses import AddressWrong, check_address, fold
from campaign.supporters.models import Supporter
from campaign.supporters.service import find, find_or_make


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("nobody", "form"),
        ("nobody@example", "form"),
        ("Test Supporter <test@example.org>", "form"),
        ("one@example.org, two@example.org", "form"),
        ("a" * 10_000 + "@example.org", "long"),
        ("test@example.org\r\nBcc: other@example.org", "characters"),
        ("test\x00@example.org", "characters"),
        ("t\u0435st@example.org", "characters"),  # a Cyrillic е
        ("te\u202est@example.org", "characters"),
        ('"odd quoted"@example.org', "form"),
        ("=?utf-8?q?other?=@example.org", "form"),
        ("=?utf-8?q?a=0D=0ABcc=3Aother?=@example.org", "form"),
    ],
)
def test_what_cannot_be_mailed_safely_is_refused(text: str, reason: str) -> None:
    with pytest.raises(AddressWrong) as refused:
        check_address(text)
    assert refused.value.reason == reason


def test_a_domain_in_another_script_is_written_in_ascii() -> None:
    assert check_address("test@пример.example.org").endswith("@xn--e1afmkfd.example.org")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Test@Example.ORG", "test@example.org", True),
        ("t.e.s.t@dots.example.org", "test+letters@dots.example.org", True),
        ("t.est@example.org", "test@example.org", False),
        ("test+a@example.org", "test@example.org", False),
    ],
)
def test_spellings_are_one_mailbox_only_where_the_provider_says_so(one: str, other: str, same: bool) -> None:
    assert (fold(check_address(one)) == fold(check_address(other))) is same


def test_a_supporter_is_found_by_every_spelling_and_the_address_is_nowhere_in_plain(any_app: CampaignApp) -> None:
    made = find_or_make(email="T.e.st@dots.example.org", now=now_utc())
    db.session.commit()
    assert find(email="test+again@DOTS.example.org") is made
    assert find_or_make(email="te.st@dots.example.org", now=now_utc()) is made
    row = db.session.execute(Supporter.__table__.select()).one()
    assert all(b"dots.example" not in bytes(value) for value in row if isinstance(value, bytes | memoryview))
    assert made.email == "T.e.st@dots.example.org", "mail goes to the address as it was given"
