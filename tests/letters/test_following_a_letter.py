"""The private pages of one letter: confirmed by a button, followed step by step, taken back until its batch is sealed."""

from datetime import timedelta

import pytest
import time_machine
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal, AppealCount
from campaign.db import db, now_utc
from campaign.letters import service, steps
from campaign.letters.models import Letter
from campaign.mail.states import NoSuchStep
from campaign.security import tokens
from campaign.supporters.models import Consent
from campaign.supporters.service import purge_unused
from campaign.text import day_text
from tests import made
from tests.letters.writing import all_mails_taken, confirmed, letters, link, mails, press, write
from tests.paper.sheets import texts


def page_text(text: str) -> str:
    """The words a reader sees, blanks made one."""
    return " ".join(html.fromstring(text).text_content().split())


@pytest.fixture(autouse=True)
def appeal(app: CampaignApp) -> Appeal:
    """A letter appeal to one office."""
    row = made.appeal("letter")
    db.session.commit()
    return row


def counts() -> tuple[int, dict[str, int]]:
    """The kept counts of the only appeal."""
    db.session.rollback()
    db.session.expire_all()
    return db.session.scalars(select(Appeal.actions)).one(), {row.country: row.actions for row in db.session.scalars(select(AppealCount))}


def count() -> None:
    """What the worker does every few seconds."""
    steps.count_confirmed()
    db.session.commit()


def test_opening_the_link_changes_nothing_and_its_button_does(client: FlaskClient) -> None:
    write(client)
    page = client.get(link())
    assert "Is this letter yours?" in page.text
    assert "Please release them." in page.text
    assert letters()[0].state == "pending"
    answer = press(client, link())
    assert answer.status_code == 303
    assert "/letters/track/" in answer.location
    letter = letters()[0]
    assert (letter.state, letter.countable, [step.step for step in letter.steps]) == ("queued", True, ["queued"])
    assert letter.confirmed_at is not None


def test_the_link_used_again_leads_to_the_tracking_page(client: FlaskClient) -> None:
    _letter, track = confirmed(client)
    again = client.get(link())
    assert (again.status_code, again.location) == (303, track)
    assert len(letters()[0].steps) == 1


def test_two_confirmations_at_the_same_moment_are_one(client: FlaskClient) -> None:
    write(client)
    letter = letters()[0]
    service.confirm(letter, now=now_utc())
    letter.state = "pending"  # as another process still sees it
    with db.session.no_autoflush:
        db.session.expire(letter, ["state"])
    service.confirm(letter, now=now_utc())
    db.session.commit()
    assert [step.step for step in letters()[0].steps] == ["queued"]


def test_a_step_that_somebody_else_was_faster_with_is_refused(client: FlaskClient) -> None:
    letter, _track = confirmed(client)
    assert steps.step_many([letter.id], "queued", "sealed", now=now_utc(), batch=1) == [letter.id]
    assert letter.state == "queued"  # what this session still believes
    with pytest.raises(NoSuchStep):
        steps.step(letter, "withdrawn", now=now_utc())


def test_a_changed_link_answers_404_and_a_purged_letter_410(client: FlaskClient) -> None:
    write(client)
    path = link()
    changed = path[:-1] + ("A" if path[-1] != "A" else "B")
    assert client.get(changed).status_code == 404
    assert client.post(changed).status_code == 404
    assert service.purge(now=now_utc() + timedelta(days=8)) == 1
    db.session.commit()
    assert client.get(path).status_code == 410
    assert letters() == []


def test_a_link_made_for_another_purpose_confirms_nothing(client: FlaskClient) -> None:
    write(client)
    letter = letters()[0]
    assert client.get(f"/letters/confirm/{tokens.make('track', letter.id)}").status_code == 404
    assert client.get(f"/letters/track/{tokens.make('letter', letter.id)}").status_code == 404


