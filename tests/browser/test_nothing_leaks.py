"""What a supporter typed is nowhere on the platform's disk in the open: not in the database, the files, the broker or the logs."""

import base64
from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import set_appeal
from tests.browser.mail import Inbox, wait_for
from tests.browser.people import Desk, Supporter
from tests.system.platform import Platform

NAME, WORD, COMMENT = "Kanarienne Vogelsangova", "Kanarienwort", "Kanarienkommentar"
MAILBOXES = "mail"  # what the catcher took is what the addressees have: there the words must be


def forms(words: str) -> list[bytes]:
    """The ways in which words lie open in a file: as they are, in UTF-16, as hexadecimal digits, in each base64 there is of them."""
    plain = words.encode()
    shifted = [base64.b64encode(b"\0" * shift + plain)[4:-4] for shift in (0, 1, 2)]
    return [plain, plain.lower(), plain.upper(), words.encode("utf-16-le"), plain.hex().encode(), plain.hex().upper().encode(), *shifted]


def files_with(folder: Path, words: str) -> set[str]:
    """The files below a folder that hold these words in one form or another."""
    return {path.relative_to(folder).parts[0] for path in folder.rglob("*") if path.is_file() and any(form in path.read_bytes() for form in forms(words))}


def test_what_a_supporter_typed_is_nowhere_in_the_open_but_in_the_mails(supporter: Supporter, volunteer: Desk, platform: Platform, inbox: Inbox) -> None:
    supporter.address = "kanarienpost@example.org"
    words = f"I write about the lawyer. {WORD} stands here so that it can be looked for."
    set_appeal(platform, "buzurgmehr-yorov-letter", batch_size=1)
    supporter.page.goto("/petitions/buzurgmehr-yorov-petition")
    supporter.page.get_by_label("Why you sign").fill(COMMENT)
    supporter.fill_in(name=NAME)
    supporter.press("Sign")
    supporter.follow_link(saying="confirm your signature")
    supporter.press("Confirm my signature")
    supporter.write("buzurgmehr-yorov-letter", words=words, name=NAME)
    supporter.confirm_letter(number=1)
    supporter.write("buzurgmehr-yorov-letter", words=words, way="On paper, we print and post it", name=NAME)
    supporter.confirm_letter(number=2)
    volunteer.take_a_bundle()
    supporter.page.goto("/")  # and a page that is only read
    supporter.page.goto(f"/?q={WORD}")
    wait_for(lambda: MAILBOXES in files_with(platform.instance, WORD), "the letter never reached the office")
    expect(supporter.page.get_by_role("heading").first).to_be_visible()

    for canary in (NAME, NAME.split()[1], WORD, COMMENT, supporter.address, supporter.address.split("@")[0]):
        assert files_with(platform.instance, canary) <= {MAILBOXES}, canary
    everything = {path.relative_to(platform.instance).parts[0] for path in platform.instance.rglob("*") if path.is_file()}
    assert {"campaign.sqlite", "broker", "files", "logs", MAILBOXES} <= everything, "each of the places was there to be looked into"


def test_the_search_for_canaries_finds_one_in_every_form(tmp_path: Path) -> None:
    for number, form in enumerate(forms(NAME)):
        (tmp_path / str(number)).write_bytes(b"before " + form + b" after")
    (tmp_path / "wrapped").write_bytes(base64.b64encode(b"x" + NAME.encode() + b"yz"))
    assert len(files_with(tmp_path, NAME)) == len(forms(NAME)) + 1


def test_logs_name_no_device_and_no_private_link(supporter: Supporter, platform: Platform) -> None:
    agent = supporter.page.request.get("/", headers={"User-Agent": "Kanarienbrowser/1.0", "X-Forwarded-For": "203.0.113.77"})
    assert agent.ok
    supporter.sign("ahmad-ibrohim-petition")
    link = supporter.follow_link(saying="confirm your signature")
    supporter.page.request.get("/signatures/nothing-like-a-link")
    logs = b"".join(path.read_bytes() for path in (platform.instance / "logs").iterdir())
    token = link.split("/")[2].split("?")[0].encode()
    for trace in (b"Kanarienbrowser", b"203.0.113.77", b"Mozilla", token):
        assert trace not in logs
