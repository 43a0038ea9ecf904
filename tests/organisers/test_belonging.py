"""Whose things somebody works on."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.cases.models import Case
from campaign.db import db, new_id
from campaign.organisers import belonging
from campaign.organisers.models import Grant
from tests import made

ROLES_THAT_BELONG = ("organiser", "reviewer", "translator", "volunteer")


def test_an_admin_works_on_everything(app: CampaignApp) -> None:
    admin = made.account("admin")
    assert belonging.own(admin) is None
    assert belonging.sees(admin, made.organisation().id)


@pytest.mark.parametrize("role", ROLES_THAT_BELONG)
def test_who_belongs_to_an_organisation_works_on_its_things_and_on_nobodys(app: CampaignApp, role: str) -> None:
    theirs, others = made.organisation("test-partner"), made.organisation("other-partner")
    person = made.account(role)
    made.member(person, theirs)
    assert belonging.own(person) == [theirs.id]
    assert belonging.sees(person, theirs.id)
    assert belonging.sees(person, None)
    assert not belonging.sees(person, others.id)
    with pytest.raises(belonging.NotTheirs):
        belonging.check(person, others.id)


@pytest.mark.parametrize("role", ROLES_THAT_BELONG)
def test_who_belongs_to_none_works_on_nobodys_things_alone(app: CampaignApp, role: str) -> None:
    person = made.account(role)
    assert belonging.own(person) == []
    assert belonging.sees(person, None)
    assert not belonging.sees(person, made.organisation().id)


def test_a_list_has_what_can_be_opened_and_nothing_else(any_app: CampaignApp) -> None:
    theirs, others = made.organisation("test-partner"), made.organisation("other-partner")
    for slug, organisation in (("test-theirs", theirs.id), ("test-others", others.id), ("test-nobodys", None)):
        made.case(slug, organisation_id=organisation)
    member, nobody, admin = made.account("organiser"), made.account("organiser", "alone@example.org"), made.account("admin")
    made.member(member, theirs)
    for person in (member, nobody, admin):
        listed = set(db.session.scalars(select(Case.slug).where(belonging.condition(person, Case.organisation_id))))
        assert listed == {case.slug for case in db.session.scalars(select(Case)) if belonging.sees(person, case.organisation_id)}


def test_a_role_for_one_drive_is_a_role_for_that_drive_alone(app: CampaignApp) -> None:
    person, drive, other = made.account("translator"), new_id(), new_id()
    db.session.add(Grant(account_id=person.id, role="organiser", drive_id=drive))
    db.session.flush()
    assert belonging.has_role(person, "translator")
    assert belonging.has_role(person, "translator", drive)
    assert belonging.has_role(person, "organiser", drive)
    assert not belonging.has_role(person, "organiser", other)
    assert not belonging.has_role(person, "organiser")


def test_a_drive_of_another_organisation_is_theirs_where_their_own_role_was_granted_for_it(app: CampaignApp) -> None:
    person, drive, other = made.account("organiser"), new_id(), new_id()
    organisation = made.organisation()
    db.session.add_all([Grant(account_id=person.id, role="organiser", drive_id=drive), Grant(account_id=person.id, role="volunteer", drive_id=other)])
    db.session.flush()
    assert belonging.sees(person, organisation.id, drive_id=drive)
    assert not belonging.sees(person, organisation.id, drive_id=other)
    assert not belonging.sees(person, organisation.id)


def test_what_is_not_theirs_is_not_there_and_nothing_of_it_is_kept(app: CampaignApp, client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    made.case("test-nobodys")
    db.session.commit()

    def view(**_parts: object) -> str:
        db.session.scalars(select(Case)).one().pronoun = "she"
        raise belonging.NotTheirs

    monkeypatch.setitem(app.view_functions, "overview.privacy", view)
    answer = client.get("/privacy")
    assert answer.status_code == 404
    db.session.commit()
    db.session.expire_all()
    assert db.session.scalars(select(Case)).one().pronoun != "she"