def test_after_seven_days_the_link_is_over_and_gives_the_words_back(client: FlaskClient) -> None:
    write(client)
    path = link()
    with time_machine.travel(now_utc() + timedelta(days=7, minutes=1), tick=False):
        page = client.get(path)
        assert client.post(path).status_code == 410
    assert page.status_code == 410
    assert "Please release them." in page.text
    assert letters()[0].state == "pending"


def test_a_confirmed_letter_is_never_purged(client: FlaskClient) -> None:
    confirmed(client)
    assert service.purge(now=now_utc() + timedelta(days=400)) == 0


def test_a_paused_appeal_says_so_and_the_letter_stays_pending(client: FlaskClient, appeal: Appeal) -> None:
    write(client)
    path = link()
    text = client.get(path).text
    appeal.state = "paused"
    db.session.commit()
    form = html.fromstring(text).forms[0]
    answer = client.post(form.action, data=dict(form.form_values()))
    assert answer.status_code == 403
    assert "Yours is kept as it is" in page_text(answer.text)
    assert letters()[0].state == "pending"


def test_a_closed_appeal_takes_no_confirmation_and_gives_the_words_back(client: FlaskClient, appeal: Appeal) -> None:
    write(client)
    appeal.state = "closed"
    db.session.commit()
    page = client.get(link())
    assert page.status_code == 410
    assert "Please release them." in page.text


def test_a_forged_confirmation_changes_nothing(client: FlaskClient) -> None:
    write(client)
    answer = client.post(link(), data={"csrf_token": "forged"})
    assert answer.status_code == 400
    assert letters()[0].state == "pending"


def test_consent_to_updates_counts_from_the_confirmation(client: FlaskClient, appeal: Appeal) -> None:
    write(client, updates="y")
    assert db.session.scalars(select(Consent)).all() == []
    press(client, link())
    consent = db.session.scalars(select(Consent)).one()
    assert (consent.purpose, consent.about, consent.language) == ("updates", appeal.case_id, "en")
    assert consent.wording.startswith("Tell me by e-mail")


def test_letters_count_once_they_are_confirmed_and_no_more_when_withdrawn(client: FlaskClient) -> None:
    write(client)
    count()
    assert counts() == (0, {})
    _letter, track = confirmed(client)
    count()
    count()
    assert counts() == (1, {"SE": 1})
    assert press(client, track, "/withdraw").status_code == 303
    count()
    assert counts() == (0, {"SE": 0})


def test_a_letter_withdrawn_before_it_was_counted_never_counts(client: FlaskClient) -> None:
    _letter, track = confirmed(client)
    press(client, track, "/withdraw")
    count()
    assert counts() == (0, {})


def test_withdrawing_erases_the_words_and_the_name(client: FlaskClient) -> None:
    _letter, track = confirmed(client)
    press(client, track, "/withdraw")
    letter = letters()[0]
    assert (letter.state, letter.body, letter.name) == ("withdrawn", "", "")
    assert "Withdrawn by you" in page_text(client.get(track).text)


def test_a_letter_in_a_sealed_batch_cannot_be_withdrawn_and_is_told_so(client: FlaskClient) -> None:
    letter, track = confirmed(client)
    text = client.get(track).text
    steps.step(letter, "sealed", now=now_utc(), batch=214)
    db.session.commit()
    form = next(form for form in html.fromstring(text).forms if "/withdraw" in form.action)
    answer = client.post(form.action, data=dict(form.form_values()))
    assert answer.status_code == 409
    assert "Your letter was not withdrawn" in page_text(answer.text)
    assert (letters()[0].state, letters()[0].name) == ("sealed", "Anna Testperson")
    assert "Withdraw my letter" not in client.get(track).text


