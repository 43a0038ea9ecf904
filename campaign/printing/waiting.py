"""How many letters wait for paper: told roughly, without counting a table that may be long."""

from sqlalchemy import select

from campaign.appeals.models import Appeal
from campaign.authorities.models import Authority
from campaign.cases.models import Case
from campaign.db import db
from campaign.dispatch.may_leave import may_leave_on_paper
from campaign.letters.models import Letter

MOST_TOLD = 100


def waiting_letters(limit: int = MOST_TOLD + 1) -> int:
    """How many letters could be taken now, up to `limit`."""
    query = (
        select(Letter.id)
        .join(Appeal, Appeal.id == Letter.appeal_id)
        .join(Case, Case.id == Appeal.case_id)
        .outerjoin(Authority, Authority.id == Letter.authority_id)
        .where(Letter.channel == "print", Letter.state == "queued", may_leave_on_paper())
    )
    return len(db.session.scalars(query.limit(limit)).all())
