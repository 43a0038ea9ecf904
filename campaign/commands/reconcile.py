"""Prove the kept counts: compare them with the signatures and letters themselves, and correct them when asked to."""

import argparse
import sys
import uuid
from collections import Counter, defaultdict
from datetime import date

from flask import Flask
from sqlalchemy import select, update

from campaign.appeals.models import Appeal, AppealCount, AppealDay
from campaign.appeals.service import add_counts
from campaign.db import db, start_reading, touch_public
from campaign.letters import counts as letters
from campaign.petitions import counts as signatures

TOTAL = ""
"""In place of a country: the appeal's total. A day stands there too, as 2026-12-01."""
Counts = dict[tuple[uuid.UUID, str], int]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Whether to correct what differs."""
    parser.add_argument("--mend", action="store_true", help="correct the kept counts")


def run(arguments: argparse.Namespace, app: Flask) -> int:
    """Print what differs. Returns 1 where something does and was not mended."""
    true, kept = _both()
    wrong = {key: true.get(key, 0) - kept.get(key, 0) for key in sorted(true.keys() | kept.keys()) if true.get(key, 0) != kept.get(key, 0)}
    slugs = dict(db.session.execute(select(Appeal.id, Appeal.slug)).all())
    for (appeal_id, country), missing in wrong.items():
        print(f"{slugs[appeal_id]}, {country or 'in all'}: kept {kept.get((appeal_id, country), 0)}, true {true.get((appeal_id, country), 0)} ({missing:+})")
    if not wrong:
        print("The kept counts are true.")
        return 0
    if not arguments.mend:
        print("Run it again with --mend to correct them.", file=sys.stderr)
        return 1
    _mend(wrong)
    print(f"{len(wrong)} mended.")
    return 0


def _both() -> tuple[Counts, Counts]:
    """What the counts should be and what they are, at one moment: the worker goes on counting meanwhile."""
    db.session.rollback()
    if db.engine.dialect.name == "postgresql":
        db.session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    true: Counter[tuple[uuid.UUID, str]] = Counter()
    days: Counter[tuple[uuid.UUID, str]] = Counter()
    for feature in (signatures, letters):
        true.update(feature.true_counts())
        days.update(feature.true_days())
    totals: Counts = defaultdict(int)
    for (appeal_id, _country), actions in true.items():
        totals[appeal_id, TOTAL] += actions
    rows = db.session.execute(select(AppealCount.appeal_id, AppealCount.country, AppealCount.actions))
    kept = {(appeal_id, country): actions for appeal_id, country, actions in rows}
    kept |= {(appeal_id, day.isoformat()): actions for appeal_id, day, actions in db.session.execute(select(AppealDay.appeal_id, AppealDay.day, AppealDay.actions))}
    kept |= {(appeal_id, TOTAL): actions for appeal_id, actions in db.session.execute(select(Appeal.id, Appeal.actions))}
    db.session.rollback()
    return {**true, **totals, **days}, kept


def _mend(wrong: Counts) -> None:
    # Differences are added, not totals written: what the worker counts at this moment stays counted.
    start_reading(False)
    by_country = {key: missing for key, missing in wrong.items() if len(key[1]) == 2}
    days = [(appeal_id, date.fromisoformat(day), missing) for (appeal_id, day), missing in wrong.items() if len(day) > 2]
    add_counts([(appeal_id, country, missing) for (appeal_id, country), missing in by_country.items()], days=days)
    totals: Counts = Counter({key: missing for key, missing in wrong.items() if key[1] == TOTAL})
    for (appeal_id, _country), missing in by_country.items():
        totals[appeal_id, TOTAL] -= missing  # add_counts has put it into the total already
    for (appeal_id, _total), missing in totals.items():
        db.session.execute(update(Appeal).where(Appeal.id == appeal_id).values(actions=Appeal.actions + missing), execution_options={"synchronize_session": False})
    touch_public(db.session())
    db.session.commit()