def test_each_step_is_told_with_its_day_and_what_is_to_come(client: FlaskClient) -> None:
    letter, track = confirmed(client, way="print")
    day = now_utc() + timedelta(days=1)
    steps.step(letter, "sealed", now=day, batch=214)
    steps.step(letter, "printed", now=day + timedelta(days=1), country="NO")
    db.session.commit()
    text = page_text(client.get(track).text)
    for told in ("Written by you", "Confirmed by you", "Joined batch 214 of letters to Office test-office", "Printed in Norway", "To come Posted by the volunteer"):
        assert told in text
    steps.step(letters()[0], "posted", now=day + timedelta(days=2), country="NO")
    db.session.commit()
    text = page_text(client.get(track).text)
    assert "Posted in Norway" in text
    assert "Your letter is on its way" in text
    days = [time.get("datetime") for time in html.fromstring(client.get(track).text).xpath("//ol//time")]
    assert days == sorted(days)
    assert days[-1] == (day + timedelta(days=2)).date().isoformat()


def test_a_letter_by_email_says_by_when_it_leaves_and_no_day_while_it_is_held_back_or_overdue(client: FlaskClient) -> None:
    letter, track = confirmed(client, way="email")
    letter.appeal.batch_age_minutes = 3 * 24 * 60
    db.session.commit()
    assert letter.confirmed_at
    by = page_text(f"<p>{day_text(letter.confirmed_at + timedelta(days=3))}</p>")
    assert f"To come Joins a batch by {by}, earlier if others write too" in page_text(client.get(track).text)
    letters()[0].appeal.state = "paused"
    db.session.commit()
    assert "To come Joins a batch, and leaves by e-mail" in page_text(client.get(track).text)
    letters()[0].appeal.state = "live"
    letters()[0].appeal.batch_age_minutes = 0
    db.session.commit()
    assert "To come Joins a batch, and leaves by e-mail" in page_text(client.get(track).text)


def test_a_letter_that_came_back_from_a_volunteer_says_so(client: FlaskClient) -> None:
    letter, track = confirmed(client, way="print")
    steps.step(letter, "sealed", now=now_utc(), batch=1)
    steps.step(letter, "queued", now=now_utc() + timedelta(hours=1))
    db.session.commit()
    assert "It goes with another batch" in page_text(client.get(track).text)
    assert letters()[0].confirmed_at == letter.confirmed_at


def test_a_mail_that_is_just_being_handed_over_leaves_no_step(client: FlaskClient) -> None:
    letter, _track = confirmed(client)
    for state in ("sealed", "sending", "sealed", "sending", "sent"):
        steps.step(letter, state, now=now_utc())
    db.session.commit()
    assert [step.step for step in letters()[0].steps] == ["queued", "sealed", "sent"]


def test_a_pause_is_told_on_the_tracking_page(client: FlaskClient, appeal: Appeal) -> None:
    _letter, track = confirmed(client)
    appeal.state = "paused"
    db.session.commit()
    assert "The appeal is paused. Your letter waits here and has not left." in page_text(client.get(track).text)


def test_the_link_is_sent_again_within_the_days_limit(client: FlaskClient) -> None:
    _letter, track = confirmed(client)
    for _number in range(20):
        assert press(client, track, "/resend").status_code == 303
    sent = [mail for mail in mails() if mail.kind == "letters/track"]
    assert len([mail for mail in mails() if mail.not_before <= now_utc()]) == 3
    assert len(sent) == 17
    assert link() == track


def test_after_asking_for_the_link_again_a_reload_sends_no_second_mail(client: FlaskClient) -> None:
    _letter, track = confirmed(client)
    answer = press(client, track, "/resend")
    assert answer.status_code == 303
    for _reload in range(2):
        assert "We send the link to the address you gave: now, or on one of the next days" in page_text(client.get(answer.location).text)
    assert [mail.kind for mail in mails()].count("letters/track") == 1


