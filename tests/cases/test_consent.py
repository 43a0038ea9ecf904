"""A case without a consent that holds is not public: the rule stands in the service, in the database, and is swept."""

from datetime import timedelta
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.appeals.service import may_leave
from campaign.audit import service as audit
from campaign.cases import consent
from campaign.cases.models import Case, CaseConsent
from campaign.db import db, now_utc
from campaign.organisers.models import Account
from campaign.overview.needs import needs
from tests import made
from tests.cases.desk import make_case
from tests.organisers.people import csrf, log_in_as, make

HERE = "/desk/cases/test-person"
TODAY = now_utc().date()
AGREED: dict[str, Any] = {
    "giver": "family",
    "who": "Test Relative, relative@example.org",
    "covers": ["name", "story"],
    "given_on": TODAY.isoformat(),
    "valid_until": (TODAY + timedelta(days=20)).isoformat(),
}


@pytest.fixture
def organiser(app: CampaignApp) -> Account:
    return make("organiser")


@pytest.fixture
def desk(client: FlaskClient, organiser: Account) -> FlaskClient:
    """A browser in which an organiser is logged in, who has made a case."""
    log_in_as(client, "organiser@example.org")
    make_case(client)
    return client


def press(desk: FlaskClient, what: str, **data: Any) -> Any:
    answer = desk.post(f"{HERE}/{what}", data={"csrf_token": csrf(desk, HERE), **data}, content_type="multipart/form-data" if what == "consents" else None)
    db.session.expire_all()
    return answer


def the_case() -> Case:
    return db.session.scalars(select(Case)).one()


def the_consent() -> CaseConsent:
    return db.session.scalars(select(CaseConsent)).one()


def test_a_case_of_public_sources_is_published_hidden_and_published_again(desk: FlaskClient, client: FlaskClient) -> None:
    assert "Publish this case" in desk.get(HERE).text
    assert press(desk, "publish").status_code == 303
    assert client.get("/cases/test-person").status_code == 200
    press(desk, "hide")
    assert client.get("/cases/test-person").status_code == 404
    assert the_case().stopped_at is not None
    press(desk, "publish")
    assert (the_case().publication, the_case().stopped_at is None) == ("public", False)
    assert [entry.action for entry in audit.trail()][:3] == ["case.published", "case.hidden", "case.published"]


def test_without_a_consent_that_holds_nothing_is_published(desk: FlaskClient) -> None:
    press(desk, "basis/consent")
    assert "Publish this case" not in desk.get(HERE).text
    assert press(desk, "publish").status_code == 409
    assert press(desk, "consents", **{**AGREED, "covers": ["name"]}).status_code == 303
    assert press(desk, "publish").status_code == 409
    press(desk, "consents", **AGREED)
    assert press(desk, "publish").status_code == 303
    assert (the_case().publication, the_case().consent_until) == ("public", TODAY + timedelta(days=20))


def test_a_consent_that_is_taken_back_hides_the_case_at_once_and_stops_what_has_not_left(desk: FlaskClient) -> None:
    press(desk, "basis/consent")
    press(desk, "consents", **AGREED)
    press(desk, "publish")
    appeal = made.appeal(of=the_case())
    db.session.commit()
    press(desk, f"consents/{the_consent().id}/withdraw")
    assert the_case().publication == "hidden"
    assert not may_leave(db.session.merge(appeal))
    assert [(entry.action, entry.details.get("why")) for entry in audit.trail()][:2] == [("case.hidden", "consent"), ("case.consent_withdrawn", None)]


def test_choosing_consent_where_none_holds_hides_a_public_case_at_once(desk: FlaskClient) -> None:
    press(desk, "publish")
    assert press(desk, "basis/consent").status_code == 303
    assert (the_case().publication, the_case().stopped_at is None) == ("hidden", False)


def test_the_sweeper_hides_what_has_run_out_unless_another_consent_holds(any_app: CampaignApp) -> None:
    yesterday = TODAY - timedelta(days=1)
    lapsed, renewed = (made.case(slug, basis="consent", consent_until=yesterday) for slug in ("lapsed-person", "renewed-person"))
    for case in (lapsed, renewed):
        made.consent(case, given_on=yesterday, valid_until=yesterday)
    made.consent(renewed)
    db.session.commit()
    assert consent.hide_lapsed(now=now_utc()) == 2
    db.session.commit()
    assert consent.hide_lapsed(now=now_utc()) == 0
    assert (lapsed.publication, lapsed.stopped_at is None) == ("hidden", False)
    assert (renewed.publication, renewed.consent_until) == ("public", TODAY + timedelta(days=365))
    assert [(entry.action, entry.actor_id, entry.object_id) for entry in audit.trail()] == [("case.hidden", None, "lapsed-person")]


