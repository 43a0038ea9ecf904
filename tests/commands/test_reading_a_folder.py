"""What cannot be read as plain YAML is told with its file and line, and is never guessed at."""

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


def test_the_small_folder_of_these_tests_has_no_fault(folder: Path) -> None:
    read = read_folder(folder)

    assert [case.slug for case in read.cases] == ["test-defender"]
    assert [appeal.kind for appeal in read.appeals] == ["petition", "letter", "solidarity"]
    assert read.case_words["ru"]["test-defender"].timeline == ["Арестована.", "Приговорена."]


def test_the_sample_folder_has_no_fault() -> None:
    sample = read_folder(Path(__file__).parents[2] / "sample")

    assert sample.manifest.sample
    assert len(sample.cases) == 28
    held = {case.slug for case in sample.cases if case.confidence == "high" and case.status == "imprisoned"}
    with_petition = {appeal.case for appeal in sample.appeals if appeal.kind == "petition"}
    with_letter = {appeal.case for appeal in sample.appeals if appeal.kind == "letter"}
    assert len(with_petition) >= 6
    assert with_petition == with_letter
    assert with_petition <= held
    assert all(len(appeal.targets) == 2 for appeal in sample.appeals if appeal.kind == "letter")
    assert [appeal.case for appeal in sample.appeals if appeal.kind == "solidarity"] == ["ulfatkhonim-mamadshoeva"]
    assert all(set(appeal.texts) == {"en", "ru"} for appeal in sample.appeals)


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert [fault.message for fault in faults_of(tmp_path / "nowhere")] == ["there is no such folder"]


def test_a_folder_without_its_manifest_is_refused(folder: Path) -> None:
    (folder / "folder.yaml").unlink()

    assert [str(fault) for fault in faults_of(folder)] == ["folder.yaml: this file is missing; it says what the folder is"]


def test_a_file_with_a_misspelt_name_is_not_passed_over(folder: Path) -> None:
    (folder / "appeals.yaml").rename(folder / "appeal.yaml")

    (fault,) = faults_of(folder)
    assert fault.file == "appeal.yaml"
    assert "no file of this name is read" in fault.message


def test_a_file_in_another_encoding_is_refused_at_its_first_wrong_line(folder: Path) -> None:
    text = (folder / "cases.yaml").read_text(encoding="utf-8")
    (folder / "cases.yaml").write_bytes(text.encode("cp1251"))

    faults = faults_of(folder)
    line = text[: text.index("Тест")].count("\n") + 1
    assert Fault("cases.yaml", line, "this is not UTF-8; save the file as UTF-8") in faults


def test_a_key_given_twice_names_both_lines(folder: Path) -> None:
    line = change(folder, "cases.yaml", "    status: imprisoned\n", "    status: imprisoned\n    status: released\n")

    assert faults_of(folder) == [Fault("cases.yaml", line + 1, f"“status” is here twice; the first is on line {line}")]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("roles: [journalist]", "roles:\t[journalist]", "there is a tab here; use spaces"),
        ("name: Test Defender", "name: &who Test Defender", "references are not read here; take out “&who”"),
        ("name: Test Defender", "name: !!python/name:os.system x", "tags are not read here; take out “tag:yaml.org,2002:python/name:os.system”"),
        ("name: Test Defender", "name: Test\u202eDefender", "there is a character here that does not show (U+202E)"),
        ("name: Test Defender", "name: Test\x07Defender", "there is a character here that does not show (U+0007)"),
        ("name: Test Defender", "name: Test\nDefender", "this is not YAML"),
        ("roles: [journalist]", "roles: " + "[" * 25 + "]" * 25, "lists and maps are nested more than 20 deep here"),
    ],
)
def test_what_is_not_plain_yaml_is_refused(folder: Path, old: str, new: str, message: str) -> None:
    line = change(folder, "cases.yaml", old, new)

    faults = [fault for fault in faults_of(folder) if fault.file == "cases.yaml"]
    assert faults[0].message.startswith(message)
    assert faults[0].line in (line, line + 1)


def test_aliases_that_would_unfold_to_gigabytes_are_refused_before_they_do(folder: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
    (folder / "drives.yaml").write_text("\n".join(lines), encoding="utf-8")

    assert {fault.file for fault in faults_of(folder)} == {"drives.yaml"}


def test_a_file_of_more_than_two_megabytes_is_refused(folder: Path) -> None:
    (folder / "drives.yaml").write_text("#" * 2_000_001, encoding="utf-8")

    assert [str(fault) for fault in faults_of(folder)] == ["drives.yaml: this file is larger than 2,000,000 bytes"]


def test_norway_stays_norway_and_a_year_stays_a_year(folder: Path) -> None:
    read = read_folder(folder)

    assert read.people[0].country == "NO"
    assert read.sources["test-source"].date == "2025"
    assert [entry.date for entry in read.cases[0].timeline] == ["2024-01-16", "2025"]
    assert read.cases[0].as_of == "2025-12"
