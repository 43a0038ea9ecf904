"""What must hold on every page there is: no counting of rows, nothing written by reading, nothing untranslated, headers, no other host."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask_babel import Domain, get_babel
from lxml import html
from sqlalchemy import event, select
from sqlalchemy.engine import Engine

from campaign.appeals.models import AppealText, DriveText
from campaign.authorities.models import AuthorityText
from campaign.cases.models import CaseName
from campaign.db import Base, db
from campaign.openletters.models import OpenLetterText
from campaign.organisers.models import OrganisationText
from campaign.overview.doorstep import Doorstep
from tests.system.conftest import Lived
from tests.system.pseudo import TAG, untranslated, untranslated_in_text, write_catalogue

SEEN_BY = {
    "appeals.": "organiser",
    "drives.": "organiser",
    "desk.": "organiser",
    "printing.": "volunteer",
    "approvals.": "organiser",
    "cases.": "organiser",
    "photographs.": "organiser",
    "office": "organiser",
    "organisers.login": "halfway",
    "organisers.code": "halfway",
    "organisers.enrol": "newcomer",
    "organisations.": "organiser",
    "people.invitations_page": "admin",
    "accounts.": "admin",
    "trail.": "admin",
    "account.": "volunteer",
}


@contextmanager
def statements() -> Iterator[list[str]]:
    """Every statement that reaches the database."""
    seen: list[str] = []

    def note(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        seen.append(statement)

    event.listen(Engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(Engine, "before_cursor_execute", note)


EXACT = ("desk.move_appeal", "desk.stop_case", "desk.resume_case")
"""Pages on which somebody decides by a number: they alone ask the database for it, exactly, along the index of what has not left."""


def fetch_all(lived: Lived, *, without: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """Every page, as the one who may see it."""
    client = lived.journey.client
    for endpoint, paths in lived.pages.items():
        if endpoint in without:
            continue
        who = next((who for start, who in SEEN_BY.items() if endpoint.startswith(start)), None)
        if who is not None:
            lived.journey.sit_down(who)
        for path in paths:
            yield path, client.get(path)


def test_the_walk_visits_every_page_that_can_be_read(lived: Lived) -> None:
    readable = {rule.endpoint for rule in lived.journey.app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert readable == set(lived.pages)


def test_no_page_counts_rows_and_none_breaks(lived: Lived) -> None:
    exact = {path: answer.status_code for endpoint in EXACT for path, answer in fetch_all(lived, without=tuple(set(lived.pages) - {endpoint}))}
    with statements() as seen:
        codes = {path: answer.status_code for path, answer in fetch_all(lived, without=EXACT)} | exact
    missing = ("/none", "/photo-none.jpg", "/cases/nobody", "/countries/FR")
    wrong = {path: code for path, code in codes.items() if (code == 404) != path.endswith(missing) or code not in (200, 303, 404)}
    assert wrong == {}
    assert len(seen) > 50, "the hook must have seen the pages' queries"
    assert [statement for statement in seen if re.search(r"\bcount\s*\(", statement, re.IGNORECASE)] == []


def test_reading_a_page_changes_nothing(lived: Lived) -> None:
    def everything() -> dict[str, list[Any]]:
        rows = {table.name: sorted(map(repr, db.session.execute(table.select()))) for table in Base.metadata.sorted_tables}
        db.session.rollback()
        return rows

    for who in SEEN_BY.values():
        lived.journey.sit_down(who)
    before = everything()
    for _path, _answer in fetch_all(lived):
        pass
    after = everything()
    assert after == before


def test_every_page_has_its_headers_and_asks_nothing_of_another_host(lived: Lived) -> None:
    for path, answer in fetch_all(lived):
        policy = answer.headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'") and "unsafe" not in policy and "script-src" not in policy, path
        assert answer.headers["X-Content-Type-Options"] == "nosniff" and answer.headers["Referrer-Policy"] == "same-origin", path
        if answer.mimetype == "text/html":
            for element in html.document_fromstring(answer.text).iter():
                for name in ("src", "href", "action", "srcset", "style", "onclick"):
                    value = element.get(name) if isinstance(element.tag, str) else None
                    if value and name in ("style", "onclick"):
                        pytest.fail(f"{path}: {name} on <{element.tag}>: the policy would not let it through")
                    loads = element.tag in ("link", "img", "script", "iframe", "source", "form")
                    assert not (value and loads and re.match(r"(?!http://127\.0\.0\.1)(https?:)?//", value)), f"{path}: {value}"


def test_no_public_page_sets_a_cookie_before_somebody_acts(lived: Lived) -> None:
    stranger = lived.journey.app.test_client()
    quiet = ("overview.", "openletters.", "assets.")
    for endpoint, paths in lived.pages.items():
        if endpoint.startswith(quiet):
            for path in paths:
                assert "Set-Cookie" not in stranger.get(path).headers, path


def content_words(lived: Lived) -> frozenset[str]:
    """Words that are content and stand where no element can say so: in titles, subjects and lines of a mail."""
    titles = [*db.session.scalars(select(AppealText.title)), *db.session.scalars(select(CaseName.text)), *db.session.scalars(select(OpenLetterText.addressed_to))]
    titles += db.session.scalars(select(DriveText.name))
    titles += db.session.scalars(select(OrganisationText.name))
    titles += [office for office in db.session.scalars(select(AuthorityText.office)) if office]
    typed = (lived.journey.name, lived.journey.words, lived.journey.comment, lived.journey.app.settings.site_name)
    db.session.rollback()
    return frozenset(re.findall(r"[^\W\d_]{2,}", " ".join((*titles, *typed))))


@pytest.fixture
def marked(lived: Lived, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Lived:
    """The same site, in a language that marks what was translated."""
    doorstep = lived.journey.app.wsgi_app
    assert isinstance(doorstep, Doorstep)
    monkeypatch.setattr(lived.journey.app, "wsgi_app", doorstep.inside)  # what it kept, it kept by the language a browser asks for
    babel = get_babel(lived.journey.app)
    monkeypatch.setattr(babel, "translation_directories", [write_catalogue(tmp_path)])
    monkeypatch.setattr(babel, "default_locale", TAG)
    monkeypatch.setattr(babel, "locale_selector", lambda: TAG)
    monkeypatch.setitem(vars(babel.instance), "domain_instance", Domain())
    return lived


def test_no_page_has_a_word_that_was_never_given_to_translators(marked: Lived) -> None:
    pages = ((path, answer) for path, answer in fetch_all(marked) if answer.mimetype == "text/html" and answer.status_code != 303)
    faults = {path: untranslated(answer.text, content_words(marked)) for path, answer in pages}
    found = {path: words for path, words in faults.items() if words}
    assert found == {}, "\n".join(f"{path}: {words}" for path, words in found.items())


def test_no_mail_has_a_word_that_was_never_given_to_translators(marked: Lived) -> None:
    marked.catcher.reset()
    marked.journey.email = "third.supporter@example.org"
    marked.journey.sign()
    marked.journey.sign(confirm=False)
    marked.journey.write("self")
    marked.journey.invite("second.invited@example.org")
    marked.journey.work("mail.send")
    mails = marked.catcher.wait_for(4)
    faults = [untranslated_in_text(f"{mail.message['Subject']}\n{mail.text}", content_words(marked)) for mail in mails]
    assert faults == [[]] * len(mails), faults
