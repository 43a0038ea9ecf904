"""From a row to the bytes of a message: plain text, correct headers, nothing that could break out of a header."""

import json
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from typing import Any

from campaign.db import now_utc
from campaign.mail.models import OutgoingMail
from campaign.text import render


class TemplateWrong(Exception):
    """A mail's template does not begin with its subject."""


def one_line(text: str) -> str:
    """Text that stays within a header: no line breaks, no controls."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() else " " for char in text)
    return " ".join(text.split())


def build(mail: OutgoingMail, *, sender: str, domain: str, site_name: str, **words: Any) -> bytes:
    """The finished message, with its Message-ID at `domain`. Its template's first line is `Subject: …`, then a blank line, then the text."""
    feature, name = mail.kind.split("/")
    text = render(f"{feature}/emails/{name}.txt", language=mail.language, site_name=site_name, **words, **json.loads(mail.values))
    head, _, body = text.lstrip().partition("\n\n")
    if not head.startswith("Subject: "):
        raise TemplateWrong(mail.kind)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = one_line(head.removeprefix("Subject: "))
    message["From"] = formataddr((site_name, sender))
    message["To"] = mail.recipient
    message["Date"] = format_datetime(now_utc())
    message["Message-ID"] = f"<{mail.message_id}@{domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message["Content-Language"] = mail.language
    message.set_content(body.strip() + "\n", charset="utf-8")
    return message.as_bytes()
