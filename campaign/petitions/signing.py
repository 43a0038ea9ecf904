"""Signing: a signature that waits for its mail to be answered. What becomes of it then: see service.py."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, select, update
from sqlalchemy.engine import Connection
from sqlalchemy.orm import aliased

from campaign.appeals import service as appeals
from campaign.appeals.models import HIDDEN_STATES, Appeal, AppealTarget, AppealText, AppealVersion
from campaign.authorities.models import Authority
from campaign.cases.models import Case
from campaign.db import db, new_id
from campaign.mail import service as mail
from campaign.petitions import newcomer
from campaign.petitions.models import Signature
from campaign.petitions.service import PENDING_KEPT
from campaign.prepared import Prepared
from campaign.supporters import service as supporters
from campaign.supporters.visibility import Visibility
from campaign.text import day_text

MOST_STANDING = 2
"""Signatures of one person under one petition that wait or are confirmed, each with its mail: the first, and once more."""
NAMING = (Visibility.FIRST_NAME, Visibility.FULL_NAME)


_newer = aliased(AppealVersion)
# One statement, built once: signing is what thousands do at the same time.
_PETITION = Prepared(
    select(
        *appeals.FACTS,
        Appeal.id,
        Case.country,
        AppealVersion.id,
        AppealVersion.number,
        AppealText.title,
        exists().where(AppealTarget.appeal_id == Appeal.id, AppealTarget.authority_id == Authority.id, Authority.country == bindparam("country")),
    )
    .select_from(Appeal)
    .join(Case, Case.id == Appeal.case_id)
    .join(AppealVersion, (AppealVersion.appeal_id == Appeal.id) & ~exists().where(_newer.appeal_id == Appeal.id, _newer.number > AppealVersion.number))
    .outerjoin(AppealText, (AppealText.version_id == AppealVersion.id) & (AppealText.language == bindparam("language")))
    .where(Appeal.slug == bindparam("slug"), Appeal.kind == "petition", Appeal.state.not_in(HIDDEN_STATES))
)


class TextChanged(Exception):
    """A newer version of the text was published while the page was open. Nothing is signed that was not on the page."""


class NameAtRisk(Exception):
    """The signer lives where the authority is, and would be named to it: they are warned first."""


class Petition(NamedTuple):
    """What is signed: the appeal, the version of its text, and the title."""

    appeal_id: uuid.UUID
    version_id: uuid.UUID
    title: str


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a signer typed and chose, checked; and which version of the text, in which language, was on the page."""

    name: str = field(repr=False)
    email: str = field(repr=False)
    comment: str = field(repr=False)
    country: str
    to_public: str
    to_authority: str
    insists: bool
    version: int
    language: str
    page_language: str
    updates_wording: str | None


def sign(*, slug: str, given: Given, link: Callable[[uuid.UUID], str], now: datetime) -> None:
    """Keep a signature until its mail is answered. The caller answers the same whatever happens here.

    Raises AppealUnknown, AppealPaused, AppealClosed, TextChanged and NameAtRisk, none of which depends on who signed before.
    """
    connection = db.session.connection()
    petition = _petition_for(slug, given, now, connection)
    person = supporters.newcomer(address=given.email, now=now)
    signature = _new_signature(given, petition, person["id"], now)
    asking = _asking(given, petition, signature["id"], kind="petitions/confirm", link=link, slot=now, now=now)
    if not newcomer.keep(connection, supporter=person, signature=signature, mail=mail.new_mail(**asking)):
        _sign_again(given, petition, link=link, now=now)


def _sign_again(given: Given, petition: Petition, *, link: Callable[[uuid.UUID], str], now: datetime) -> None:
    # Somebody who is known here, for whatever reason: their row is locked, and what they signed before is looked at.
    supporter = supporters.find_or_make(email=given.email, now=now)
    found = select(Signature.id, Signature.state, Signature.reminded, Signature.created_at)
    rows = db.session.execute(found.where(Signature.supporter_id == supporter.id, Signature.appeal_id == petition.appeal_id)).all()
    standing = [row for row in rows if row.state == "confirmed" or (row.state == "pending" and now - row.created_at <= PENDING_KEPT)]
    confirmed = next((row for row in standing if row.state == "confirmed"), None)
    if len(standing) >= MOST_STANDING or (confirmed is not None and confirmed.reminded):
        return
    slot = supporters.mail_slot(supporter, now=now, locked=True)
    if slot is None:
        return
    if standing:
        # Whichever of them is confirmed knows of the second mail when the other one is long purged.
        db.session.execute(update(Signature).where(Signature.id.in_([row.id for row in standing])).values(reminded=True))
    if confirmed is not None:
        mail.queue(**_asking(given, petition, confirmed.id, kind="petitions/already", link=link, slot=slot, now=now))
        return
    row = _new_signature(given, petition, supporter.id, now) | {"reminded": bool(standing)}
    db.session.add(Signature(**row))
    mail.queue(**_asking(given, petition, row["id"], kind="petitions/confirm", link=link, slot=slot, now=now))


def _asking(given: Given, petition: Petition, signature_id: uuid.UUID, *, kind: str, link: Callable[[uuid.UUID], str], slot: datetime, now: datetime) -> dict[str, Any]:
    values = {"title": petition.title, "link": link(signature_id), "until": day_text(now + PENDING_KEPT, given.page_language)}
    return {"kind": kind, "recipient": given.email, "values": values, "language": given.page_language, "not_before": slot, "now": now}


def _petition_for(slug: str, given: Given, now: datetime, connection: Connection) -> Petition:
    row = _PETITION.first(connection, {"slug": slug, "language": given.language, "country": given.country})
    if row is None:
        raise appeals.AppealUnknown(slug)
    *facts, appeal_id, country, version_id, number, title, in_a_target_country = row
    appeals.check_facts(appeals.Facts(*facts), now=now)
    if number != given.version or title is None:
        raise TextChanged(slug)
    if given.to_authority in NAMING and not given.insists and (in_a_target_country or given.country == country):
        raise NameAtRisk(slug)
    return Petition(appeal_id, version_id, title)


def _new_signature(given: Given, petition: Petition, supporter_id: uuid.UUID, now: datetime) -> dict[str, Any]:
    signature_id = new_id()
    return {
        "id": signature_id,
        "appeal_id": petition.appeal_id,
        "version_id": petition.version_id,
        "supporter_id": supporter_id,
        "language": given.language,
        "page_language": given.page_language,
        "state": "pending",
        "name_sealed": Signature.name.seal(given.name, id=signature_id),
        "comment_sealed": Signature.comment.seal(given.comment, id=signature_id) if given.comment else None,
        "country": given.country,
        "to_public": given.to_public,
        "to_authority": given.to_authority,
        "wants_updates": given.updates_wording is not None,
        "updates_wording": given.updates_wording,
        "created_at": now,
        "counted": False,
        "reminded": False,
    }
