"""One button on a case stops everything that has not left, and says so on each page that knows of it; two people let it go on, and each thing goes on."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal
from campaign.appeals.service import AppealPaused, check_open
from campaign.audit import service as audit
from campaign.db import db, now_utc
from campaign.dispatch import paper
from campaign.dispatch.models import Batch
from campaign.dispatch.seal import seal_email
from campaign.dispatch.send import send_batches
from campaign.letters import way
from campaign.letters.models import Letter
from campaign.organisers import approvals
from campaign.organisers.models import Account
from campaign.overview import brakes
from campaign.printing import service as room
from campaign.printing.models import Bundle
from tests import made
from tests.catcher import Catcher
from tests.dispatch.conftest import SENDER, post_to
from tests.dispatch.letters import NOON, letters
from tests.organisers.people import log_in_as, make
from tests.printing.rows import files_of, rendered, taken

LATER = NOON + timedelta(minutes=1)
GONE = ("sent", "posted", "withdrawn")


class Stopped:
    """A case with letters in every state on the way, by each way; stopped by one person."""

    def __init__(self, app: CampaignApp, catcher: Catcher) -> None:
        self.app, self.folder = app, files_of(app)
        app.config.update(MAIL_SERVER=catcher.host, MAIL_PORT=catcher.port)
        self.appeal: Appeal = made.appeal("letter", batch_size=2, batch_age_minutes=0)
        self.petition: Appeal = made.appeal(of=self.appeal.case, targets=[self.appeal.targets[0].authority])
        self.printed = letters(self.appeal, 2, channel="print")
        self.volunteer: Account = make("volunteer")
        self.bundle: Bundle = taken(self.volunteer, 5)
        rendered(app)
        for file in list(self.bundle.files):
            assert room.download(file.id, by=self.volunteer, folder=self.folder, now=now_utc())
        db.session.commit()
        self.taken = letters(self.appeal, 1, channel="print")
        self.second: Bundle = taken(self.volunteer, 5)
        rendered(app)
        self.sealed = letters(self.appeal, 2)
        assert seal_email(now=LATER)
        db.session.commit()
        self.waiting = [*letters(self.appeal, 3), *letters(self.appeal, 1, channel="print")]
        self.own = letters(self.appeal, 1, channel="self", state="with_writer")
        self.gone = [*letters(self.appeal, 1, state="sent"), *letters(self.appeal, 1, channel="print", state="posted")]
        db.session.commit()

    @property
    def held(self) -> list[Letter]:
        """Every letter that has not left."""
        return [*self.printed, *self.taken, *self.sealed, *self.waiting, *self.own]

    def states(self) -> dict[str, str]:
        """Each letter's state by its code, as the database has it."""
        db.session.expire_all()
        return {row.code: row.state for row in db.session.execute(select(Letter.code, Letter.state))}

    def try_everything(self) -> None:
        """Whatever makes letters leave, once: the worker seals and sends, volunteers take, print and post."""
        seal_email(now=LATER)
        db.session.commit()
        with post_to(self.app) as post:
            send_batches(post, sender=SENDER, now=lambda: LATER)
        taken(make("volunteer", "another.volunteer@example.org"), 50)
        for batch in db.session.scalars(select(Batch).where(Batch.channel == "print")).all():
            if batch.state == "printed":
                paper.mark_posted(batch, now=LATER)
        db.session.commit()

    def let_go_on(self) -> None:
        """One asks, a second one grants."""
        case = self.appeal.case
        first, second = make("organiser"), make("reviewer")
        for person in (first, second):
            brakes.resume(case.slug, by=person, seen=brakes.before_resume(case.slug, by=person).seen, now=now_utc())
            db.session.commit()


