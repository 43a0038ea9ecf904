"""A petition and letters are launched together from one form: half finished it waits, a second person publishes it, and what is public was read."""

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from campaign.app import CampaignApp
from campaign.appeals import typed as said
from campaign.appeals.models import Appeal, Launch
from campaign.appeals.service import publish_due
from campaign.cases.models import Case
from campaign.db import db, now_utc
from campaign.organisers import approvals
from campaign.organisers.models import Account
from tests import made
from tests.organisers.people import log_in_as, make


@pytest.fixture
def asker(app: CampaignApp) -> Account:
    return make("organiser")


@pytest.fixture
def desk(client: FlaskClient, asker: Account) -> FlaskClient:
    """A browser in which an organiser is logged in."""
    log_in_as(client, "organiser@example.org")
    return client


@pytest.fixture
def case(app: CampaignApp) -> Case:
    """A case with a verified office in its country."""
    row = made.case()
    made.authority("test-office")
    db.session.commit()
    return row


def form_of(page: str) -> MultiDict[str, str]:
    """Everything that a page's form would send, as it was loaded."""
    from lxml import html

    form = next(form for form in html.fromstring(page).forms if form.get("novalidate") is not None)
    return MultiDict([(name, value) for name, value in form.form_values() if value is not None])


def whole(page: str, **changed: Any) -> MultiDict[str, str]:
    """The form, with every text typed and every line ticked."""
    form = form_of(page)
    for name, kind, word, tag in said.texts_of(("petition", "letter"), form["languages"].split()):
        form[name] = f"{kind} {word} in {tag}"
    form.setlist("checks", list(said.CHECKS))
    for name, value in changed.items():
        form.setlist(name, value if isinstance(value, list) else [value])
    return form


def begun(desk: FlaskClient, case: Case, **changed: Any) -> str:
    """A whole launch, saved; its path."""
    path = f"/desk/cases/{case.slug}/launch"
    answer = desk.post(path, data={**whole(desk.get(path).text, **changed).to_dict(flat=False), "do": ["save"]})
    assert answer.status_code == 303, answer.text
    return answer.headers["Location"]


def press(desk: FlaskClient, path: str, do: str, **changed: Any) -> Any:
    """Press a button of the form, with what it holds."""
    form = form_of(desk.get(path).text)
    for name, value in changed.items():
        form.setlist(name, value if isinstance(value, list) else [value])
    return desk.post(path, data={**form.to_dict(flat=False), "do": [do]})


def grant() -> None:
    """A second person says yes."""
    [request] = approvals.waiting()
    approvals.grant(request, by=make("reviewer").id, now=now_utc())
    db.session.commit()


def appeals() -> list[Appeal]:
    db.session.expire_all()
    return list(db.session.scalars(select(Appeal).order_by(Appeal.kind)).unique())


def test_a_petition_and_letters_in_two_languages_go_live_when_a_second_person_says_yes(desk: FlaskClient, case: Case) -> None:
    path = begun(desk, case)
    assert appeals() == [], "a draft is a draft"
    assert press(desk, path, "review").status_code == 303
    assert {appeal.state for appeal in appeals()} == {"in_review"}
    for appeal in appeals():
        assert desk.get(f"/{appeal.kind}s/{appeal.slug}").status_code == 404, "nobody sees what nobody has granted"
    grant()
    letter, petition = appeals()
    assert [(one.kind, one.state, sorted(text.language for text in one.versions[0].texts)) for one in (letter, petition)] == [
        ("letter", "live", ["en", "ru"]),
        ("petition", "live", ["en", "ru"]),
    ]
    assert "petition text in en" in desk.get(f"/petitions/{petition.slug}").text
    assert "letter title in en" in desk.get(f"/letters/{letter.slug}").text
    assert "It is published" in desk.get(path).text
    assert (letter.channels, petition.targets[0].authority.key, letter.versions[0].demands) == (["email", "print", "self"], "test-office", ["release"])