def test_the_desk_warns_a_month_before_a_consent_runs_out(desk: FlaskClient, organiser: Account) -> None:
    press(desk, "basis/consent")
    press(desk, "consents", **AGREED)
    press(desk, "publish")
    assert [need.key for need in needs(now=now_utc(), account=organiser)] == ["consents"]
    page = desk.get("/desk/").text
    assert "The consent for 1 case runs out" in page
    assert HERE in page


def test_who_agreed_is_sealed_and_read_only_with_a_line_in_the_trail(desk: FlaskClient) -> None:
    press(desk, "consents", **AGREED)
    assert b"Relative" not in the_consent().who_sealed
    assert "Test Relative" not in desk.get(HERE).text
    assert "Test Relative" in press(desk, f"consents/{the_consent().id}/read").text
    assert audit.trail()[0].action == "case.consent_read"
    assert "Relative" not in str([entry.details for entry in audit.trail()])


def test_evidence_is_sealed_on_disk_and_only_downloaded_with_a_line_in_the_trail(desk: FlaskClient, app: CampaignApp) -> None:
    words = b"<script>alert(1)</script> signed by a test relative " * 20_000
    press(desk, "consents", **AGREED, evidence=(BytesIO(words), "../../letter of\r\n consent.html"))
    row = the_consent()
    kept = (app.settings.instance / "evidence" / str(row.id)).read_bytes()
    assert b"test relative" not in kept
    answer = press(desk, f"consents/{row.id}/evidence")
    assert (answer.data == words, answer.mimetype) == (True, "application/octet-stream")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert "/" not in answer.headers["Content-Disposition"]
    assert audit.trail()[0].action == "case.evidence_taken"


def test_evidence_that_is_too_large_is_refused_and_nothing_is_kept(desk: FlaskClient) -> None:
    assert press(desk, "consents", **AGREED, evidence=(BytesIO(b"x" * (10 * 1024 * 1024 + 1)), "a.bin")).status_code == 413
    assert press(desk, "consents", **AGREED, evidence=(BytesIO(b"x" * (12 * 1024 * 1024)), "a.bin")).status_code == 413
    assert db.session.scalar(select(CaseConsent)) is None


def test_a_file_is_taken_on_no_other_route(desk: FlaskClient) -> None:
    token = csrf(desk, HERE)
    for path in (f"{HERE}/publish", f"{HERE}/facts", "/desk/cases/new", "/desk/preview", "/desk/login"):
        answer = desk.post(path, data={"csrf_token": token, "file": (BytesIO(b"x"), "a.txt")}, content_type="multipart/form-data")
        assert answer.status_code == 400, path


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("giver", "nobody"),
        ("who", ""),
        ("covers", []),
        ("given_on", "soon"),
        ("given_on", (TODAY + timedelta(days=2)).isoformat()),
        ("valid_until", "2020-01-01"),
        ("valid_until", ""),
    ],
)
def test_what_is_no_consent_is_refused_and_stays_typed(desk: FlaskClient, field: str, value: Any) -> None:
    answer = press(desk, "consents", **{**AGREED, field: value})
    assert answer.status_code == 400
    assert field == "who" or "Test Relative" in answer.text
    assert db.session.scalar(select(CaseConsent)) is None


def test_facts_are_checked_today_until_a_new_day(desk: FlaskClient) -> None:
    the_case().checked_on = the_case().review_on = TODAY - timedelta(days=1)
    db.session.commit()
    day = TODAY + timedelta(days=60)
    assert press(desk, "checked", review_on=day.isoformat()).status_code == 303
    assert (the_case().checked_on, the_case().review_on) == (TODAY, day)
    assert audit.trail()[0].action == "case.checked"
    for wrong in ("", "soon", TODAY.isoformat(), (TODAY + timedelta(days=400)).isoformat()):
        assert press(desk, "checked", review_on=wrong).status_code == 400, wrong
    assert the_case().review_on == day
