"""The whole way, done through the pages: what a supporter, a volunteer and an organiser do, on the sample's real content."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path

from flask.testing import FlaskClient
from flask_mail import Mail
from sqlalchemy import select
from werkzeug.test import TestResponse

from campaign.app import CampaignApp
from campaign.commands.folder import read_folder
from campaign.commands.importing import load
from campaign.db import db, now_utc, start_reading
from campaign.mail.models import OutgoingMail
from campaign.organisers import approvals
from campaign.organisers.service import find_account
from campaign.text import lazy
from tests.catcher import Catcher
from tests.organisers.people import PASSWORD, log_in_as, make, one_time_code
from worker.app import make_celery

ROOT = Path(__file__).parents[2]
PETITION, LETTERS, SOLIDARITY = "ulfatkhonim-mamadshoeva-petition", "ulfatkhonim-mamadshoeva-letter", "ulfatkhonim-mamadshoeva-solidarity"
PASSWORDS = {
    "test-organiser": "a long sample passphrase one",
    "test-volunteer": "a long sample passphrase two",
    "test-reviewer": "a long sample passphrase three",
    "test-admin": "a long sample passphrase four",
}


@dataclass
class Journey:
    """A browser without scripts on an application that holds the sample. Words typed by the supporter are given by the test."""

    app: CampaignApp
    client: FlaskClient
    name: str = "Test Supporter"
    email: str = "test.supporter@example.org"
    words: str = "I ask you to look at this case again, and to let her go home."
    comment: str = "Because it is right."
    next_page: str = ""  # where the last letter led to
    cookies: dict[str, str] = field(default_factory=dict)  # of those who logged in before

    def load_sample(self) -> None:
        """Load `sample/` as `make run` does."""
        load(read_folder(ROOT / "sample"), now=now_utc(), sample=True, passwords=PASSWORDS)
        make("admin", password=PASSWORDS["test-admin"])
        db.session.commit()

    def mail_to(self, catcher: Catcher) -> None:
        """Let all mail go to this server."""
        self.app.config.update(MAIL_SERVER=catcher.host, MAIL_PORT=catcher.port)
        Mail(self.app)

    def form(self, path: str, /, **typed: str) -> TestResponse:
        """Open a page, fill in its hidden fields, and send what was typed."""
        page = self.client.get(path)
        assert page.status_code == 200, f"{path}: {page.status_code}"
        hidden = dict(re.findall(r'<input[^>]*?name="([^"]+)"[^>]*?type="hidden"[^>]*?value="([^"]*)"', page.text))
        hidden |= dict(re.findall(r'<input[^>]*?type="hidden"[^>]*?name="([^"]+)"[^>]*?value="([^"]*)"', page.text))
        return self.client.post(path, data={**hidden, **typed})

    def press(self, path: str, action: str | None = None) -> TestResponse:
        """Press the button of a page."""
        page = self.client.get(path)
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page.text)
        assert token is not None, f"no button on {path}"
        return self.client.post(action or path, data={"csrf_token": token[1]})

    def newest_link(self, kind: str) -> str:
        """The path of the link in the newest mail of a kind."""
        mail = db.session.scalars(select(OutgoingMail).where(OutgoingMail.kind == kind).order_by(OutgoingMail.id.desc())).first()
        assert mail is not None, f"no mail of the kind {kind}"
        link = next(value for value in json.loads(mail.values).values() if str(value).startswith(self.app.settings.site_url))
        db.session.commit()
        return str(link).removeprefix(self.app.settings.site_url)

    def sign(self, *, confirm: bool = True) -> str:
        """Sign the petition; the path of the confirmation."""
        answer = self.form(
            f"/petitions/{PETITION}", name=self.name, email=self.email, country="SE", comment=self.comment, to_public="counted", to_authority="first_name", updates="y"
        )
        assert answer.status_code == 303, answer.text
        link = self.newest_link("petitions/confirm")
        if confirm:
            assert self.press(link, link).status_code == 303
        return link

    def write(self, way: str, *, appeal: str = LETTERS, confirm: bool = True) -> str:
        """Write a letter in two steps; the path of the tracking page once it is confirmed, else of the confirmation."""
        path = f"/letters/{appeal}"
        first = {"words": self.words, "way": way, "do": "next"}
        second = {"words": self.words, "way": way, "step": "name", "do": "send", "name": self.name, "email": self.email, "country": "SE", "shows": "full_name"}
        assert self.form(path, **first).status_code == 200
        answer = self.form(path, **second)
        assert answer.status_code == 303, answer.text
        self.next_page = answer.headers["Location"]
        link = self.newest_link("letters/confirm")
        if not confirm:
            return link
        return self.press(link).headers["Location"]

    def sit_down(self, who: str) -> None:
        """Somebody who logged in before comes back to their own browser. `newcomer` and `halfway` are between the two steps of a login."""
        if who not in self.cookies:
            if who == "admin":
                make("admin")
                self.client.delete_cookie("session")
                assert log_in_as(self.client, "admin@example.org").status_code == 303
            elif who in ("newcomer", "halfway"):
                make("volunteer", f"{who}@example.org", enrolled=who == "halfway")
                self.client.delete_cookie("session")
                assert self.form("/desk/login", email=f"{who}@example.org", password=PASSWORD).status_code == 303
            else:
                self.log_in(who)
            cookie = self.client.get_cookie("session")
            assert cookie is not None
            self.cookies[who] = cookie.value
        self.client.set_cookie("session", self.cookies[who])

    def invite(self, email: str) -> str:
        """As an admin: invite somebody; the path of the link in the mail."""
        self.sit_down("admin")
        typed = {"email": email, "name": self.name, "role": "translator", "country": "SE"}
        assert self.form("/desk/invitations", **typed).status_code == 303
        return self.newest_link("organisers/invitation")

    def log_in(self, who: str) -> None:
        """Log in to the desk, as somebody who sits down at a fresh browser."""
        self.client.delete_cookie("session")
        first = self.form("/desk/login", email=f"{who}@example.org", password=PASSWORDS[f"test-{who}"])
        assert first.status_code == 303
        assert self.form(first.headers["Location"], code=one_time_code(f"{who}@example.org")).status_code == 303

    def ask_for_two(self) -> str:
        """Somebody asks for what needs a second person; the path of the request's page."""
        approvals.register("test.change", lambda request, by, now: None, said=lazy("Log in"))
        asker = find_account(email="organiser@example.org")
        assert asker is not None
        before, after = {"title": "Old"}, {"title": "New"}
        request = approvals.ask(kind="test.change", of="test-object", by=asker.id, before=before, after=after, organisation_id=None, now=now_utc())
        db.session.commit()
        return f"/desk/approvals/{request.id}"

    def begin_launch(self) -> str:
        """As the organiser: save what the form of a launch begins with; its path."""
        self.log_in("organiser")
        answer = self.form("/desk/cases/ulfatkhonim-mamadshoeva/launch", do="save")
        db.session.commit()
        return answer.headers["Location"]

    def account_page(self, who: str) -> str:
        """The path of somebody's page among the accounts."""
        account = find_account(email=f"{who}@example.org")
        assert account is not None
        return f"/desk/accounts/{account.id}"

    def work(self, *names: str) -> None:
        """Let the worker do these tasks once, in this process."""
        celery = make_celery(self.app.settings, self.app)
        celery.loader.import_default_modules()
        for name in names:
            celery.tasks[name].apply(throw=True)
        start_reading(None)
        db.session.rollback()

    def take_bundle(self) -> str:
        """As the volunteer: take a bundle and let the worker seal and render it; the path of its page."""
        self.log_in("volunteer")
        path = self.form("/desk/bundles", size="20").headers["Location"]
        db.session.commit()
        self.work("printing.prepare", "printing.render")
        return path

    def file_of(self, bundle: str) -> bytes:
        """Press a bundle's first download button."""
        page = self.client.get(bundle).text
        found = re.search(r'action="(/desk/files/[^"]+)"', page)
        assert found is not None, page
        answer = self.press(bundle, found[1])
        assert answer.status_code == 200
        return bytes(answer.data)
