"""What a supporter typed stands nowhere in the open in a dump of a PostgreSQL database."""

import os
import shutil
import subprocess

from flask_mail import Mail

from campaign.app import CampaignApp
from campaign.db import db
from tests.catcher import Catcher
from tests.services import postgres_programs
from tests.system.journey import Journey

NAME, WORD, COMMENT, ADDRESS = "Kanarienne Vogelsangova", "Kanarienwort", "Kanarienkommentar", "kanarienpost@example.org"


def dump(url: str) -> bytes:
    """What `pg_dump` writes: every table with every row."""
    program = shutil.which("pg_dump") or str(postgres_programs() / "pg_dump")
    return subprocess.run([program, "--dbname", url], check=True, capture_output=True, env={**os.environ, "PGOPTIONS": ""}).stdout


def test_a_dump_holds_the_acts_and_no_word_of_who_acted(postgres_app: CampaignApp, smtp_catcher: Catcher) -> None:
    journey = Journey(postgres_app, postgres_app.test_client(), name=NAME, email=ADDRESS, words=f"I ask you. {WORD} stands here.", comment=COMMENT)
    journey.load_sample()
    journey.mail_to(smtp_catcher)
    journey.sign()
    journey.write("email")
    journey.write("print")
    journey.work("mail.send", "counts.keep")
    journey.take_bundle()
    db.session.remove()
    Mail(postgres_app)
    written = dump(postgres_app.settings.database)
    assert b"COPY public.signature" in written and b"COPY public.letter " in written, "the dump has the rows"
    assert b"Ulfatkhonim" in written, "and what is public stands in it"
    lowered = written.lower()
    for canary in (NAME, "Vogelsangova", WORD, COMMENT, ADDRESS, "kanarienpost"):
        plain = canary.lower().encode()
        for form in (plain, canary.encode().hex().encode(), canary.encode("utf-16-le").hex().encode()):
            assert form not in lowered, canary
