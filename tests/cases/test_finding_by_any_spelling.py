"""A person is found by any spelling of the name."""

import pytest

from campaign.cases.spelling import fold


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("Tazhibek", "Makhabat Tajibek kyzy"),
        ("тажибек", "Makhabat Tajibek kyzy"),
        ("Ғурбатӣ", "Abdullo Ghurbati"),
        ("gurbati", "Абдулло Ғурбатӣ"),
        ("GURBATI", "Abdullo Ghurbati"),
        ("Khakimova", "Рухшона Ҳакимова"),
        ("Хакимова", "Rukhshona Hakimova"),
        ("Tajimuratov", "Dauletmurat Tadzhimuratov"),
        ("Açylowa", "Soltan Achylova"),
        ("Ёров", "Buzurgmehr Yorov"),
        ("Kholiqnazarov", "Манучеҳр Холиқназаров"),
        ("tajibek", "Махабат Тажибек кызы"),
        ("Имомали\u0304", "Далер Имомалӣ"),
    ],
)
def test_any_spelling_in_any_script_finds_the_name(query: str, name: str) -> None:
    assert fold(query) in fold(name)


def test_another_name_is_not_found() -> None:
    assert fold("Askarov") not in fold("Abdullo Ghurbati")


def test_signs_alone_find_nothing_in_particular() -> None:
    assert fold("  ‘’ – ! ") == ""
