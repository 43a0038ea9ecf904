"""An office's address is changed by two people, and nothing goes there until somebody verifies it anew."""

from dataclasses import replace

import pytest

from campaign.app import CampaignApp
from campaign.audit import service as audit
from campaign.authorities import checking, editing, finding, history
from campaign.authorities.facts import Facts, facts_of
from campaign.authorities.models import Authority
from campaign.authorities.service import is_verified, mailbox_for
from campaign.db import db, now_utc
from campaign.organisers import approvals
from campaign.overview import offices_shown as shown
from tests import made

NEW = Facts("TJ", ("2 Example Square", "000000 Exampletown"), {"en": "Court of Examples"}, ("en",), {"en": "Dear Court,"}, {"court@authorities.example": 20})


def moved(office: Authority) -> Facts:
    return replace(facts_of(office), lines=("9 Example Street", "000000 Exampletown"))


def test_a_new_office_is_verified_by_nobody_and_has_a_name_of_its_own(any_app: CampaignApp) -> None:
    one, other = (editing.make(NEW, by=made.account("organiser", f"{n}@example.org").id, now=now_utc()) for n in "ab")
    assert (one.key, other.key) == ("court-of-examples-tj", "court-of-examples-tj-2")
    assert not is_verified(one) and mailbox_for(one, now=now_utc()) is None
    assert [entry.action for entry in audit.trail(kind="authority", object_id=one.key)] == ["authority.made"]
    assert facts_of(db.session.get_one(Authority, one.id)) == NEW


def test_who_typed_an_address_does_not_verify_it(any_app: CampaignApp) -> None:
    typist, checker = made.account("organiser"), made.account("reviewer")
    office = editing.make(NEW, by=typist.id, now=now_utc())
    with pytest.raises(checking.TypedItThemselves):
        checking.check(office, by=typist.id, version=1, postal=True, mailboxes=[], source="https://office.example", now=now_utc())
    checking.check(office, by=checker.id, version=1, postal=True, mailboxes=[], source="https://office.example", now=now_utc())
    assert is_verified(office)
    assert mailbox_for(office, now=now_utc()) is None, "nobody looked at the mailbox"
    checking.check(office, by=checker.id, version=1, postal=False, mailboxes=["court@authorities.example"], source="by telephone", now=now_utc())
    assert mailbox_for(office, now=now_utc()) is not None
    assert [check.source for check in checking.checks(office)] == ["by telephone", "https://office.example"]


def test_what_changed_while_somebody_looked_is_not_verified(any_app: CampaignApp) -> None:
    typist, checker = made.account("organiser"), made.account("reviewer")
    office = editing.make(NEW, by=typist.id, now=now_utc())
    seen = history.number_of(office)
    editing.change(office, moved(office), by=typist.id, seen=editing.stamp(office), now=now_utc())
    with pytest.raises(checking.ChangedMeanwhile):
        checking.check(office, by=checker.id, version=seen, postal=True, mailboxes=[], source="https://office.example", now=now_utc())
    assert not is_verified(office)


def test_another_address_waits_for_a_second_person_and_then_for_its_verification(any_app: CampaignApp) -> None:
    office, first, second = made.authority(), made.account("organiser"), made.account("reviewer")
    facts = replace(moved(office), mailboxes={"new@authorities.example": 5}, salutations={"en": "Dear New Office,"})
    request = editing.change(office, facts, by=first.id, seen=editing.stamp(office), now=now_utc())
    assert request is not None and is_verified(office)
    assert office.lines == ["1 Example Street", "000000 Exampletown"], "it still goes to the old address"
    assert facts_of(office).salutations == {"en": "Dear New Office,"}, "what is no address is kept at once"
    assert {line.name for line in approvals.difference(request)} >= {"address lines", "mailboxes"}
    with pytest.raises(approvals.SecondPersonNeeded):
        approvals.grant(request, by=first.id, now=now_utc())
    approvals.grant(request, by=second.id, now=now_utc())
    assert office.lines == ["9 Example Street", "000000 Exampletown"]
    assert not is_verified(office) and mailbox_for(office, now=now_utc()) is None
    assert [mailbox.address for mailbox in office.mailboxes] == ["new@authorities.example"]
    assert not checking.may_check(office, by=first.id) and checking.may_check(office, by=second.id)


