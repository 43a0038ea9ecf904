"""Making an office and changing it. An address that letters go to is changed by two people; until somebody verifies it anew nothing goes there."""

import re
import unicodedata
import uuid
from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select

from campaign.audit import service as audit
from campaign.authorities.checking import ChangedMeanwhile, withdraw
from campaign.authorities.facts import Facts, address_said, facts_of, put, said, with_address
from campaign.authorities.history import keep_first, keep_version, number_of
from campaign.authorities.models import Authority
from campaign.db import db
from campaign.organisers import approvals
from campaign.organisers.models import Approval
from campaign.text import _, lazy
from campaign.text.spelling import fold

KIND = "authority.change"
SHEETS = "printed sheets"
UNDER_WAY = "letters under the old address"
HOLD, GO = "keep back", "may go"
"""What becomes of printed sheets that are still with volunteers."""
Moved = Callable[[Authority, str, datetime], None]
"""What follows elsewhere when an address is another one: the office, what was decided for printed sheets, when."""
LONGEST_KEY = 60
_moved: list[Moved] = []
_NO_KEY = re.compile(r"[^a-z0-9]+")


def when_moved(follows: Moved) -> None:
    """Say what follows in a feature above when an address changes. Called once, where the feature is defined."""
    _moved.append(follows)


def make(facts: Facts, *, by: uuid.UUID | None, now: datetime, key: str = "") -> Authority:
    """A new office. Nobody has verified it: nothing goes there yet."""
    authority = Authority(key=key or _new_key(facts), country=facts.country, lines=[], languages=[], address_by=by)
    put(authority, facts)
    db.session.add(authority)
    db.session.flush()
    keep_version(authority, by=by, now=now)
    audit.record(by=by, action="authority.made", of=authority.key, now=now, details=said(facts))
    return authority


def change(
    authority: Authority,
    facts: Facts,
    *,
    by: uuid.UUID,
    seen: str,
    now: datetime,
    organisation_id: uuid.UUID | None = None,
    sheets: str | None = None,
    told: Sequence[str] = (),
) -> Approval | None:
    """Make an office what was typed. `seen` is the stamp of what was on the page. Raises ChangedMeanwhile.

    Another address of an office that somebody vouches for waits for a second person: that request is given. All else is kept at once.
    `sheets` is what becomes of printed ones, where that was asked; `told` says what is under way, for whoever decides.
    In the single-handed organisation `organisation_id` it is granted at once.
    """
    db.session.refresh(authority, with_for_update=True)
    if stamp(authority) != seen:
        raise ChangedMeanwhile
    before = facts_of(authority)
    wanted, stands = address_said(facts), address_said(before)
    if not vouched_for(authority):
        _end_asking(authority, by=by, now=now)
        keep(authority, facts, by=by, now=now, sheets=sheets or HOLD)
        return None
    keep(authority, _but_address(facts, before), by=by, now=now)
    if wanted == stands:
        _end_asking(authority, by=by, now=now)
        return None
    asked = asked_change(authority)
    sheets = sheets or (_sheets(asked) if asked else HOLD)
    if asked is not None and wanted == {name: asked.after.get(name) for name in wanted} and sheets == _sheets(asked):
        return asked  # it waits already, and stays the request of whoever asked
    after = {**wanted, SHEETS: sheets, **({UNDER_WAY: list(told)} if told else {})}
    return approvals.ask(kind=KIND, of=authority.key, by=by, before=stands, after=after, organisation_id=organisation_id, now=now)


def keep(authority: Authority, facts: Facts, *, by: uuid.UUID | None, now: datetime, sheets: str = HOLD, action: str = "authority.edited") -> bool:
    """Make the rows say so and keep the version. For a changed address nobody vouches any more. Whether anything changed."""
    before = facts_of(authority)
    if said(before) == said(facts):
        return False
    keep_first(authority, now=now)
    put(authority, facts)
    if address_said(before) != address_said(facts):
        withdraw(authority)
        authority.address_by = by
        db.session.flush()
        for follows in _moved:
            follows(authority, sheets, now)
    db.session.flush()
    keep_version(authority, by=by, now=now)
    changes = approvals.compare(said(before), said(facts))
    audit.record(by=by, action=action, of=authority.key, now=now, details={line.name: [line.before, line.after] for line in changes})
    return True


def apply(request: Approval, by: uuid.UUID, now: datetime) -> None:
    """What is done when the second person grants another address. Raises CannotBeDone where the address is not any more the one that was compared."""
    authority = db.session.scalar(select(Authority).where(Authority.key == request.object_id).with_for_update(of=Authority).execution_options(populate_existing=True))
    if authority is None or address_said(facts_of(authority)) != request.before:
        raise approvals.CannotBeDone(_("The address is another one by now than the one that was compared. Nothing was changed; ask for it anew."))
    keep(authority, with_address(facts_of(authority), request.after), by=request.asked_by, now=now, sheets=_sheets(request), action="authority.moved")


approvals.register(KIND, apply, said=lazy("Another address of an office"))


def vouched_for(authority: Authority) -> bool:
    """Whether letters may go there now: somebody has verified the address or a mailbox."""
    return authority.verified_at is not None or any(mailbox.verified_at is not None for mailbox in authority.mailboxes)


def asked_change(authority: Authority) -> Approval | None:
    """The other address that waits for a second person, if one does."""
    return next(iter(approvals.waiting(kind=KIND, of=authority.key)), None)


def stamp(authority: Authority) -> str:
    """What a form carries to say what it was made from: the version, and the change that waited."""
    asked = asked_change(authority)
    return f"{number_of(authority)}.{asked.id.hex if asked else ''}"


def wanted_of(authority: Authority) -> Facts:
    """An office as it will be when what waits is granted: where editing begins."""
    asked = asked_change(authority)
    return with_address(facts_of(authority), asked.after) if asked else facts_of(authority)


def _sheets(request: Approval) -> str:
    return GO if request.after.get(SHEETS) == GO else HOLD


def _end_asking(authority: Authority, *, by: uuid.UUID, now: datetime) -> None:
    # Who asked takes it back; anybody else who saves the address as it stands has said no to it.
    asked = asked_change(authority)
    if asked is not None:
        (approvals.take_back if asked.asked_by == by else approvals.refuse)(asked, by=by, now=now)


def _but_address(facts: Facts, before: Facts) -> Facts:
    caps = {mailbox: facts.mailboxes.get(mailbox, cap) for mailbox, cap in before.mailboxes.items()}
    return Facts(before.country, before.lines, before.titles, facts.languages, facts.salutations, caps, facts.seen)


def _new_key(facts: Facts) -> str:
    # Of the words of its title that can be written in plain letters; pages and folders know it by that name.
    title = facts.titles.get("en") or next(iter(facts.titles.values()))
    plain = unicodedata.normalize("NFKD", fold(title) if not title.isascii() else title.lower()).encode("ascii", "ignore").decode()
    words = _NO_KEY.sub("-", plain).strip("-")[:LONGEST_KEY].strip("-") or "office"
    key = f"{words}-{facts.country.lower()}"
    taken = set(db.session.scalars(select(Authority.key).where(Authority.key.startswith(key, autoescape=True))))
    return next(one for one in (key, *(f"{key}-{number}" for number in range(2, len(taken) + 3))) if one not in taken)