@pytest.fixture
def stopped(app: CampaignApp, smtp_catcher: Catcher) -> Stopped:
    """Everything on its way, and the case stopped by one person."""
    all_of_it = Stopped(app, smtp_catcher)
    page = brakes.before_stop(all_of_it.appeal.case.slug, by=make("organiser"))
    assert "Stops 9 letters that have not left." in page.lines
    assert any(line.startswith("2 batches with volunteers will be told to stop") for line in page.lines)
    brakes.stop(all_of_it.appeal.case.slug, by=make("organiser"), now=now_utc())
    db.session.commit()
    return all_of_it


def test_after_the_stop_none_leaves_and_after_the_undo_each_goes_on(stopped: Stopped, smtp_catcher: Catcher) -> None:
    gone_before = {code for code, state in stopped.states().items() if state in GONE}
    stopped.try_everything()
    assert {code for code, state in stopped.states().items() if state in GONE} == gone_before
    assert not smtp_catcher.messages
    stopped.let_go_on()
    # What was kept back while it was stopped is returned by its volunteer, and waits for the next one.
    room.return_letters(bundle=stopped.bundle, batch_id=None, now=LATER)
    room.return_letters(bundle=stopped.second, batch_id=None, now=LATER)
    db.session.commit()
    stopped.try_everything()
    states = stopped.states()
    assert {states[letter.code] for letter in stopped.sealed} == {"sent"}
    assert {states[letter.code] for letter in stopped.held if letter.channel == "email"} == {"sent"}
    assert {states[letter.code] for letter in stopped.held if letter.channel == "print"} == {"sealed"}, "a volunteer has them in hand"
    assert len(smtp_catcher.messages) == 5


def test_each_page_that_knows_of_a_letter_says_that_it_is_stopped(stopped: Stopped, client: FlaskClient) -> None:
    for letter in stopped.held:
        db.session.refresh(letter)
        assert way.held_by(letter) == "stopped"
        assert way.title(letter) == ("Please do not post your letter yet" if letter.channel == "self" else "Your letter is held back")
    case = client.get(f"/cases/{stopped.appeal.case.slug}").text
    assert "Actions for this case are stopped for now." in case
    for path in (f"/letters/{stopped.appeal.slug}", f"/petitions/{stopped.petition.slug}"):
        answer = client.get(path)
        assert (answer.status_code, "is paused" in answer.text) == (403, True)
    with pytest.raises(AppealPaused):
        check_open(stopped.petition, now=now_utc())


def test_volunteers_are_told_on_every_page_of_their_bundles(stopped: Stopped, client: FlaskClient) -> None:
    log_in_as(client, "volunteer@example.org")
    assert "2 letters in it are stopped" in client.get("/desk/bundles").text
    for bundle, letters_of in ((stopped.bundle, stopped.printed), (stopped.second, stopped.taken)):
        page = client.get(f"/desk/bundles/{bundle.id}").text
        assert "do not post" in page
        assert "The case was stopped" in page
        assert all(letter.code in page for letter in letters_of)


def test_the_undo_takes_two_and_the_trail_keeps_both(stopped: Stopped) -> None:
    slug, first = stopped.appeal.case.slug, make("organiser")
    seen = brakes.before_resume(slug, by=first).seen
    brakes.resume(slug, by=first, seen=seen, now=now_utc())
    brakes.resume(slug, by=first, seen=seen, now=now_utc())
    db.session.commit()
    assert audit.trail(kind="case", action="case.resumed") == [], "who asked cannot grant"
    [request] = approvals.waiting(kind=brakes.RESUME)
    approvals.grant(request, by=make("reviewer").id, now=now_utc())
    assert stopped.appeal.case.stopped_at is None
    assert [entry.action for entry in audit.trail(kind="case")] == ["case.resumed", "case.stopped"]
    assert audit.trail(kind="case", action="case.stopped")[0].details["letters"] == 9


def test_what_is_paused_by_itself_stays_paused_when_its_case_goes_on(stopped: Stopped) -> None:
    stopped.appeal.state = "paused"
    db.session.commit()
    stopped.let_go_on()
    before = stopped.states()
    stopped.try_everything()
    assert {code for code, state in stopped.states().items() if state in GONE} == {code for code, state in before.items() if state in GONE}
