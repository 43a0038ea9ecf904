"""Loading makes the database say what the folder says: once, twice or ten times."""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, select
from sqlalchemy.engine import Connection

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal, AppealVersion, Drive
from campaign.authorities.models import Authority
from campaign.cases.models import Case, CaseName
from campaign.commands import importing
from campaign.commands.folder import read_folder
from campaign.commands.importing import ImportRefused, load
from campaign.db import Site, db
from campaign.openletters.models import OpenLetter
from campaign.organisers.belonging import own
from campaign.organisers.models import Organisation
from campaign.organisers.service import LoginWrong, find_account, log_in
from tests.commands.folders import change, make_folder

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SAMPLE = Path(__file__).parents[2] / "sample"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "folder")


@contextmanager
def writes_seen() -> Iterator[list[str]]:
    """Every statement that changes the database."""
    seen: list[str] = []

    def note(connection: Connection, cursor: Any, statement: str, *rest: Any) -> None:
        if statement.split(None, 1)[0].upper() in ("INSERT", "UPDATE", "DELETE"):
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


def load_and_commit(path: Path, *, now: datetime = NOW, sample: bool = True, passwords: dict[str, str] | None = None) -> list[str]:
    logins = load(read_folder(path), now=now, sample=sample, passwords=passwords)
    db.session.commit()
    db.session.expunge_all()  # what is looked at next comes from the database
    return [login.email for login in logins]


def case() -> Case:
    found = db.session.scalar(select(Case).where(Case.slug == "test-defender"))
    assert found is not None
    return found


def appeal(slug: str) -> Appeal:
    found = db.session.scalar(select(Appeal).where(Appeal.slug == slug))
    assert found is not None
    return found


def office() -> Authority:
    return db.session.scalars(select(Authority)).one()


def real(folder: Path) -> Path:
    """The small folder outside of sample mode."""
    change(folder, "folder.yaml", "sample: true", "sample: false")
    site = db.session.get(Site, 1)
    assert site is not None
    site.sample = False
    db.session.commit()
    return folder


def test_the_sample_is_loaded_whole(any_app: CampaignApp) -> None:
    load_and_commit(SAMPLE)

    cases = db.session.scalars(select(Case)).all()
    assert len(cases) == 28
    assert len(db.session.scalars(select(Authority)).all()) == 12
    assert len(db.session.scalars(select(Appeal)).all()) == 15
    by_slug = {one.slug: one for one in cases}
    assert by_slug["soltan-achilova"].held_since is None
    assert [entry.day for entry in by_slug["erzhan-elshibayev"].timeline] == ["2019-10", "2021"]
    names = [(name.kind, name.text) for name in by_slug["rukhshona-hakimova"].names]
    assert names[:2] == [("main", "Rukhshona Hakimova"), ("native", "Рухшона Ҳакимова")]
    assert ("other", "Рухшона Хакимова") in names
    assert {text.language for text in by_slug["buzurgmehr-yorov"].texts} == {"en", "ru"}


def test_loading_the_sample_a_second_time_writes_nothing(any_app: CampaignApp) -> None:
    load_and_commit(SAMPLE)

    with writes_seen() as writes:
        load_and_commit(SAMPLE, now=NOW + timedelta(days=1))
    assert writes == []


def test_the_signatories_stand_in_the_order_of_signature(app: CampaignApp) -> None:
    load_and_commit(SAMPLE)

    letter = db.session.scalar(select(OpenLetter).where(OpenLetter.key == "veto-2024"))
    assert letter is not None
    assert [signatory.name for signatory in letter.signatories][:2] == ["International Partnership for Human Rights (IPHR)", "Norwegian Helsinki Committee"]
    assert letter.signatories[-1].name == "Amnesty International"
    assert letter.texts[0].addressed_to == "President of the Kyrgyz Republic"


def test_the_drive_gathers_its_cases(app: CampaignApp) -> None:
    load_and_commit(SAMPLE)

    drive = db.session.scalar(select(Drive))
    assert drive is not None
    assert next(one.case.slug for one in drive.cases) == "rukhshona-hakimova"
    assert {text.language: text.name for text in drive.texts} == {"en": "Letters in December", "ru": "Письма в декабре"}


def test_changed_words_of_a_petition_make_a_new_version_and_keep_the_old_one(app: CampaignApp, folder: Path) -> None:
    load_and_commit(folder)
    change(folder, "appeals.yaml", "Please release her.", "Please release her now.")
    load_and_commit(folder, now=NOW + timedelta(days=1))

    versions = appeal("test-petition").versions
    assert [(version.number, version.texts[0].text) for version in versions] == [(1, "Please release her."), (2, "Please release her now.")]
    assert versions[1].published_at == NOW + timedelta(days=1)
    assert len(appeal("test-letter").versions) == 1