def test_the_second_person_reads_every_word(desk: FlaskClient, case: Case) -> None:
    path = begun(desk, case)
    press(desk, path, "review")
    [request] = approvals.waiting()
    told = "\n".join(line.after or "" for line in approvals.difference(request))
    for name, kind, word, tag in said.texts_of(("petition", "letter"), ("en", "ru")):
        assert f"{kind} {word} in {tag}" in told, name
    assert "Office test-office" in told


def test_a_half_finished_launch_is_kept_and_says_what_is_missing(desk: FlaskClient, case: Case) -> None:
    path = begun(desk, case, letter__outline__ru="", act_before="", milestones_petition="many", checks=["polite"])
    page = desk.get(path).text
    assert "Letters, Russian: What a letter may start from" in page
    assert "Please act before" in page
    assert case.slug.replace("-", " ").title() in desk.get("/desk/launches").text
    answer = press(desk, path, "review", petition__title__en="Typed at the last moment")
    assert answer.status_code == 303
    assert "nobody was asked yet" in desk.get(answer.headers["Location"].partition("#")[0]).text
    assert (appeals(), approvals.waiting()) == ([], [])
    assert "Typed at the last moment" in desk.get(path).text, "nothing typed is lost"


@pytest.mark.parametrize(
    ("field", "value", "wrong"),
    [
        ("milestones_letter", "100, 50", "milestones_letter"),
        ("milestones_letter", "many", "milestones_letter"),
        ("act_before", "2020-01-01", "act_before"),
        ("act_before", "soon", "act_before"),
        ("batch_size", "0", "batch_size"),
        ("goes_live", "tomorrow", "goes_live"),
        ("petition__title__en", "x" * 600, "petition__title__en"),
        ("kinds", [], "kinds"),
        ("targets", [], "targets"),
        ("checks", ["polite"], "checks"),
    ],
)
def test_what_no_folder_may_hold_nobody_launches(desk: FlaskClient, case: Case, field: str, value: Any, wrong: str) -> None:
    path = begun(desk, case, **{field: value})
    assert f'href="#{wrong}"' in desk.get(path).text
    press(desk, path, "review")
    assert appeals() == []


def test_nobody_launches_to_an_address_that_nobody_has_verified(desk: FlaskClient, case: Case) -> None:
    made.authority("other-office", verified=False)
    db.session.commit()
    path = begun(desk, case, targets=["test-office", "other-office"])
    assert "nobody has verified" in desk.get(path).text
    press(desk, path, "review")
    assert appeals() == []


def test_of_two_who_type_at_the_same_moment_the_second_is_told_and_loses_nothing(desk: FlaskClient, case: Case) -> None:
    path = begun(desk, case)
    mine = form_of(desk.get(path).text)
    press(desk, path, "save", petition__title__en="What they saved")
    mine["petition__title__en"] = "What I typed"
    answer = desk.post(path, data={**mine.to_dict(flat=False), "do": ["save"]})
    assert answer.status_code == 409
    assert "What they saved" in answer.text
    assert "What I typed" in answer.text
    db.session.expire_all()
    assert db.session.scalars(select(Launch)).one().typed["petition__title__en"] == "What they saved"
    again = form_of(answer.text)
    assert desk.post(path, data={**again.to_dict(flat=False), "do": ["save"]}).status_code == 303
    db.session.expire_all()
    assert db.session.scalars(select(Launch)).one().typed["petition__title__en"] == "What I typed"


def test_the_preview_shows_markdown_and_nothing_that_runs(desk: FlaskClient, case: Case) -> None:
    path = begun(desk, case)
    answer = press(desk, path, "preview", petition__text__en="We **ask** this.\n\n<script>alert(1)</script><img src=x>")
    assert answer.status_code == 200
    assert "<strong>ask</strong>" in answer.text
    assert "<script>" not in answer.text
    assert "<img" not in answer.text