def test_two_who_edit_the_same_office_are_told(any_app: CampaignApp) -> None:
    office, one, other = made.authority(), made.account("organiser", "a@example.org"), made.account("organiser", "b@example.org")
    seen = editing.stamp(office)
    editing.change(office, replace(facts_of(office), languages=("ru",)), by=one.id, seen=seen, now=now_utc())
    with pytest.raises(checking.ChangedMeanwhile):
        editing.change(office, moved(office), by=other.id, seen=seen, now=now_utc())
    seen = editing.stamp(office)
    editing.change(office, moved(office), by=one.id, seen=seen, now=now_utc())
    with pytest.raises(checking.ChangedMeanwhile):
        editing.change(office, replace(facts_of(office), lines=("Elsewhere",)), by=other.id, seen=seen, now=now_utc())


def test_a_request_is_refused_by_an_address_that_is_another_one_by_now(any_app: CampaignApp) -> None:
    office, one, other = made.authority(), made.account("organiser"), made.account("reviewer")
    request = editing.change(office, moved(office), by=one.id, seen=editing.stamp(office), now=now_utc())
    assert request is not None
    editing.keep(office, replace(facts_of(office), country="KG"), by=None, now=now_utc())
    with pytest.raises(approvals.CannotBeDone):
        approvals.grant(request, by=other.id, now=now_utc())


def test_one_person_is_enough_to_hold_letters_back(any_app: CampaignApp) -> None:
    office, one = made.authority(), made.account("organiser")
    checking.doubt(office, by=one.id, source="a letter came back", now=now_utc())
    assert not is_verified(office) and mailbox_for(office, now=now_utc()) is None


def test_each_version_is_kept_and_shown_as_a_difference(any_app: CampaignApp) -> None:
    office, one = made.authority(verified=False), made.account("organiser")
    editing.change(office, moved(office), by=one.id, seen=editing.stamp(office), now=now_utc())
    newest, first = history.steps(office)
    assert (first.number, first.by) == (1, None), "how it stood before its history began"
    assert (newest.number, newest.by) == (2, one.id)
    assert [(line.name, line.before, line.after) for line in newest.lines] == [
        ("address lines", "1 Example Street\n000000 Exampletown", "9 Example Street\n000000 Exampletown")
    ]


def test_saving_what_stands_there_already_changes_nothing(any_app: CampaignApp) -> None:
    office, one = made.authority(), made.account("organiser")
    assert editing.change(office, facts_of(office), by=one.id, seen=editing.stamp(office), now=now_utc()) is None
    assert is_verified(office) and history.number_of(office) == 0


def test_a_request_stays_whose_it_was_when_somebody_else_saves_the_same_address(any_app: CampaignApp) -> None:
    office, one, other = made.authority(), made.account("organiser", "a@example.org"), made.account("organiser", "b@example.org")
    request = editing.change(office, moved(office), by=one.id, seen=editing.stamp(office), now=now_utc(), sheets=editing.GO)
    again = replace(editing.wanted_of(office), seen="https://office.example")
    assert editing.change(office, again, by=other.id, seen=editing.stamp(office), now=now_utc(), told=["Batch 1"]) is request
    assert office.seen == "https://office.example" and request is not None and request.asked_by == one.id


def test_saving_the_address_as_it_stands_says_no_to_another_one(any_app: CampaignApp) -> None:
    office, one, other = made.authority(), made.account("organiser", "a@example.org"), made.account("organiser", "b@example.org")
    request = editing.change(office, moved(office), by=one.id, seen=editing.stamp(office), now=now_utc())
    assert request is not None and editing.change(office, facts_of(office), by=other.id, seen=editing.stamp(office), now=now_utc()) is None
    assert (request.state, request.decided_by) == ("refused", other.id)


def test_the_directory_reads_the_same_on_both_databases(any_app: CampaignApp) -> None:
    office, person = made.authority(), made.account("organiser")
    made.appeal("letter", targets=[office])
    for wanted, keys in (("all", ["test-office"]), ("due", []), ("unverified", [])):
        page = shown.directory(q="таджикистан office", country="TJ", wanted=wanted, page=0, now=now_utc())
        assert [row.key for row in page.rows] == keys
    assert [len(found) if isinstance(found, list) else found for found in shown.uses(office, by=person)] == [1, 0]
    assert shown.alone(person, office) is None
    assert [other.key for other in finding.alike(replace(NEW, titles={"en": "Office of test-office"}))] == ["test-office"]
