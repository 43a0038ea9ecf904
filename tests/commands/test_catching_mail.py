"""What the mail catcher of the sample keeps can be read by whoever opens the file."""

from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from aiosmtpd.smtp import Envelope

from campaign.commands.run.catcher import with_envelope

LINK = "http://127.0.0.1:8000/letters/confirm/" + "a1B2" * 20 + "?of=test"
TEXT = f"Подтвердите письмо:\n\n{LINK}\n\nIt works until 1\u00a0May.\n"


def kept(message: EmailMessage) -> bytes:
    """The file that the catcher makes of a message."""
    envelope = Envelope()
    envelope.mail_from = "post@example.org"
    envelope.rcpt_tos = ["one@example.org", "two@example.org"]
    envelope.original_content = message.as_bytes()
    return with_envelope(envelope)


def message(encoding: str) -> EmailMessage:
    """A message whose text is encoded so for its way."""
    made = EmailMessage(policy=policy.SMTP)
    made["Subject"] = "Письмо"
    made.set_content(TEXT, cte=encoding)
    return made


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_a_link_stands_in_the_file_in_one_piece(encoding: str) -> None:
    assert LINK in kept(message(encoding)).decode().split("\n")


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64", "8bit"])
def test_the_kept_message_says_the_same_as_the_one_that_came(encoding: str) -> None:
    read = message_from_bytes(kept(message(encoding)), policy=policy.default)
    assert (read["Subject"], read.get_content()) == ("Письмо", TEXT)
    assert read.get_all("X-Envelope-To") == ["one@example.org", "two@example.org"]


def test_a_message_with_a_file_stays_as_it_came() -> None:
    sent = message("quoted-printable")
    sent.add_attachment(b"\x00\xff", maintype="application", subtype="pdf", filename="names.pdf")
    assert kept(sent).endswith(sent.as_bytes().replace(b"\r\n", b"\n"))
