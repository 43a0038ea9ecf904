"""What can be done with organisations: found, worded, linked, edited, and their second person switched off or on."""

import hashlib
import json
import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from sqlalchemy import select

from campaign.audit import service as audit
from campaign.db import db
from campaign.organisers import belonging
from campaign.organisers.approvals import DECIDERS
from campaign.organisers.models import Account, Membership, Organisation, OrganisationText
from campaign.text import Said, one_language

LINK_KINDS = ("follow", "give", "join")
MOST_LINKS = 4
"""Of one kind."""
LONGEST_LINK = 300
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
LONGEST_SLUG = 60


class OrganisationUnknown(Exception):
    """There is no such organisation."""


class LinkWrong(ValueError):
    """Not an https address that can be shown with its host."""


class SlugTaken(ValueError):
    """Another organisation has this address, or it cannot be one."""


class Changed(Exception):
    """Somebody else saved since the form was opened."""


class NotAlone(Exception):
    """More than one person could decide: the second one is not switched off."""


@dataclass(frozen=True)
class Link:
    """How to help beyond letters: where it leads, and its host as it is shown."""

    kind: str
    address: str

    @property
    def host(self) -> str:
        return urlsplit(self.address).hostname or ""


@dataclass(frozen=True)
class Words:
    """An organisation's name and who it is, in one language."""

    name: str
    about: str


def find(slug: str) -> Organisation:
    """The organisation of this name. Raises OrganisationUnknown."""
    organisation = db.session.scalar(select(Organisation).where(Organisation.slug == slug))
    if organisation is None:
        raise OrganisationUnknown(slug)
    return organisation


def find_theirs(slug: str, *, by: Account) -> Organisation:
    """The same, for somebody who belongs to it, or an admin. Raises OrganisationUnknown and NotTheirs."""
    organisation = find(slug)
    belonging.check(by, organisation.id)
    return organisation


def listed(account: Account) -> list[Organisation]:
    """Those they belong to; all of them for an admin."""
    query = select(Organisation).where(belonging.condition(account, Organisation.id)).order_by(Organisation.slug)
    return list(db.session.scalars(query))


def named(organisation: Organisation) -> str:
    """Its name, knowing its language."""
    words = one_language(organisation.texts)
    return Said(words.name, words.language) if words is not None else organisation.slug


def links(organisation: Organisation) -> list[Link]:
    """Its links in the order of the kinds, whatever is kept that is none left out."""
    found = [Link(kind, address) for kind, _space, address in (one.partition(" ") for one in organisation.links) if kind in LINK_KINDS and _is_link(address)]
    return sorted(found, key=lambda link: LINK_KINDS.index(link.kind))


def check_link(address: str) -> str:
    """An address as it may be kept: https, a host with a dot, no name or password, nothing that does not show. Raises LinkWrong."""
    address = address.strip()
    if not _is_link(address):
        raise LinkWrong(address)
    return address


def _is_link(address: str) -> bool:
    if not address.isascii() or not address.isprintable() or len(address) > LONGEST_LINK or set(address) & set(' "<>\\^`{|}'):
        return False  # an address in another script is typed as its server knows it: then nobody takes one host for another
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return False
    host = parts.hostname or ""
    plain = re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.[a-z][a-z0-9-]+", host)
    return parts.scheme == "https" and plain is not None and port is None and parts.username is None and parts.password is None


def stamp(organisation: Organisation) -> str:
    """What a form showed, in short: another one when somebody saved since."""
    texts = sorted((text.language, text.name, text.about) for text in organisation.texts)
    return hashlib.sha256(json.dumps([texts, organisation.links]).encode()).hexdigest()[:16]


def save(organisation: Organisation, *, words: Mapping[str, Words], addresses: Sequence[Link], seen: str, by: Account, now: datetime) -> None:
    """Keep name and words by language, and the links. A language without a name is taken out. Raises NotTheirs, Changed and LinkWrong."""
    belonging.check(by, organisation.id)
    db.session.refresh(organisation, with_for_update=True)
    if stamp(organisation) != seen:
        raise Changed
    kept = [f"{link.kind} {check_link(link.address)}" for link in addresses]
    by_language = {text.language: text for text in organisation.texts}
    for language, said in words.items():
        text = by_language.get(language)
        if text is None and said.name:
            organisation.texts.append(OrganisationText(language=language, name=said.name, about=said.about))
        elif text is not None and said.name:
            text.name, text.about = said.name, said.about
        elif text is not None:
            organisation.texts.remove(text)
    organisation.links = kept
    db.session.flush()
    audit.record(
        by=by.id, action="organisation.edited", of=organisation.slug, now=now, details={"languages": sorted(text.language for text in organisation.texts), "links": kept}
    )


def make(*, slug: str, name: str, language: str, by: Account, now: datetime) -> Organisation:
    """A new organisation, with nobody in it. Raises SlugTaken."""
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG or db.session.scalar(select(Organisation.id).where(Organisation.slug == slug)):
        raise SlugTaken(slug)
    organisation = Organisation(slug=slug, links=[], single_handed=False, texts=[OrganisationText(language=language, name=name, about="")])
    db.session.add(organisation)
    db.session.flush()
    audit.record(by=by.id, action="organisation.made", of=slug, now=now)
    return organisation


def switch(organisation: Organisation, *, single_handed: bool, by: Account, now: datetime) -> None:
    """Switch the second person off, or on again. Raises NotTheirs, and NotAlone where two could decide. Pressed twice, it is written down once."""
    belonging.check(by, organisation.id)
    db.session.refresh(organisation, with_for_update=True)
    if organisation.single_handed == single_handed:
        return
    if single_handed and len(members(organisation.id, roles=DECIDERS)) > 1:
        raise NotAlone
    organisation.single_handed = single_handed
    audit.record(by=by.id, action="organisation.second_person_off" if single_handed else "organisation.second_person_on", of=organisation.slug, now=now)


def members(organisation_id: uuid.UUID, *, roles: Sequence[str] = ()) -> list[Account]:
    """Who belongs to it, by name."""
    query = select(Account).join(Membership, Membership.account_id == Account.id).where(Membership.organisation_id == organisation_id)
    accounts = db.session.scalars(query.where(Account.role.in_(roles)) if roles else query)
    return sorted(accounts, key=lambda account: account.name)


def working_alone(account: Account) -> list[Organisation]:
    """Those they belong to in which nobody looks a second time."""
    query = select(Organisation).join(Membership, Membership.organisation_id == Organisation.id)
    return list(db.session.scalars(query.where(Membership.account_id == account.id, Organisation.single_handed).order_by(Organisation.slug)))
