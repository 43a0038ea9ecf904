"""Letters that wait, in a database with the sample: by e-mail for one office, or for paper."""

import uuid
from datetime import timedelta
from typing import cast

from sqlalchemy import Table, insert, select, update

from bench.letters import Written, written
from campaign.appeals.models import Appeal, AppealTarget
from campaign.authorities.models import Authority, Mailbox
from campaign.db import db, new_id, now_utc
from campaign.letters.models import Letter
from campaign.supporters.models import Supporter
from campaign.supporters.service import address_index

AT_ONCE = 1000


def fill(count: int, *, channel: str, first: int = 0) -> uuid.UUID:
    """Queue `count` confirmed letters for a live appeal of the sample, to an office whose mailbox has room for all. Gives the appeal's id."""
    appeal = db.session.scalars(select(Appeal).where(Appeal.kind == "letter", Appeal.state == "live").order_by(Appeal.slug).limit(1)).one()
    office = select(Authority.id).join(AppealTarget, AppealTarget.authority_id == Authority.id).join(Mailbox, Mailbox.authority_id == Authority.id)
    authority_id = db.session.scalars(office.where(AppealTarget.appeal_id == appeal.id).limit(1)).one()
    db.session.execute(update(Mailbox).where(Mailbox.authority_id == authority_id).values(hourly_cap=1_000_000))
    version_id = appeal.versions[-1].id
    for start in range(first, first + count, AT_ONCE):
        letters = written(start, min(AT_ONCE, first + count - start))
        people = [_person(letter) for letter in letters]
        db.session.execute(insert(cast(Table, Supporter.__table__)), people)
        rows = [_row(letter, person["id"], appeal.id, version_id, authority_id, channel) for letter, person in zip(letters, people, strict=True)]
        db.session.execute(insert(cast(Table, Letter.__table__)), rows)
    db.session.commit()
    return appeal.id


def _person(letter: Written) -> dict[str, object]:
    id, email = new_id(), f"test.supporter.{letter.number}@example.org"
    return {"id": id, "address_index": address_index(email), "email_sealed": Supporter.email.seal(email, id=id), "created_at": now_utc()}


def _row(letter: Written, supporter_id: object, appeal_id: uuid.UUID, version_id: uuid.UUID, authority_id: uuid.UUID, channel: str) -> dict[str, object]:
    id, long_ago = new_id(), now_utc() - timedelta(days=3)
    return {
        "id": id,
        "appeal_id": appeal_id,
        "version_id": version_id,
        "authority_id": authority_id,
        "supporter_id": supporter_id,
        "channel": channel,
        "language": letter.language,
        "state": "queued",
        "code": letter.code,
        "subject_sealed": Letter.subject.seal(letter.subject, id=id),
        "body_sealed": Letter.body.seal(letter.body, id=id),
        "name_sealed": Letter.name.seal(letter.name, id=id),
        "country": "NO",
        "to_authority": "first_name",
        "message_id": id.hex,
        "created_at": long_ago,
        "confirmed_at": long_ago,
        "countable": True,
    }
