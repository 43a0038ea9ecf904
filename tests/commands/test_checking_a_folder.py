"""Every fault of a folder is told at once, in a sentence, at its line."""

from pathlib import Path

import pytest

from campaign.commands.folder import Fault, FolderFaults, read_folder
from tests.commands.folders import change, make_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return make_folder(tmp_path / "folder")


def faults_of(folder: Path) -> list[Fault]:
    with pytest.raises(FolderFaults) as refused:
        read_folder(folder)
    return refused.value.faults


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("cases.yaml", "status: imprisoned", "status: jailed", "status “jailed” is not one of travel_ban, "),
        ("cases.yaml", "kind: arrest", "kind: kidnapping", "kind “kidnapping” is not one of arrest, "),
        ("cases.yaml", "demands: [release]", "demands: [revenge]", "demands “revenge” is not one of release, "),
        ("cases.yaml", "pronoun: she", "pronoun: her", "pronoun “her” is not one of she, he, they"),
        ("cases.yaml", "country: KG", "country: XX", "country “XX” is not a country"),
        ("cases.yaml", "held_since: 2024-01-16", "held_since: 2024-02-30", "held_since “2024-02-30” is not in the calendar"),
        ("cases.yaml", "held_since: 2024-01-16", "held_since: 2024-01", "held_since “2024-01” is not a full day (2025-01-10)"),
        ("cases.yaml", "as_of: 2025-12", "as_of: 2025-13", "as_of “2025-13” is not in the calendar"),
        ("cases.yaml", "as_of: 2025-12", "as_of: December 2025", "as_of “December 2025” is not a day, a month or a year"),
        ("cases.yaml", "as_of: 2025-12", "as_of: 0025", "as_of “0025” is before 1900"),
        ("cases.yaml", "date: 2025}", "date: 25}", "date “25” is not a day, a month or a year"),
        ("cases.yaml", "roles: [journalist]", "roles: journalist", "roles must be a list"),
        ("cases.yaml", "name: Test Defender", "name: 12", "name must be text; write “12” in quotes"),
        ("cases.yaml", "name: Test Defender", 'name: " "', "name must not be empty"),
        ("cases.yaml", "slug: test-defender", "slug: Test Defender", "slug “Test Defender” is not a key"),
        ("cases.yaml", "confidence: high", "confidence: high\n    address: secret", "“address” is not a word that may stand here"),
        ("cases.yaml", "sources: [test-source]", "sources: [other-source]", "there is no source “other-source”"),
        ("cases.yaml", "sources: [test-source]", "sources: [test-source, test-source]", "“test-source” is in this list twice"),
        ("cases.ru.yaml", '["Арестована.", "Приговорена."]', '["Арестована."]', "timeline has 1 entries, and cases.yaml has 2 for “test-defender”"),
        ("cases.ru.yaml", "slug: test-defender", "slug: nobody", "there is no case “nobody”"),
        ("authorities.yaml", "email: president@office.example", "email: president", "email “president” is not an e-mail address"),
        ("authorities.yaml", "president@office.example", "president@example.gov.kg", "“president@example.gov.kg” could be somebody's"),
        ("authorities.yaml", "salutation: {en:", "salutation: {English:", "“English” is not a language"),
        ("organisations.yaml", "signed: [test-group]", "signed: [nobody]", "there is no organisation “nobody”"),
        ("appeals.yaml", "targets: [{authority: president-test}]", "targets: [{authority: king}]", "there is no authority “king”"),
        ("appeals.yaml", "milestones: [100, 250]", "milestones: [250, 100]", "milestones must rise"),
        ("appeals.yaml", "milestones: [100, 250]", "milestones: [0]", "milestones must be more than 0"),
        ("appeals.yaml", "      ru: {title", "      de: {title", "the folder has no language “de”"),
        ("appeals.yaml", ', outline: "I am writing to you."', "", "the en texts of a letter need “outline”"),
        ("appeals.yaml", ', rules: ["No politics."]', "", "the en texts of a solidarity need “rules”"),
        ("appeals.yaml", '    collect_lines: ["1 Example Street"]\n', "", "solidarity messages need “collect_lines”"),
        ("drives.yaml", "ends: 2026-12-31", "ends: 2026-11-30", "a drive ends after it starts"),
        ("drives.yaml", "cases: [test-defender]", "cases: [somebody]", "there is no case “somebody”"),
        ("people.yaml", "role: volunteer", "role: admin", "role “admin” is not one of organiser, reviewer, volunteer"),
        ("people.yaml", "role: volunteer", "role: volunteer, password: secret", "“password” is not a word that may stand here"),
        ("partners.yaml", "https://news.example/test", "http://news.example/test", "is no address of the kind https://name.example/page"),
        ("partners.yaml", "https://news.example/test", "https://news.example@evil.example/test", "is no address of the kind https://name.example/page"),
        ("partners.yaml", "https://news.example/test", "https://partner.org/test", "could be somebody's"),
        ("partners.yaml", "cases: [test-defender]", "cases: [nobody]", "there is no case “nobody”"),
        ("partners.yaml", "cases: [test-defender]", "cases: [test-defender, test-defender]", "“test-defender” belongs to a partner already"),
        ("partners.yaml", "drives: [test-drive]", "drives: [none]", "there is no drive “none”"),
        ("partners.yaml", "people: [test-volunteer]", "people: [nobody]", "there is no person “nobody”"),
        ("partners.yaml", "en: {name: Test Partner", "fr: {name: Test Partner", "the folder has no language “fr”"),
        ("folder.yaml", "sample: true", "sample: maybe", "sample must be true or false"),
        ("folder.yaml", "featured: [test-defender]", "featured: [nobody]", "there is no case “nobody”"),
        ("folder.yaml", "checked_on: 2026-11-22\n", "", "“checked_on” is missing"),
    ],
)
def test_a_fault_is_told_in_a_sentence(folder: Path, file: str, old: str, new: str, message: str) -> None:
    change(folder, file, old, new)

    faults = faults_of(folder)
    assert [fault.file for fault in faults if message in fault.message] == [file], [str(fault) for fault in faults]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("cases.yaml", "status: imprisoned", "status: jailed"),
        ("cases.yaml", '{date: 2025, kind: sentence, text: "Sentenced.", source: test-source}', '{date: 2025, kind: sentence, text: "Sentenced.", source: x}'),
        ("appeals.yaml", 'text: "Be kind."', "text: 7"),
        ("authorities.yaml", '["1 Test Street", "720000 Bishkek"]', "[]"),
        ("authorities.yaml", '["1 Test Street", "720000 Bishkek"]', f'["1 Test Street", "{"Long Street " * 8}"]'),
        ("authorities.yaml", '["1 Test Street", "720000 Bishkek"]', "[a, b, c, d, e, f]"),
        ("authorities.yaml", "office: President of Testland", f"office: {'President of Testland ' * 6}"),
        ("authorities.yaml", '"720000 Bishkek"]', '"比什凯克"]'),
    ],
)
def test_a_fault_is_told_at_its_own_line(folder: Path, file: str, old: str, new: str) -> None:
    line = change(folder, file, old, new)

    assert [(fault.file, fault.line) for fault in faults_of(folder)] == [(file, line)]


