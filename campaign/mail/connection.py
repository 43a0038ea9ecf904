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
# A line that begins with a dot gets one more, so that it does not end the message (RFC 5321, section 4.5.2).
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


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
            code, words = self._envelope(host, sender, recipients)
        except (OSError, smtplib.SMTPException) as fault:
            self.close()
            raise ServerAway(type(fault).__name__) from fault
        if code != 354:
            self._go_on_after(code)
            return Answer("refused" if 500 <= code < 600 else "later", _said(code, words, recipients))
        try:
            host.send(_LEADING_DOT.sub(b"..", message.removesuffix(b"\r\n")) + b"\r\n.\r\n")
            code, words = host.getreply()
        except (OSError, smtplib.SMTPException) as fault:
            # The server may have taken it: only a person can say.
            self.close()
            return Answer("unknown", type(fault).__name__)
        return self._settled(code, words, recipients)

    def _settled(self, code: int, words: bytes | str, recipients: Sequence[str]) -> Answer:
        """What the server's answer to a whole message means: its first digit says it (RFC 5321, section 4.2.1)."""
        if 200 <= code < 300:
            return Answer("sent", _clean(words, recipients))
        self._go_on_after(code)
        # An answer that is neither yes nor no: it may have taken the message, and only a person can say.
        outcome: Outcome = "later" if 400 <= code < 500 else "refused" if 500 <= code < 600 else "unknown"
        return Answer(outcome, _said(code, words, recipients))

    def _envelope(self, host: smtplib.SMTP, sender: str, recipients: Sequence[str]) -> tuple[int, bytes | str]:
        """What the server says to the envelope: 354 when it waits for the message, else its refusal."""
        if host.has_extn("pipelining") and all(_PLAIN.fullmatch(address) for address in (sender, *recipients)):
            return self._pipelined(host, sender, recipients)
        code, words = host.mail(sender)
        for recipient in recipients:
            if 200 <= code < 300:
                code, words = host.rcpt(recipient)
        return host.docmd("DATA") if 200 <= code < 300 else (_no(code), words)

    def _pipelined(self, host: smtplib.SMTP, sender: str, recipients: Sequence[str]) -> tuple[int, bytes | str]:
        # Three ways to the server become one, where it says that it can (RFC 2920).
        host.send("".join([f"MAIL FROM:<{sender}>\r\n", *(f"RCPT TO:<{recipient}>\r\n" for recipient in recipients), "DATA\r\n"]))
        *answers, last = [host.getreply() for _command in range(len(recipients) + 2)]
        refused = next((answer for answer in answers if not 200 <= answer[0] < 300), None)
        if refused is None:
            return last
        if 354 in (last[0], refused[0]):  # it waits for a message that must not go: only hanging up takes that back
            self._hang_up()
        return _no(refused[0]), refused[1]

    def _go_on_after(self, code: int) -> None:
        """Make the connection ready for the next message. After a goodbye (421), or words that are no refusal, it is worth nothing:
        what is heard next might be the answer to something else."""
        host = self._connection.host
        if host is None:
            return
        if code == 421 or not 400 <= code < 600:
            self._hang_up()
            return
        try:
            host.rset()
        except (OSError, smtplib.SMTPException):
            self.close()

    def _hang_up(self) -> None:
        host, self._connection.host = self._connection.host, None
        if host is not None:
            host.close()


def _no(code: int) -> int:
    # To MAIL or RCPT a 354 is no leave to begin: it is as little an answer as words without a number.
    return code if 400 <= code < 600 else -1


def _said(code: int, words: bytes | str, recipients: Sequence[str]) -> str:
    return f"{code} {_clean(words, recipients)}"


def _clean(words: bytes | str, recipients: Sequence[str]) -> str:
    said = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    for recipient in recipients:
        said = said.replace(recipient, "…")
    said = _PLAIN.sub("…", said)  # servers write an address in another case, or name the mailbox behind it
    return " ".join(said.split())[:200]


def post_of(app: Flask) -> Post:
    """A connection to the server of the settings."""
    return Post(app.extensions["mail"], timeout=app.config["MAIL_TIMEOUT"])
