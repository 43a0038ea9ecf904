"""What happens at the same moment, on each database: one wins, nothing is lost, and the counts stay true."""

import threading
from collections.abc import Callable

import pytest
from lxml import html
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal, AppealCount
from campaign.db import db, now_utc, start_reading
from campaign.letters import service, steps
from campaign.letters.models import Letter
from campaign.mail.states import NoSuchStep
from tests import made
from tests.letters.writing import confirmed, letters, link, mails, press, write


@pytest.fixture(autouse=True)
def _appeal(any_app: CampaignApp) -> None:
    made.appeal("letter")
    db.session.commit()


def together(*doings: Callable[[], object]) -> None:
    """Do all of this at the same moment."""
    gate = threading.Barrier(len(doings))

    def run(doing: Callable[[], object]) -> None:
        gate.wait(timeout=30)
        doing()

    threads = [threading.Thread(target=run, args=(doing,)) for doing in doings]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)


def counts() -> tuple[int, dict[str, int]]:
    """The kept counts."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Appeal.actions)).one(), {row.country: row.actions for row in db.session.scalars(select(AppealCount))}


def test_two_confirmations_at_the_same_moment_make_one_step(any_app: CampaignApp) -> None:
    first = any_app.test_client()
    write(first)
    path = link()
    second = any_app.test_client()
    forms = [dict(html.fromstring(client.get(path).text).forms[0].form_values()) for client in (first, second)]
    db.session.rollback()
    answers: list[int] = []
    together(*(lambda client=client, form=form: answers.append(client.post(path, data=form).status_code) for client, form in zip((first, second), forms, strict=True)))
    assert answers == [303, 303]
    assert [step.step for step in letters()[0].steps] == ["queued"]


def test_a_withdrawal_and_a_seal_at_the_same_moment_have_one_winner(any_app: CampaignApp) -> None:
    client = any_app.test_client()
    letter, track = confirmed(client)
    ids = [letter.id]
    page = client.get(track).text
    form = next(form for form in html.fromstring(page).forms if "/withdraw" in form.action)
    values = dict(form.form_values())
    db.session.rollback()
    answers: list[int] = []
    moved: list[int] = []

    def seal() -> None:
        with any_app.app_context():
            start_reading(False)  # as every task does: it writes, and takes its lock at the start
            moved.append(len(steps.step_many(ids, "queued", "sealed", now=now_utc(), batch=1)))
            db.session.commit()

    together(seal, lambda: answers.append(client.post(form.action, data=values).status_code))
    state = letters()[0].state
    assert (state, answers, moved) in [("sealed", [409], [1]), ("withdrawn", [303], [0])]
    assert [step.step for step in letters()[0].steps] == ["queued", state]


def test_counting_and_withdrawing_at_the_same_moment_leaves_true_counts(any_app: CampaignApp) -> None:
    client = any_app.test_client()
    _letter, track = confirmed(client)
    page = client.get(track).text
    form = next(form for form in html.fromstring(page).forms if "/withdraw" in form.action)
    values = dict(form.form_values())
    db.session.rollback()

    def count() -> None:
        with any_app.app_context():
            start_reading(False)  # as every task does: it writes, and takes its lock at the start
            steps.count_confirmed()
            db.session.commit()

    together(count, count, lambda: client.post(form.action, data=values))
    together(count)
    total, by_country = counts()
    assert (letters()[0].state, total, by_country.get("SE", 0)) == ("withdrawn", 0, 0)


def test_many_letters_move_in_one_go_and_only_those_that_may(any_app: CampaignApp) -> None:
    client = any_app.test_client()
    for _number in range(3):
        write(client)
        press(client, link())
    rows = letters()
    rows[0].state = "withdrawn"
    db.session.commit()
    ids = [row.id for row in rows]
    assert set(steps.step_many(ids, "queued", "sealed", now=now_utc(), batch=7)) == set(ids[1:])
    db.session.commit()
    assert [row.state for row in letters()] == ["withdrawn", "sealed", "sealed"]
    assert [[step.batch for step in row.steps] for row in letters()] == [[None], [None, 7], [None, 7]]
    with pytest.raises(NoSuchStep):
        steps.step_many(ids, "sealed", "withdrawn", now=now_utc())


def test_the_last_button_pressed_twice_at_the_same_moment_writes_one_letter(any_app: CampaignApp) -> None:
    clients = [any_app.test_client() for _press in range(4)]
    answers: list[int] = []
    together(*(lambda client=client: answers.append(write(client).status_code) for client in clients))
    assert answers == [303] * 4
    assert (len(letters()), len(mails())) == (1, 1)


def test_the_purge_takes_old_pending_letters_and_nothing_else(any_app: CampaignApp) -> None:
    client = any_app.test_client()
    write(client, words="A letter that stays unconfirmed.")
    confirmed(client)
    assert service.purge(now=now_utc()) == 0
    later = now_utc() + service.CONFIRM_WITHIN * 2
    assert service.purge(now=later) == 1
    db.session.commit()
    assert [row.state for row in db.session.scalars(select(Letter))] == ["queued"]
