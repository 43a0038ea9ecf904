"""What stands on a letter: the same words on the page, on paper and in the mail, and of the writer only what was allowed."""

from datetime import date

import pytest

from campaign.app import CampaignApp
from campaign.cases.models import CaseName
from campaign.letters import offer
from campaign.letters.sheet import PHRASES, Draft, plain_text, sheet_of
from campaign.letters.writing import new_code
from campaign.paper import letters_pdf
from tests import made
from tests.paper.sheets import texts

TODAY = date(2026, 11, 24)


def draft(**values: object) -> Draft:
    """A draft to a Tajik office by somebody in Sweden."""
    row = made.appeal("letter")
    held = {"language": "en", "body": "Please release them.", "name": "Anna Testperson", "country": "SE", "to_authority": "first_name", **values}
    return Draft(appeal=row, version=row.versions[-1], authority=row.targets[0].authority, **held)  # type: ignore[arg-type]  # a test's own values


@pytest.mark.parametrize(
    ("shows", "language", "line"),
    [
        ("full_name", "en", "Anna Testperson, Sweden"),
        ("first_name", "en", "Anna, Sweden"),
        ("country", "en", "A supporter in Sweden"),
        ("counted", "en", "A supporter"),
        ("first_name", "ru", "Anna, Швеция"),
        ("country", "ru", "Неравнодушный человек (Швеция)"),
    ],
)
def test_paper_and_mail_say_of_the_writer_what_was_allowed(app: CampaignApp, shows: str, language: str, line: str) -> None:
    letter = draft(to_authority=shows, language=language)
    sheet = sheet_of(letter, posted_from="NO", mark="", today=TODAY)
    assert sheet.signature == line
    assert (sheet.sender, sheet.return_line) == ((), "")
    (page,) = texts(letters_pdf([sheet]))
    for text in (page, plain_text(letter)):
        assert line in text
        assert ("Testperson" in text) == (shows == "full_name")


def test_the_mail_says_salutation_words_closing_signature_and_when_the_facts_were_checked(app: CampaignApp) -> None:
    said = plain_text(draft()).replace("\u00a0", " ")
    assert said.split("\n\n") == [
        "Dear Office,",
        "Please release them.",
        "I would be glad to hear from you.",
        "Yours respectfully,\nAnna, Sweden",
        "Facts last checked on 22 November 2026\n",
    ]


def test_an_appeal_addresses_an_office_in_its_own_way(app: CampaignApp) -> None:
    letter = draft()
    letter.appeal.targets[0].salutations = {"en": "Your Excellency,"}
    assert sheet_of(letter, posted_from="NO", mark="", today=TODAY).salutation == "Your Excellency,"


@pytest.mark.parametrize(("posted_from", "line"), [("NO", "TADSJIKISTAN"), ("DE", "TADSCHIKISTAN"), ("FR", "TADJIKISTAN")])
def test_the_country_stands_last_in_the_language_of_the_country_of_posting(app: CampaignApp, posted_from: str, line: str) -> None:
    assert sheet_of(draft(), posted_from=posted_from, mark="", today=TODAY).address[-1] == line


def test_a_letter_that_stays_in_its_country_has_no_country_line(app: CampaignApp) -> None:
    assert sheet_of(draft(), posted_from="TJ", mark="", today=TODAY).address[-1] == "000000 Exampletown"


def test_a_solidarity_message_greets_the_defender_and_invites_no_reply(app: CampaignApp) -> None:
    row = made.appeal("solidarity", targets=[])
    row.case.names.append(CaseName(position=1, kind="native", text="Тест Озмоишӣ", search="test"))
    for language, greeting in (("en", "Dear Test Defender,"), ("ru", "Здравствуйте, Тест Озмоишӣ!")):
        message = Draft(row, row.versions[-1], None, language, "Spring is here.", "Anna", "SE", "first_name")
        sheet = sheet_of(message, posted_from="NO", mark="", today=TODAY)
        assert (sheet.salutation, sheet.body, sheet.address) == (greeting, "Spring is here.", ("Test Collection", "1 Example Street"))


def test_a_solidarity_message_says_nothing_of_the_case_on_its_sheet(app: CampaignApp) -> None:
    row = made.appeal("solidarity", targets=[])
    sheet = sheet_of(Draft(row, row.versions[-1], None, "en", "Spring is here.", "Anna", "SE", "first_name"), posted_from="NO", mark="", today=TODAY)
    printed = texts(letters_pdf([sheet]))[0].lower()
    assert "spring is here" in printed
    assert "check" not in printed
    assert "fact" not in printed


def test_only_languages_the_office_reads_and_the_appeal_has_words_in_are_offered(app: CampaignApp) -> None:
    row = made.appeal("letter", targets=[made.authority(languages=["tg", "ru"])])
    assert offer.languages(row.versions[-1], row.targets[0].authority) == ["ru"]
    assert offer.best_language(row.versions[-1], row.targets[0].authority, wished="en") == "ru"


def test_every_language_has_all_phrases_with_their_gaps() -> None:
    for said in PHRASES.values():
        assert all(said)
        assert ("{name}" in said.greeting, "{country}" in said.nameless_from, "{day}" in said.facts) == (True, True, True)


def test_codes_are_read_aloud_without_mistakes() -> None:
    codes = {new_code() for _number in range(1000)}
    assert len(codes) == 1000
    assert not set("".join(codes)) & set("ILOU")