def test_what_waits_is_taken_back_typed_again_and_asked_again(desk: FlaskClient, case: Case) -> None:
    path = begun(desk, case)
    press(desk, path, "review")
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', desk.get(path).text)
    assert token
    assert desk.post(f"{path}/back", data={"csrf_token": token.group(1)}).status_code == 303
    assert approvals.waiting() == []
    assert {appeal.state for appeal in appeals()} == {"draft"}
    press(desk, path, "review", petition__title__en="Another title", kinds=["petition"])
    grant()
    [petition] = appeals()
    assert (petition.kind, petition.versions[0].texts[0].title, len(petition.versions)) == ("petition", "Another title", 1)


def test_what_was_refused_is_taken_up_again(desk: FlaskClient, case: Case) -> None:
    path = begun(desk, case)
    press(desk, path, "review")
    approvals.refuse(approvals.waiting()[0], by=make("reviewer").id, now=now_utc())
    db.session.commit()
    page = desk.get(path).text
    assert "A second person said no" in page
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token
    desk.post(f"{path}/back", data={"csrf_token": token.group(1)})
    assert "Launch a call to action" in desk.get(path).text


def test_what_was_taken_back_is_not_published_by_a_yes_that_comes_too_late(desk: FlaskClient, case: Case, asker: Account) -> None:
    path = begun(desk, case)
    press(desk, path, "review")
    [request] = approvals.waiting()
    for appeal in appeals():
        appeal.state = "draft"
    db.session.commit()
    with pytest.raises(approvals.CannotBeDone):
        approvals.grant(request, by=make("reviewer").id, now=now_utc())


def test_a_moment_to_come_makes_it_scheduled_and_then_the_worker_makes_it_live(desk: FlaskClient, case: Case) -> None:
    moment = now_utc().replace(second=0, microsecond=0) + timedelta(days=2)
    path = begun(desk, case, goes_live=moment.strftime("%Y-%m-%d %H:%M"))
    press(desk, path, "review")
    grant()
    assert {(appeal.state, appeal.goes_live_at) for appeal in appeals()} == {("scheduled", moment)}
    assert "It is scheduled" in desk.get(path).text
    assert publish_due(now=moment) == 2
    assert {appeal.state for appeal in appeals()} == {"live"}


def test_a_team_of_one_is_not_held_up(desk: FlaskClient, case: Case, asker: Account) -> None:
    organisation = made.organisation("test-alone")
    organisation.single_handed = True
    made.member(asker, organisation)
    case.organisation_id = organisation.id
    db.session.commit()
    press(desk, begun(desk, case), "review")
    assert {appeal.state for appeal in appeals()} == {"live"}


def test_messages_to_the_person_have_their_rules_and_a_place_where_they_are_collected(desk: FlaskClient, case: Case) -> None:
    texts = {name: f"{word} in {tag}" for name, _kind, word, tag in said.texts_of(("solidarity",), ("en", "ru"))}
    texts["solidarity__rules__en"] = "No politics\nNo home address"
    path = begun(desk, case, kinds=["solidarity"], **texts)
    assert "Where messages are collected" in desk.get(path).text
    press(desk, path, "review", collect_lines="Test Collection\n1 Example Street")
    grant()
    [appeal] = appeals()
    assert (appeal.collect_lines, appeal.targets, appeal.channels) == (["Test Collection", "1 Example Street"], [], ["print"])
    assert {text.rules for text in appeal.versions[0].texts} == {"- No politics\n- No home address", "- rules in ru"}


def test_a_draft_that_nobody_wants_is_thrown_away(desk: FlaskClient, case: Case) -> None:
    path = begun(desk, case)
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', desk.get(path).text)
    assert token
    desk.post(f"{path}/away", data={"csrf_token": token.group(1)})
    assert "Nothing is half finished" in desk.get("/desk/launches").text
    assert desk.post(f"{path}/away").status_code == 400
