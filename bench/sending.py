"""Letters by e-mail with every commit that safety needs, to a bare loop that builds each as an `EmailMessage`: one connection each, same sink."""

import json
import smtplib
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid
from pathlib import Path

from sqlalchemy import select

from bench.figures import Result, at_least, paired
from bench.places import ROOT, in_platform, platform, prepare, settings

KNOWN = 280  # messages a second, built and sent
SENDER, RECIPIENT = "post@writethemfree.example", "office@authorities.example"


@contextmanager
def sink() -> Iterator[int]:
    """The port of a mail server that takes everything."""
    process = subprocess.Popen([sys.executable, "-m", "bench.sink"], stdout=subprocess.PIPE, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None, "it was asked for"
        yield int(process.stdout.readline())
    finally:
        process.terminate()
        process.wait()


def measure(*, quick: bool) -> list[Result]:
    """PostgreSQL decides; SQLite is told beside it."""
    results = []
    with sink() as port:
        with platform() as environment:
            results.append(at_least("sending", _run(environment, port, quick=quick), 1.0, unit="letters/s", known=KNOWN))
        with tempfile.TemporaryDirectory(prefix="bench-") as folder:
            environment = settings("", Path(folder))
            prepare(environment)
            results.append(at_least("sending on SQLite", _run(environment, port, quick=quick), 1.0, unit="letters/s", known=KNOWN))
    return results


def _run(environment: Mapping[str, str], port: int, *, quick: bool) -> tuple[float, float, float]:
    said = in_platform({**environment, "MAIL_PORT": str(port)}, "bench.sending", *(("200", "3") if quick else ("5000", "3")))
    ratio, ours, limit = json.loads(said.splitlines()[-1])
    return ratio, ours, limit


def bare(texts: list[tuple[str, str]], port: int) -> float:
    """Messages a second: each built and sent over one connection, nothing else."""
    start = time.perf_counter()
    with smtplib.SMTP("127.0.0.1", port) as smtp:
        for subject, text in texts:
            message = EmailMessage()
            message["From"] = f"Write them free <{SENDER}>"
            message["To"] = RECIPIENT
            message["Reply-To"] = SENDER
            message["Subject"] = subject
            message["Date"] = format_datetime(datetime.now(UTC))
            message["Message-ID"] = make_msgid(domain="writethemfree.example")
            message.set_content(text)
            smtp.send_message(message)
    return len(texts) / (time.perf_counter() - start)


def compare(count: int, rounds: int) -> tuple[float, float, float]:
    """`count` letters a round, through the platform of the environment and through the bare loop."""
    from bench.fill import fill
    from campaign.app import create_app
    from campaign.db import db, now_utc
    from campaign.dispatch.seal import seal_email
    from campaign.dispatch.send import send_batches
    from campaign.letters.models import Letter
    from campaign.letters.sheet import plain_text
    from campaign.mail.connection import post_of
    from worker.tasks.dispatch import sender_of

    app = create_app()
    with app.app_context():
        fill(count * (rounds + 1), channel="email")
        while seal_email(now=now_utc()):
            db.session.commit()
        texts = [(letter.subject, plain_text(letter)) for letter in db.session.scalars(select(Letter).order_by(Letter.id).limit(count)).unique()]
        db.session.remove()

        def ours() -> float:
            start = time.perf_counter()
            with post_of(app) as post:
                sent = send_batches(post, sender=sender_of(app.settings), now=now_utc, limit=count)
            assert sent == count, f"{sent} of {count} letters were sent"
            return count / (time.perf_counter() - start)

        return paired(ours, lambda: bare(texts, app.settings.mail_port), rounds=rounds)


if __name__ == "__main__":
    print(json.dumps(compare(int(sys.argv[1]), int(sys.argv[2]))))
