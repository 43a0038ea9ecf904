"""The sample's appeals state what cases.yaml states: no other date, no other person, no count of signatures."""

import re
from pathlib import Path

import pytest

from campaign.commands.folder import Folder, read_folder
from campaign.commands.folder.schema import Appeal, Case

SAMPLE = Path(__file__).parents[2] / "sample"
MONTHS = {
    "en": ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"],
    "ru": ["январ", "феврал", "март", "апрел", "ма", "июн", "июл", "август", "сентябр", "октябр", "ноябр", "декабр"],
}
DATE = re.compile(r"(?:(\d{1,2}) )?(?:([^\W\d]+) )?(\d{4})")


@pytest.fixture(scope="module")
def sample() -> Folder:
    return read_folder(SAMPLE)


def words_of(appeal: Appeal, language: str) -> str:
    words = appeal.texts[language]
    return " ".join(" ".join(part.split()) for part in (words.title, words.summary, words.subject, words.text, words.outline) if part)


def dates_in(text: str, language: str) -> set[str]:
    """Every date that a text names, as precise as it is named there."""
    found = set()
    for day, month, year in DATE.findall(text):
        stems = [number for number, stem in enumerate(MONTHS[language], 1) if re.fullmatch(rf"{stem}(?:а|я|е|ь|ю)?", month)]
        if not stems:
            found.add(year)
        else:
            found.add(f"{year}-{stems[0]:02}" + (f"-{int(day):02}" if day else ""))
    return found


def known_dates(case: Case) -> set[str]:
    days = {case.as_of, *(entry.date for entry in case.timeline), *([case.held_since.isoformat()] if case.held_since else [])}
    return days | {day[:length] for day in days for length in (4, 7) if len(day) > length}


def known_years(case: Case) -> set[str]:
    """The years that stand in the timeline's own words, such as the end of a term."""
    return {year for entry in case.timeline for year in re.findall(r"\b\d{4}\b", entry.text)}


@pytest.mark.parametrize("language", ["en", "ru"])
def test_every_date_in_an_appeal_is_one_of_its_case(sample: Folder, language: str) -> None:
    cases = {case.slug: case for case in sample.cases}
    for appeal in sample.appeals:
        case = cases[appeal.case]
        named = dates_in(words_of(appeal, language), language)
        assert named <= known_dates(case) | known_years(case), appeal.key
        assert appeal.kind == "solidarity" or any(len(day) == 10 for day in named), appeal.key


def test_both_languages_name_the_same_dates(sample: Folder) -> None:
    for appeal in sample.appeals:
        assert dates_in(words_of(appeal, "en"), "en") == dates_in(words_of(appeal, "ru"), "ru"), appeal.key


def test_the_russian_timelines_name_the_same_numbers(sample: Folder) -> None:
    cases = {case.slug: case for case in sample.cases}
    for slug, words in sample.case_words["ru"].items():
        for theirs, ours in zip(cases[slug].timeline, words.timeline or [], strict=True):
            assert ours is not None  # the sample is translated whole
            assert set(re.findall(r"\d+", theirs.text)) == set(re.findall(r"\d+", ours)), ours


def test_petitions_and_letters_go_to_two_offices_of_the_case_s_country(sample: Folder) -> None:
    countries = {authority.key: authority.country for authority in sample.authorities}
    cases = {case.slug: case for case in sample.cases}
    for appeal in sample.appeals:
        if appeal.kind != "solidarity":
            assert [countries[target.authority] for target in appeal.targets] == [cases[appeal.case].country] * 2, appeal.key


def test_petitions_are_for_people_who_are_held_by_recent_news_that_sources_agree_on(sample: Folder) -> None:
    cases = {case.slug: case for case in sample.cases}
    for appeal in sample.appeals:
        assert (cases[appeal.case].status, cases[appeal.case].confidence) == ("imprisoned", "high"), appeal.key


def test_an_outline_leaves_room_on_its_page(sample: Folder) -> None:
    for appeal in sample.appeals:
        for words in appeal.texts.values():
            assert len((words.outline or "").split()) <= 180, appeal.key


def test_every_mailbox_of_the_sample_is_a_reserved_name(sample: Folder) -> None:
    assert all((authority.email or "").endswith("@authorities.example") for authority in sample.authorities)
    assert all(person.email.endswith("@example.org") for person in sample.people)