def test_a_changed_date_makes_no_new_version(app: CampaignApp, folder: Path) -> None:
    load_and_commit(folder)
    change(folder, "appeals.yaml", "    milestones: [100, 250]\n", "    milestones: [100, 500]\n")
    load_and_commit(folder)

    assert appeal("test-petition").milestones == [100, 500]
    assert len(db.session.scalars(select(AppealVersion)).all()) == 3


def test_a_paused_appeal_stays_paused_when_its_folder_is_loaded_again(app: CampaignApp, folder: Path) -> None:
    load_and_commit(folder)
    appeal("test-petition").state = "paused"
    db.session.commit()
    change(folder, "appeals.yaml", "Please release her.", "Please release her now.")
    load_and_commit(folder)

    assert appeal("test-petition").state == "paused"


def test_an_appeal_cannot_become_one_of_another_kind(app: CampaignApp, folder: Path) -> None:
    load_and_commit(folder)
    change(folder, "appeals.yaml", "key: test-petition", "key: test-swapped")
    change(folder, "appeals.yaml", "key: test-letter", "key: test-petition")

    with pytest.raises(ImportRefused, match="test-petition"):
        load(read_folder(folder), now=NOW, sample=True)


def test_changed_facts_of_a_case_replace_the_old_ones(app: CampaignApp, folder: Path) -> None:
    load_and_commit(folder)
    change(folder, "cases.yaml", "status: imprisoned", "status: house_arrest")
    change(folder, "cases.yaml", '{date: 2025, kind: sentence, text: "Sentenced."', '{date: 2025-06, kind: sentence, text: "Sentenced in June."')
    change(folder, "cases.yaml", "[T. Defender]", "[Tess Defender]")
    load_and_commit(folder)

    assert case().status == "house_arrest"
    assert [entry.day for entry in case().timeline] == ["2024-01-16", "2025-06"]
    assert [name.text for name in case().names] == ["Test Defender", "Тест Дефендер", "Tess Defender"]
    assert len(db.session.scalars(select(CaseName)).all()) == 3


def test_the_sample_is_reviewed_a_year_after_loading_and_its_addresses_count_as_verified(app: CampaignApp, folder: Path) -> None:
    load_and_commit(folder)

    assert case().checked_on == date(2026, 11, 22)
    assert case().review_on == date(2027, 11, 22)
    assert office().verified_at == NOW
    assert [mailbox.verified_at for mailbox in office().mailboxes] == [NOW]


def test_a_sample_past_its_review_day_lives_again_when_it_is_loaded(app: CampaignApp, folder: Path) -> None:
    load_and_commit(folder)
    load_and_commit(folder, now=NOW + timedelta(days=400))

    assert case().review_on == (NOW + timedelta(days=765)).date()


def test_outside_of_sample_mode_nothing_is_verified_by_loading(app: CampaignApp, folder: Path) -> None:
    load_and_commit(real(folder), sample=False)

    assert office().verified_at is None
    assert [mailbox.verified_at for mailbox in office().mailboxes] == [None]
    assert case().review_on == date(2027, 2, 20)


def test_an_address_that_changes_is_unverified_again(app: CampaignApp, folder: Path) -> None:
    load_and_commit(real(folder), sample=False)
    office().verified_at, office().verified_by, office().mailboxes[0].verified_at = NOW, "test", NOW
    db.session.commit()
    load_and_commit(folder, sample=False)
    assert office().verified_at == NOW

    change(folder, "authorities.yaml", "1 Test Street", "2 Test Street")
    change(folder, "authorities.yaml", "president@office.example", "chancery@office.example")
    load_and_commit(folder, sample=False)

    assert (office().verified_at, office().verified_by) == (None, None)
    assert [(mailbox.address, mailbox.verified_at) for mailbox in office().mailboxes] == [("chancery@office.example", None)]


@pytest.mark.parametrize("sample", [True, False])
def test_sample_and_real_work_never_share_a_database(app: CampaignApp, folder: Path, sample: bool) -> None:
    if sample:  # a real folder into the sample's database
        change(folder, "folder.yaml", "sample: true", "sample: false")
    else:  # a sample folder into the database of real work
        real(folder)
        change(folder, "folder.yaml", "sample: false", "sample: true")

    with pytest.raises(ImportRefused):
        load(read_folder(folder), now=NOW, sample=sample)
    assert db.session.scalars(select(Case)).all() == []


