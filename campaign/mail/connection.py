"""One connection to the SMTP server, kept open for a batch: with a timeout, a checked certificate, and plain answers.

Flask-Mail as it comes has no timeout and accepts any certificate; this puts both right and keeps its settings.
"""

import re
import smtplib
import ssl
from collections.abc import Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Literal, Self

from flask import Flask
from flask_mail import Connection, Mail

Outcome = Literal["sent", "later", "refused", "unknown"]


# Nearly all addresses. smtplib takes each apart and puts it together again, which costs as much as a letter.
_PLAIN = re.compile(r"[A-Za-z0-9._%+=-]+@[A-Za-z0-9.-]+")


class ServerAway(Exception):
    """The SMTP server does not answer, or hangs up before a message was begun. Nothing was sent."""


@dataclass(frozen=True)
class Answer:
    """What became of one message. `words` are the server's own, cut short and without addresses."""

    outcome: Outcome
    words: str


class TimedConnection(Connection):
    """Flask-Mail's connection, opened with a timeout in seconds and a real certificate check."""

    timeout: float = 30

    def configure_host(self) -> smtplib.SMTP | smtplib.SMTP_SSL:
        mail = self.mail
        try:
            if mail.use_ssl:
                host: smtplib.SMTP | smtplib.SMTP_SSL = smtplib.SMTP_SSL(mail.server, mail.port, timeout=self.timeout, context=ssl.create_default_context())
            else:
                host = smtplib.SMTP(mail.server, mail.port, timeout=self.timeout)
            if mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if mail.username and mail.password:
                host.login(mail.username, mail.password)
            host.ehlo_or_helo_if_needed()
        except (OSError, smtplib.SMTPException) as fault:
            raise ServerAway(type(fault).__name__) from fault
        return host


class Post:
    """A connection that is opened at the first message and kept for the next ones. Use it as a context."""

    def __init__(self, mail: Mail, *, timeout: float) -> None:
        self._connection = TimedConnection(mail)
        self._connection.timeout = timeout

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def open(self) -> smtplib.SMTP:
        """The open connection. Raises ServerAway where there is none to be had."""
        if self._connection.host is None:
            self._connection.host = self._connection.configure_host()
        return self._connection.host

    def close(self) -> None:
        """Hang up politely; a server that is gone already is no fault."""
        host, self._connection.host = self._connection.host, None
        if host is not None:
            try:
                host.quit()
            except (OSError, smtplib.SMTPException):
                host.close()

    def send(self, message: bytes, *, sender: str, recipients: Sequence[str]) -> Answer:
        """Hand over one finished message. Raises ServerAway only where nothing of it was handed over."""
        host = self.open()
        try:
            code, words = host.docmd("MAIL", f"FROM:<{sender}>") if _PLAIN.fullmatch(sender) else host.mail(sender)
            for recipient in recipients:
                if code < 400:
                    code, words = host.docmd("RCPT", f"TO:<{recipient}>") if _PLAIN.fullmatch(recipient) else host.rcpt(recipient)
        except (OSError, smtplib.SMTPException) as fault:
            self.close()
            raise ServerAway(type(fault).__name__) from fault
        if code >= 400:
            self._reset()
            return _refusal(code, words, recipients)
        try:
            code, words = host.data(message)
        except smtplib.SMTPDataError as fault:
            self._reset()
            return _refusal(fault.smtp_code, fault.smtp_error, recipients)
        except (OSError, smtplib.SMTPException) as fault:
            # The server may have taken it: only a person can say.
            self.close()
            return Answer("unknown", type(fault).__name__)
        return Answer("sent", _clean(words, recipients)) if code == 250 else _refusal(code, words, recipients)

    def _reset(self) -> None:
        try:
            self.open().rset()
        except (OSError, smtplib.SMTPException, ServerAway):
            self.close()


def _refusal(code: int, words: bytes | str, recipients: Sequence[str]) -> Answer:
    return Answer("later" if 400 <= code < 500 else "refused", f"{code} {_clean(words, recipients)}")


def _clean(words: bytes | str, recipients: Sequence[str]) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    for recipient in recipients:
        said = said.replace(recipient, "…")
    return " ".join(said.split())[:200]


def post_of(app: Flask) -> Post:
    """A connection to the server of the settings."""
    return Post(app.extensions["mail"], timeout=app.config["MAIL_TIMEOUT"])
