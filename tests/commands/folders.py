"""Small import folders, made for one test each. Everybody in them is fictional."""

from pathlib import Path

MANIFEST = """\
sample: true
checked_on: 2026-11-22
languages: [en, ru]
featured: [test-defender]
"""
CASES = """\
sources:
  test-source: {title: "Test report", publisher: "Test publisher", date: 2025}
cases:
  - slug: test-defender
    name: Test Defender
    native_name: Тест Дефендер
    also_known_as: [T. Defender]
    pronoun: she
    country: KG
    roles: [journalist]
    status: imprisoned
    as_of: 2025-12
    held_since: 2024-01-16
    confidence: high
    timeline:
      - {date: 2024-01-16, kind: arrest, text: "Arrested.", source: test-source}
      - {date: 2025, kind: sentence, text: "Sentenced.", source: test-source}
    demands: [release]
    sources: [test-source]
"""
CASE_WORDS = """\
cases:
  - slug: test-defender
    name: Тест Дефендер
    roles: [журналистка]
    timeline: ["Арестована.", "Приговорена."]
"""
AUTHORITIES = """\
authorities:
  - key: president-test
    office: President of Testland
    country: KG
    lines: ["1 Test Street", "720000 Bishkek"]
    salutation: {en: "Dear President,"}
    languages: [ky, en]
    email: president@office.example
    seen: null
"""
ORGANISATIONS = """\
organisations:
  - {key: test-group, name: Test Group, country: SE}
open_letters:
  - {key: test-letter, date: 2025-04-10, addressed_to: president-test, demand: "act", signed: [test-group]}
"""
APPEALS = """\
appeals:
  - key: test-petition
    case: test-defender
    kind: petition
    act_before: 2027-01-31
    milestones: [100, 250]
    targets: [{authority: president-test}]
    channels: [email]
    batch: {size: 20, age_hours: 24}
    texts:
      en: {title: "Release", summary: "Ask for release.", subject: "Petition", text: "Please release her."}
  - key: test-letter
    case: test-defender
    kind: letter
    act_before: 2027-01-31
    milestones: [25]
    targets: [{authority: president-test, salutation: {en: "Your Excellency,"}}]
    channels: [email, print, self]
    batch: {size: 20, age_hours: 24}
    texts:
      en: {title: "Write", summary: "Write a letter.", subject: "Letter", outline: "I am writing to you."}
      ru: {title: "Напишите", summary: "Напишите письмо.", subject: "Письмо", outline: "Пишу Вам."}
  - key: test-messages
    case: test-defender
    kind: solidarity
    act_before: 2027-01-31
    milestones: [25]
    targets: []
    channels: [self]
    batch: {size: 20, age_hours: 24}
    collect_lines: ["1 Example Street"]
    texts:
      en: {title: "A card", summary: "Send a card.", text: "Be kind.", rules: ["No politics."]}
"""
DRIVES = """\
drives:
  - key: test-drive
    starts: 2026-12-01
    ends: 2026-12-31
    goal: 10
    cases: [test-defender]
    texts:
      en: {name: "Test drive", lead: "A drive."}
"""
PEOPLE = """\
people:
  - {key: test-volunteer, name: Test Volunteer, email: volunteer@example.org, role: volunteer, country: NO}
"""
PARTNERS = """\
partners:
  - key: test-partner
    links: [{kind: follow, address: "https://news.example/test"}]
    texts:
      en: {name: Test Partner, about: "A fictional organisation."}
    cases: [test-defender]
    drives: [test-drive]
    people: [test-volunteer]
"""
FILES = {
    "folder.yaml": MANIFEST,
    "cases.yaml": CASES,
    "cases.ru.yaml": CASE_WORDS,
    "authorities.yaml": AUTHORITIES,
    "organisations.yaml": ORGANISATIONS,
    "appeals.yaml": APPEALS,
    "drives.yaml": DRIVES,
    "people.yaml": PEOPLE,
    "partners.yaml": PARTNERS,
}


def make_folder(path: Path) -> Path:
    """A small folder without a fault."""
    path.mkdir(parents=True, exist_ok=True)
    for name, text in FILES.items():
        (path / name).write_text(text, encoding="utf-8")
    return path


def change(path: Path, file: str, old: str, new: str) -> int:
    """Replace what stands once in a file, and give the line on which it stood."""
    text = (path / file).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"“{old}” stands {text.count(old)} times in {file}"
    (path / file).write_text(text.replace(old, new), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1