def test_closing_the_page_for_good_ends_every_link_and_not_the_letter(client: FlaskClient) -> None:
    letter, track = confirmed(client)
    path = link()
    assert press(client, track, "/close").status_code == 200
    assert [client.get(one).status_code for one in (track, path)] == [410, 410]
    assert client.get(f"/letters/sheet/{tokens.make('sheet', letter.id)}").status_code == 410
    assert letters()[0].state == "queued"


def test_a_stale_button_on_the_tracking_page_changes_nothing(client: FlaskClient) -> None:
    _letter, track = confirmed(client)
    for button in ("withdraw", "resend", "close", "posted"):
        assert client.post(f"{track}/{button}", data={"csrf_token": "old"}).status_code == 400
        assert client.get(f"{track}/{button}").status_code == 405
    assert (letters()[0].state, letters()[0].links, len(mails())) == ("queued", 0, 1)


def test_a_letter_that_its_writer_prints_is_a_pdf_at_once_and_counts_once_it_is_posted(client: FlaskClient) -> None:
    answer = write(client, way="self")
    assert (answer.status_code, "/letters/sheet/" in answer.location) == (303, True)
    assert "Download your letter" in client.get(answer.location).text
    file = client.get(f"{answer.location}/letter.pdf")
    assert file.mimetype == "application/pdf"
    (page,) = texts(file.data)
    assert "Anna, Sweden" in page
    assert "TADZJIKISTAN" in page  # posted from Sweden
    assert "Sample, do not post" in page
    answer = press(client, link())
    count()
    assert counts() == (0, {})
    track = answer.location
    assert letters()[0].state == "with_writer"
    assert client.get(f"{track}/sheet.pdf").data == file.data
    assert press(client, track, "/posted").status_code == 303
    count()
    assert counts() == (1, {"SE": 1})
    assert "Posted by you" in page_text(client.get(track).text)


def test_a_letter_its_writer_prints_is_kept_even_when_no_more_mails_can_wait(client: FlaskClient) -> None:
    all_mails_taken()
    answer = write(client, way="self")
    assert client.get(f"{answer.location}/letter.pdf").status_code == 200
    assert (len(letters()), len(mails())) == (1, 0)


def test_a_paused_appeal_hands_out_no_sheet(client: FlaskClient, appeal: Appeal) -> None:
    answer = write(client, way="self")
    appeal.state = "paused"
    db.session.commit()
    assert client.get(f"{answer.location}/letter.pdf").status_code == 403
    assert "The appeal is paused." in page_text(client.get(answer.location).text)


@pytest.mark.parametrize("way", ["print", "self"])
def test_a_withdrawn_appeal_promises_nothing_more(client: FlaskClient, appeal: Appeal, way: str) -> None:
    _letter, track = confirmed(client, way=way)
    appeal.state = "withdrawn"
    db.session.commit()
    text = page_text(client.get(track).text)
    assert "The appeal was withdrawn." in text
    assert "goes on" not in text and "To come" not in text
    shut = client.get("/letters/test-defender-letter")
    assert shut.status_code == 410
    assert "This appeal was withdrawn" in page_text(shut.text)
    assert "still leaves" not in page_text(shut.text)


def test_somebody_elses_letter_cannot_be_said_to_be_posted(client: FlaskClient) -> None:
    letter, track = confirmed(client, way="print")
    steps.step(letter, "sealed", now=now_utc(), batch=1)
    steps.step(letter, "printed", now=now_utc(), country="NO")
    db.session.commit()
    text = client.get(track).text
    form = html.fromstring(text).forms[0]
    assert client.post(f"{track}/posted", data=dict(form.form_values())).status_code == 409
    assert letters()[0].state == "printed"


def test_a_supporter_with_a_letter_is_not_forgotten(client: FlaskClient) -> None:
    confirmed(client)
    assert purge_unused(now=now_utc() + timedelta(days=30)) == 0
    db.session.delete(db.session.scalars(select(Letter)).one())
    assert purge_unused(now=now_utc() + timedelta(days=30)) == 1
