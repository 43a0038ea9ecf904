"""Run as `python -m bench.newest PETITION` in a platform's environment: a few real signatures, the newest, that the public may read."""

import sys

from sqlalchemy import select

from campaign.app import create_app
from campaign.appeals.models import Appeal
from campaign.db import db, new_id, now_utc
from campaign.petitions.models import Signature
from campaign.supporters.service import find_or_make

FEW = 20


def main(slug: str) -> None:
    """Sign as some people would."""
    appeal = db.session.scalars(select(Appeal).where(Appeal.slug == slug)).one()
    for number in range(FEW):
        now = now_utc()
        supporter = find_or_make(email=f"test.newest.{number}@example.org", now=now)
        db.session.add(
            Signature(
                id=new_id(),
                appeal_id=appeal.id,
                version_id=appeal.versions[-1].id,
                supporter_id=supporter.id,
                language="en",
                page_language="en",
                state="confirmed",
                name=f"Test Supporter {number}",
                country="NO",
                to_public="first_name",
                to_authority="first_name",
                created_at=now,
                confirmed_at=now,
                counted=True,
            )
        )
    db.session.commit()


if __name__ == "__main__":
    with create_app().app_context():
        main(sys.argv[1])
