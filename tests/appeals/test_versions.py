"""Other words for a public appeal are a new version, by two people; what was signed stays as it was signed."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal
from campaign.audit import service as audit
from campaign.db import db, now_utc
from campaign.organisers import approvals
from campaign.petitions.models import Signature
from tests import made
from tests.appeals.test_launching import form_of, grant
from tests.organisers.people import log_in_as, make


@pytest.fixture
def desk(client: FlaskClient, app: CampaignApp) -> FlaskClient:
    """A browser in which an organiser is logged in."""
    make("organiser")
    log_in_as(client, "organiser@example.org")
    return client


@pytest.fixture
def petition(app: CampaignApp) -> Appeal:
    row = made.appeal()
    db.session.commit()
    return row


def reword(desk: FlaskClient, petition: Appeal, title: str, *, seen: str = "") -> int:
    path = f"/desk/appeals/{petition.slug}/words"
    form = form_of(desk.get(path).text)
    form["petition__title__en"] = title
    if seen:
        form["seen"] = seen
    answer = desk.post(path, data=form.to_dict(flat=False))
    db.session.expire_all()
    return answer.status_code


def test_other_words_are_a_new_version_and_what_was_signed_stays(desk: FlaskClient, petition: Appeal) -> None:
    signed = made.signature(petition)
    db.session.commit()
    first = signed.version_id
    assert reword(desk, petition, "Another title") == 303
    assert [version.number for version in petition.versions] == [1], "one person alone changes nothing"
    [line] = [line for line in approvals.difference(approvals.waiting()[0]) if line.before]
    assert (line.before, line.after) == ("Free the test person", "Another title")
    grant()
    db.session.expire_all()
    assert [(version.number, {text.language: text.title for text in version.texts}["en"]) for version in petition.versions] == [
        (1, "Free the test person"),
        (2, "Another title"),
    ]
    assert db.session.scalars(select(Signature.version_id)).one() == first
    assert [entry.details for entry in audit.trail(action="appeal.reworded")] == [{"version": 2}]
    assert "Another title" in desk.get(f"/petitions/{petition.slug}").text
    page = desk.get(f"/desk/appeals/{petition.slug}/words").text
    assert "Version 2" in page
    assert "Free the test person</del>" in page


def test_demands_are_part_of_the_words(desk: FlaskClient, petition: Appeal) -> None:
    petition.case.demands = ["release", "medical_care"]
    db.session.commit()
    path = f"/desk/appeals/{petition.slug}/words"
    form = form_of(desk.get(path).text)
    form.setlist("demands", ["medical_care"])
    assert desk.post(path, data=form.to_dict(flat=False)).status_code == 303
    grant()
    db.session.expire_all()
    assert (petition.versions[-1].number, petition.versions[-1].demands) == (2, ["medical_care"])


def test_the_same_words_ask_nobody(desk: FlaskClient, petition: Appeal) -> None:
    assert reword(desk, petition, "Free the test person") == 303
    assert approvals.waiting() == []


def test_words_that_are_missing_are_asked_of_nobody(desk: FlaskClient, petition: Appeal) -> None:
    assert reword(desk, petition, "") == 400
    assert approvals.waiting() == []


def test_who_typed_over_an_older_version_is_told(desk: FlaskClient, petition: Appeal) -> None:
    petition.versions.append(made.version(2, "Other words."))
    db.session.commit()
    assert reword(desk, petition, "Mine", seen="1") == 409
    assert approvals.waiting() == []


def test_a_yes_that_comes_after_another_version_changes_nothing(desk: FlaskClient, petition: Appeal) -> None:
    reword(desk, petition, "Mine")
    [request] = approvals.waiting()
    petition.versions.append(made.version(2, "Other words."))
    db.session.commit()
    with pytest.raises(approvals.CannotBeDone):
        approvals.grant(request, by=make("reviewer").id, now=now_utc())


@pytest.mark.parametrize("state", ["draft", "in_review", "closed", "archived", "withdrawn"])
def test_what_is_not_public_or_is_over_keeps_its_words(desk: FlaskClient, petition: Appeal, state: str) -> None:
    petition.state = state
    db.session.commit()
    assert desk.get(f"/desk/appeals/{petition.slug}/words").status_code == 404