def test_a_missing_word_is_told_at_the_entry_that_misses_it(folder: Path) -> None:
    entry = change(folder, "cases.yaml", "slug: test-defender", "slug: test-defender")
    change(folder, "cases.yaml", "    confidence: high\n", "")

    assert faults_of(folder) == [Fault("cases.yaml", entry, "“confidence” is missing")]


def test_every_fault_of_every_file_is_told_in_one_go_sorted_by_line(folder: Path) -> None:
    change(folder, "people.yaml", "role: volunteer", "role: admin")
    change(folder, "cases.yaml", "status: imprisoned", "status: jailed")
    change(folder, "cases.yaml", "sources: [test-source]", "sources: [other-source]")
    change(folder, "appeals.yaml", "targets: [{authority: president-test}]", "targets: [{authority: king}]")
    (folder / "drives.yaml").write_bytes(b"drives: \xff")

    faults = faults_of(folder)
    assert [fault.file for fault in faults] == ["appeals.yaml", "cases.yaml", "cases.yaml", "drives.yaml", "people.yaml"]
    assert faults == sorted(faults)


def test_a_wrong_word_in_a_case_does_not_make_its_appeals_look_wrong(folder: Path) -> None:
    change(folder, "cases.yaml", "status: imprisoned", "status: jailed")

    assert {fault.file for fault in faults_of(folder)} == {"cases.yaml"}


def test_a_person_who_is_free_has_no_first_day_of_detention(folder: Path) -> None:
    change(folder, "cases.yaml", "status: imprisoned", "status: released")

    (fault,) = faults_of(folder)
    assert "it must be null" in fault.message


def test_news_cannot_be_older_than_the_detention_it_tells_of(folder: Path) -> None:
    change(folder, "cases.yaml", "as_of: 2025-12", "as_of: 2023-12")

    (fault,) = faults_of(folder)
    assert fault.message == "held_since (2024-01-16) is after as_of (2023-12)"


def test_a_case_without_demands_can_have_no_petition(folder: Path) -> None:
    change(folder, "cases.yaml", "demands: [release]", "demands: []")

    assert {fault.message for fault in faults_of(folder)} == {"the case “test-defender” has no demands, so there is nothing to ask for"}


@pytest.mark.parametrize("file", ["cases.yaml", "authorities.yaml", "appeals.yaml", "drives.yaml", "people.yaml"])
def test_the_same_key_may_be_given_once_only(folder: Path, file: str) -> None:
    text = (folder / file).read_text(encoding="utf-8")
    first = text.index("  - ")
    (folder / file).write_text(text + text[first:], encoding="utf-8")

    assert any("is here twice" in fault.message for fault in faults_of(folder))


def test_a_real_folder_may_hold_real_mailboxes(folder: Path) -> None:
    change(folder, "folder.yaml", "sample: true", "sample: false")
    change(folder, "authorities.yaml", "president@office.example", "president@ministry.example.kg")

    assert read_folder(folder).authorities[0].email == "president@ministry.example.kg"


@pytest.mark.parametrize("text", ["", "just words", "[1, 2]", "cases: {}", "cases: null"])
def test_a_file_of_another_shape_is_a_fault_and_not_a_crash(folder: Path, text: str) -> None:
    for name in ("cases.yaml", "cases.ru.yaml", "appeals.yaml", "drives.yaml", "people.yaml", "folder.yaml"):
        make_folder(folder)
        (folder / name).write_text(text, encoding="utf-8")
        assert any(fault.file == name for fault in faults_of(folder)), name


def test_a_domain_in_other_letters_is_kept_as_mail_servers_say_it(folder: Path) -> None:
    change(folder, "authorities.yaml", "president@office.example", "president@кеңсе.example")
    assert read_folder(folder).authorities[0].email == "president@xn--e1aan3a16b.example"