def test_a_password_is_made_once_for_a_new_person_and_kept(app: CampaignApp, folder: Path) -> None:
    (login,) = load(read_folder(folder), now=NOW, sample=True)
    db.session.commit()

    account = log_in(email="Volunteer@Example.org", password=login.password)
    assert (account.name, account.role, account.country) == ("Test Volunteer", "volunteer", "NO")
    with pytest.raises(LoginWrong):
        log_in(email="volunteer@example.org", password=login.password + "x")
    assert load_and_commit(folder) == []


def test_a_password_that_is_given_holds_and_ends_old_sessions(app: CampaignApp, folder: Path) -> None:
    load_and_commit(folder)
    load_and_commit(folder, passwords={"test-volunteer": "a-given-password"})
    load_and_commit(folder, passwords={"test-volunteer": "a-given-password"})

    assert log_in(email="volunteer@example.org", password="a-given-password").generation == 1


def test_somebody_who_gets_another_role_is_logged_out(app: CampaignApp, folder: Path) -> None:
    load_and_commit(folder)
    change(folder, "people.yaml", "role: volunteer", "role: organiser")
    load_and_commit(folder)

    account = find_account(email="volunteer@example.org")
    assert account is not None
    assert (account.role, account.generation) == ("organiser", 1)


def test_the_command_says_what_it_loaded_and_shows_a_new_password_once(app: CampaignApp, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert importing.run(argparse.Namespace(folder=folder), app) == 0
    said = capsys.readouterr().out
    assert "cases 1, offices 1, appeals 3, open letters 1" in said
    assert "A login was made: volunteer@example.org, password " in said

    assert importing.run(argparse.Namespace(folder=folder), app) == 0
    assert "A login was made" not in capsys.readouterr().out


def test_the_command_takes_the_sample_s_passwords_from_the_environment(
    app: CampaignApp, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SAMPLE_VOLUNTEER_PASSWORD", "a-given-password")

    assert importing.run(argparse.Namespace(folder=folder), app) == 0
    assert "password" not in capsys.readouterr().out
    log_in(email="volunteer@example.org", password="a-given-password")


def test_a_folder_with_a_fault_changes_nothing_and_the_command_tells_each_fault(app: CampaignApp, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    importing.run(argparse.Namespace(folder=folder), app)
    line = change(folder, "cases.yaml", "status: imprisoned", "status: jailed")
    change(folder, "authorities.yaml", "1 Test Street", "2 Test Street")
    capsys.readouterr()

    with writes_seen() as writes:
        assert importing.run(argparse.Namespace(folder=folder), app) == 1
    assert writes == []
    said = capsys.readouterr().err.splitlines()
    assert said[0].startswith(f"cases.yaml:{line}: status “jailed” is not one of ")
    assert said[-1] == "1 fault. Nothing was imported."


def test_what_the_database_refuses_leaves_nothing_behind(app: CampaignApp, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    load_and_commit(folder)
    change(folder, "cases.yaml", "status: imprisoned", "status: house_arrest")
    change(folder, "appeals.yaml", "key: test-petition", "key: test-swapped")
    change(folder, "appeals.yaml", "key: test-letter", "key: test-petition")

    assert importing.run(argparse.Namespace(folder=folder), app) == 1
    assert "Nothing was imported." in capsys.readouterr().err
    assert case().status == "imprisoned"


def test_a_partner_owns_what_the_folder_says_and_its_people_belong_to_it(app: CampaignApp, folder: Path) -> None:
    load(read_folder(folder), now=NOW, sample=True)
    organisation = db.session.scalars(select(Organisation)).one()
    assert [case.organisation_id for case in db.session.scalars(select(Case))] == [organisation.id]
    assert {appeal.organisation_id for appeal in db.session.scalars(select(Appeal))} == {organisation.id}
    assert [drive.organisation_id for drive in db.session.scalars(select(Drive))] == [organisation.id]
    volunteer = find_account(email="volunteer@example.org")
    assert volunteer is not None
    assert own(volunteer) == [organisation.id]


def test_what_was_said_at_the_desk_about_a_partners_second_person_stays(app: CampaignApp, folder: Path) -> None:
    load(read_folder(folder), now=NOW, sample=True)
    organisation = db.session.scalars(select(Organisation)).one()
    organisation.single_handed = True
    load(read_folder(folder), now=NOW, sample=True)
    assert organisation.single_handed


def test_no_real_organisation_of_the_sample_owns_anything(app: CampaignApp) -> None:
    load(read_folder(SAMPLE), now=NOW, sample=True)
    owned = (Case.organisation_id, Appeal.organisation_id, Drive.organisation_id)
    owners = {owner for column in owned for owner in db.session.scalars(select(column))}
    assert [organisation.slug for organisation in db.session.scalars(select(Organisation)) if organisation.id in owners] == ["example-partner"]
    assert not {signed.key for signed in read_folder(SAMPLE).organisations} & set(db.session.scalars(select(Organisation.slug)))
