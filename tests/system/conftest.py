"""A site on which everything has happened once."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from flask_migrate import upgrade

from campaign.app import create_app
from campaign.db import Site, db
from tests.catcher import Catcher
from tests.conftest import Browser, make_settings
from tests.system.journey import LETTERS, PETITION, SOLIDARITY, Journey


@dataclass
class Lived:
    """The journey that was made, and the pages that it left open, by endpoint."""

    journey: Journey
    catcher: Catcher
    pages: dict[str, list[str]] = field(default_factory=dict)


@pytest.fixture(scope="module")
def own_catcher() -> Iterator[Catcher]:
    """A mail server of this module's own."""
    catcher = Catcher()
    catcher.start()
    yield catcher
    catcher.stop()


@pytest.fixture(scope="module")
def journey(tmp_path_factory: pytest.TempPathFactory, own_catcher: Catcher) -> Iterator[Journey]:
    """A browser on an application of its own that holds the sample."""
    app = create_app(make_settings(tmp_path_factory.mktemp("lived")))
    app.test_client_class = Browser
    with app.app_context():
        upgrade()
        db.session.add(Site(id=1, sample=True))
        db.session.commit()
        one = Journey(app, app.test_client())
        one.load_sample()
        one.mail_to(own_catcher)
        yield one
        db.session.remove()


@pytest.fixture(scope="module")
def lived(journey: Journey, own_catcher: Catcher) -> Lived:
    """Signed, written each way, confirmed, sent, bundled; one of each waits for its confirmation."""
    confirmed = journey.sign()
    by_mail, on_paper, own = journey.write("email"), journey.write("print"), journey.write("self")
    sheet = journey.next_page
    journey.email = "another.supporter@example.org"
    waiting_signature, waiting_letter = journey.sign(confirm=False), journey.write("email", confirm=False)
    solidarity = journey.write("print", appeal=SOLIDARITY)
    invitation = journey.invite("invited@example.org")
    journey.work("mail.send", "counts.keep", "dispatch.seal", "dispatch.send")
    bundle = journey.take_bundle()
    pages = {
        "overview.home": ["/", "/?country=TJ", "/?q=gurbati", "/?q=nobody", "/?status=free"],
        "overview.good_news": ["/good-news"],
        "overview.country": ["/countries/TJ", "/countries/KG", "/countries/FR"],
        "overview.case": ["/cases/ulfatkhonim-mamadshoeva", "/cases/azimjon-askarov", "/cases/azamat-ishenbekov", "/cases/nobody"],
        "overview.drive": ["/drives/letters-in-december", "/drives/none"],
        "overview.toolkit": ["/drives/letters-in-december/toolkit/ulfatkhonim-mamadshoeva", "/drives/letters-in-december/toolkit/none"],
        "overview.toolkit_file": ["/drives/letters-in-december/toolkit/ulfatkhonim-mamadshoeva/en/all.pdf"],
        "overview.cloth_file": ["/cases/ulfatkhonim-mamadshoeva/cloth.svg"],
        "overview.organisation": ["/organisations/example-partner", "/organisations/none"],
        "overview.privacy": ["/privacy"],
        "overview.health": ["/healthz"],
        "assets.robots": ["/robots.txt"],
        "assets.file": ["/static/style.css"],
        "petitions.sign": [f"/petitions/{PETITION}", f"/petitions/{PETITION}?text=ru", "/petitions/none"],
        "petitions.thanks": ["/petitions/thanks"],
        "petitions.confirm": [confirmed, waiting_signature, "/signatures/none"],
        "letters.write": [f"/letters/{LETTERS}", f"/letters/{LETTERS}?language=ru", f"/letters/{SOLIDARITY}", "/letters/none"],
        "letters.sent": [f"/letters/{LETTERS}/sent"],
        "letters.confirm": [waiting_letter, "/letters/confirm/none"],
        "letters.track": [by_mail, on_paper, own, solidarity, "/letters/track/none"],
        "letters.track_file": [f"{own}/sheet.pdf"],
        "letters.sheet": [sheet],
        "letters.sheet_file": [f"{sheet}/letter.pdf"],
        "openletters.all_letters": ["/open-letters"],
        "openletters.letter": ["/open-letters/samarkand-2025", "/open-letters/veto-2024", "/open-letters/none"],
        "printing.bundles": ["/desk/bundles"],
        "printing.bundle": [bundle],
        "organisers.login": ["/desk/login"],
        "organisers.code": ["/desk/login/code"],
        "organisers.enrol": ["/desk/login/set-up"],
        "people.accept": [invitation, "/desk/invitation/none"],
        "account.mine": ["/desk/account/"],
        "account.again": ["/desk/account/again"],
        "people.invitations_page": ["/desk/invitations"],
        "desk.today": ["/desk/"],
        "drives.all_drives": ["/desk/drives/"],
        "drives.new": ["/desk/drives/new"],
        "drives.edit": ["/desk/drives/letters-in-december"],
        "approvals.waiting": ["/desk/approvals/"],
        "accounts.everybody": ["/desk/accounts/"],
        "accounts.one": [journey.account_page("organiser")],
        "trail.search": ["/desk/trail/", "/desk/trail/?kind=approval&first=2026-01-01"],
        "organisations.all_of_them": ["/desk/organisations/"],
        "organisations.edit": ["/desk/organisations/example-partner", "/desk/organisations/none"],
        "approvals.one": [journey.ask_for_two()],
        "photos.file": ["/cases/ulfatkhonim-mamadshoeva/photo-none.jpg"],
        "photographs.look": ["/desk/cases/ulfatkhonim-mamadshoeva/photo"],
        "reports.report": ["/cases/ulfatkhonim-mamadshoeva/report"],
        "reports.thanks": ["/cases/ulfatkhonim-mamadshoeva/report/thanks"],
        "cases.all_cases": ["/desk/cases", "/desk/cases?q=gurbati&due=1", "/desk/cases?q=nobody"],
        "cases.new": ["/desk/cases/new"],
        "cases.show": ["/desk/cases/ulfatkhonim-mamadshoeva", "/desk/cases/nobody"],
        "cases.edit": ["/desk/cases/ulfatkhonim-mamadshoeva/facts"],
        "appeals.words": [f"/desk/appeals/{PETITION}/words", f"/desk/appeals/{LETTERS}/words", f"/desk/appeals/{SOLIDARITY}/words"],
        "appeals.launches": ["/desk/launches"],
        "appeals.new": ["/desk/cases/ulfatkhonim-mamadshoeva/launch"],
        "appeals.launch": [journey.begin_launch()],
        "desk.move_appeal": [f"/desk/appeals/{LETTERS}/{state}" for state in ("paused", "closed", "withdrawn")],
        "desk.stop_case": ["/desk/cases/ulfatkhonim-mamadshoeva/stop"],
        "desk.resume_case": ["/desk/cases/ulfatkhonim-mamadshoeva/resume"],
        "offices.directory": ["/desk/offices/", "/desk/offices/?q=прокурор", "/desk/offices/?country=KG&state=due", "/desk/offices/?state=unverified"],
        "offices.one": ["/desk/offices/president-kg", "/desk/offices/none"],
        "offices.past": ["/desk/offices/president-kg/history"],
        "offices.make": ["/desk/offices/new"],
        "offices.edit": ["/desk/offices/president-kg/edit"],
        "office_files.take_in": ["/desk/offices/import"],
        "offices.verify": ["/desk/offices/president-kg/verify"],
    }
    return Lived(journey, own_catcher, pages)
