"""What can be done with signatures: made, confirmed, taken back, purged."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, CursorResult, and_, bindparam, delete, exists, or_, select, text, update
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, aliased

from campaign.appeals import service as appeals
from campaign.appeals.models import Appeal, AppealTarget, AppealText, AppealVersion
from campaign.authorities.models import Authority
from campaign.cases.models import Case
from campaign.db import db, new_id
from campaign.mail import service as mail
from campaign.mail.states import check_step
from campaign.petitions import newcomer
from campaign.petitions.models import CONFIRMED, SIGNATURE_STATES, UNCONFIRMED, Signature
from campaign.prepared import Prepared
from campaign.supporters import service as supporters
from campaign.supporters.visibility import Visibility
from campaign.text import day_text

PENDING_KEPT = timedelta(days=7)
"""A signature that is not confirmed by then is purged."""
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
    .where(Appeal.slug == bindparam("slug"), Appeal.kind == "petition", Appeal.state != "draft")
)


class TextChanged(Exception):
    """A newer version of the text was published while the page was open. Nothing is signed that was not on the page."""


class NameAtRisk(Exception):
    """The signer lives where the authority is, and would be named to it: they are warned first."""


class SignatureGone(Exception):
    """The signature was not confirmed in time, or was taken back."""


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


@dataclass(frozen=True)
class Signed:
    """A signature, the petition it is under, and whether this person's name stands there for good."""

    signature: Signature
    appeal: Appeal
    title: str
    confirmed: bool


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


def look_up(*, signature_id: uuid.UUID, now: datetime) -> Signed:
    """What a link leads to. Raises SignatureGone, and for a signature that waits AppealPaused and AppealClosed."""
    row = db.session.execute(
        select(Signature, Appeal, AppealText.title)
        .join(Appeal, Appeal.id == Signature.appeal_id)
        .join(AppealText, (AppealText.version_id == Signature.version_id) & (AppealText.language == Signature.language))
        .where(Signature.id == signature_id)
    ).first()
    if row is None:
        raise SignatureGone
    signature, appeal, title = row
    if signature.state == "withdrawn" or (signature.state == "pending" and now - signature.created_at > PENDING_KEPT):
        raise SignatureGone
    confirmed = signature.state == "confirmed" or _has_signed(signature)
    if not confirmed:
        appeals.check_open(appeal, now=now)
    return Signed(signature, appeal, title, confirmed)


def _has_signed(signature: Signature) -> bool:
    found = select(Signature.id).where(Signature.supporter_id == signature.supporter_id, Signature.appeal_id == signature.appeal_id, text(CONFIRMED))
    return db.session.scalar(found.limit(1)) is not None


def confirm(*, signature_id: uuid.UUID, now: datetime) -> bool:
    """Put a signature under its petition. False where this person's name stands there already. Raises as `look_up` does."""
    signed = look_up(signature_id=signature_id, now=now)
    signature = signed.signature
    if signed.confirmed:
        return False
    try:
        # A savepoint: at the same moment another link of the same person may win, and the unique index says so.
        with db.session.begin_nested():
            won = _step(signature, "confirmed", confirmed_at=now)
    except IntegrityError:
        return False
    if won and signature.wants_updates and signature.updates_wording is not None:
        supporters.give_consent(
            signature.supporter_id, purpose="updates", about=signed.appeal.case_id, wording=signature.updates_wording, language=signature.page_language, now=now
        )
    return won


def withdraw(*, signature_id: uuid.UUID, now: datetime) -> None:
    """Take a confirmed signature back: its name and words are erased at once, and the worker takes it from the counts. Raises SignatureGone."""
    signed = look_up(signature_id=signature_id, now=now)
    signature = signed.signature
    if signature.state != "confirmed":
        raise SignatureGone
    _step(signature, "withdrawn")
    signature.name, signature.comment = "", None
    signature.to_public = signature.to_authority = Visibility.COUNTED.value


def _step(signature: Signature, state: str, **values: datetime) -> bool:
    """The one way from state to state, atomically: False where somebody else was first. Raises NoSuchStep."""
    check_step(SIGNATURE_STATES, signature.state, state)
    change = update(Signature).where(Signature.id == signature.id, Signature.state == signature.state).values(state=state, **values)
    done = db.session.execute(change, execution_options={"synchronize_session": False})
    assert isinstance(done, CursorResult), "an UPDATE without RETURNING"
    if done.rowcount == 1:
        db.session.refresh(signature)
    return done.rowcount == 1


def purge(*, now: datetime) -> int:
    """Forget signatures that nobody confirmed within seven days, and withdrawn ones that the counts have let go. Returns how many."""
    over = or_(and_(Signature.state == "pending", Signature.created_at < now - PENDING_KEPT), and_(Signature.state == "withdrawn", Signature.counted.is_(False)))
    done = db.session.execute(delete(Signature).where(text(UNCONFIRMED), over), execution_options={"synchronize_session": False})
    assert isinstance(done, CursorResult), "a DELETE without RETURNING"
    return done.rowcount


def holds(supporter_id: InstrumentedAttribute[uuid.UUID]) -> ColumnElement[bool]:
    """Whether a signature of a supporter is kept: a condition."""
    return exists().where(Signature.supporter_id == supporter_id)


supporters.register_holding("petitions", holds)
