"""Two requests at the same moment: the database decides, and one signature stands."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import select, text

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal
from campaign.db import db, now_utc
from campaign.petitions import counts, service
from campaign.supporters.models import Consent, Supporter
from tests import made
from tests.petitions.signing import TYPED, form_of, links, mails, sign, signatures, text_of

MANY = 6


def at_once(work: list[Callable[[], int]]) -> list[int]:
    """Run all of them, each in a thread of its own, started together."""
    start = threading.Barrier(len(work))

    def one(what: Callable[[], int]) -> int:
        start.wait(timeout=30)
        return what()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


@pytest.fixture
def slug(any_app: CampaignApp) -> str:
    name = made.appeal().slug
    db.session.commit()
    return name


def button(app: CampaignApp, link: str) -> Callable[[], int]:
    """A browser that has the page open; pressing answers with the code."""
    client = app.test_client()
    form = form_of(client.get(link).text)
    return lambda: client.post(link, data=form).status_code


def test_two_links_of_one_person_confirmed_at_the_same_moment_make_one_signature(any_app: CampaignApp, slug: str) -> None:
    client = any_app.test_client()
    for _ in range(2):
        sign(client, slug, updates="y")
    first, second = links()
    assert at_once([button(any_app, first), button(any_app, second)]) == [303, 303]
    assert sorted(signature.state for signature in signatures()) == ["confirmed", "pending"]
    assert len(db.session.scalars(select(Consent)).all()) == 1
    said = sorted(text_of(client.get(link)).partition(" · ")[0] for link in (first, second))
    assert said == ["You have signed already", "Your signature is confirmed"]


def test_one_link_pressed_many_times_at_the_same_moment_signs_once(any_app: CampaignApp, slug: str) -> None:
    sign(any_app.test_client(), slug, updates="y")
    (link,) = links()
    assert at_once([button(any_app, link) for _ in range(MANY)]) == [303] * MANY
    assert [signature.state for signature in signatures()] == ["confirmed"]
    assert len(db.session.scalars(select(Consent)).all()) == 1


def test_one_person_signing_many_times_at_the_same_moment_is_mailed_twice_at_most(any_app: CampaignApp, slug: str) -> None:
    work: list[Callable[[], int]] = []
    for _ in range(MANY):
        client = any_app.test_client()
        form = {**form_of(client.get(f"/petitions/{slug}").text), **TYPED}
        work.append(lambda client=client, form=form: client.post(f"/petitions/{slug}", data=form).status_code)  # type: ignore[misc]  # bound now
    assert at_once(work) == [303] * MANY
    assert len(mails()) == len(signatures()) == 2
    assert len(db.session.scalars(select(Supporter)).all()) == 1


def test_two_workers_counting_at_the_same_moment_count_each_signature_once(any_app: CampaignApp, slug: str) -> None:
    client = any_app.test_client()
    for number in range(5):
        sign(client, slug, email=f"supporter{number}@example.org")
    for link in links():
        button(any_app, link)()

    def count() -> int:
        with any_app.app_context():
            done = counts.count_confirmed(limit=3)
            db.session.commit()
            return done

    assert sum(at_once([count] * 4)) + count() == 5
    db.session.rollback()
    assert db.session.scalar(select(Appeal.actions)) == 5


def test_a_link_that_waits_for_another_one_finds_that_its_owner_has_signed(postgres_app: CampaignApp) -> None:
    slug = made.appeal().slug
    db.session.commit()
    client = postgres_app.test_client()
    for _ in range(2):
        sign(client, slug)
    first, second = signatures()
    press_second = button(postgres_app, links()[1])
    assert service.confirm(signature_id=first.id, now=now_utc())  # and not committed yet
    with ThreadPoolExecutor(1) as pool, db.engine.connect() as watcher:
        answer = pool.submit(press_second)
        waiting = text("SELECT true FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'")
        while not answer.done() and watcher.scalar(waiting) is None:
            watcher.rollback()
        assert not answer.done(), "the unique index holds the second one back"
        db.session.commit()
        assert answer.result(timeout=30) == 303
    assert [signature.state for signature in signatures()] == ["confirmed", "pending"]
    assert second.id == signatures()[1].id
