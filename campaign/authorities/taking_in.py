"""Offices of a file into the directory: first what it would do, then all of it or nothing. New ones are unverified; another address of a known one takes two."""

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import select

from campaign.audit import service as audit
from campaign.authorities import editing
from campaign.authorities.checking import ChangedMeanwhile
from campaign.authorities.facts import Facts, address_said, facts_of, said
from campaign.authorities.files import Entry
from campaign.authorities.finding import alike
from campaign.authorities.models import Authority
from campaign.db import db
from campaign.organisers import approvals
from campaign.text.faults import Fault, FolderFaults


@dataclass(frozen=True)
class Would:
    """What an office of the file would do. `how`: `new`, `edited`, `moved` (another address) or `same`; `like`: offices that may be this one already."""

    entry: Entry
    facts: Facts
    how: str
    office: Authority | None
    lines: list[approvals.Line]
    like: list[Authority]


@dataclass(frozen=True)
class Plan:
    """All that a file would do. `mark` is another one as soon as the file or an office that it names is."""

    would: list[Would]
    mark: str

    def of(self, *how: str) -> list[Would]:
        """Those that would do this."""
        return [one for one in self.would if one.how in how]

    @property
    def like(self) -> list[Would]:
        """New ones that may be there already."""
        return [one for one in self.would if one.like]


def plan(entries: list[Entry], *, first: str) -> Plan:
    """What the file would do, and nothing is done. Raises FolderFaults where an office waits for a decision: it comes first."""
    would = [_would(entry, first) for entry in entries]
    waits = [one for one in would if one.office is not None and one.how != "same" and editing.asked_change(one.office)]
    if waits:
        raise FolderFaults([Fault("", one.entry.line, f"another address of “{one.entry.key}” waits for a second person: that is decided first") for one in waits])
    stands = [(one.entry.key, said(one.facts), editing.stamp(one.office) if one.office else "", one.how) for one in would]
    return Plan(would, sha256(json.dumps(stands).encode()).hexdigest())


def take_in(the_plan: Plan, *, by: uuid.UUID, now: datetime, alone: Callable[[Authority], uuid.UUID | None], told: Callable[[Authority], list[str]]) -> None:
    """Do what the plan says. Raises ChangedMeanwhile.

    `alone` gives the single-handed organisation in which `by` changes an office without a second person; `told` says what is under way to it.
    """
    for one in the_plan.would:
        if one.office is None:
            if one.entry.key and db.session.scalar(select(Authority.id).where(Authority.key == one.entry.key)) is not None:
                raise ChangedMeanwhile
            editing.make(one.facts, by=by, now=now, key=one.entry.key)
        elif one.how != "same":
            editing.change(one.office, one.facts, by=by, seen=editing.stamp(one.office), now=now, organisation_id=alone(one.office), told=told(one.office))
    counted = {how: len(the_plan.of(how)) for how in ("new", "edited", "moved", "same")}
    audit.record(by=by, action="authority.imported", of="file", now=now, details=counted)


def _would(entry: Entry, first: str) -> Would:
    office = db.session.scalar(select(Authority).where(Authority.key == entry.key)) if entry.key else None
    if office is None:
        facts = entry.facts(first, None)
        return Would(entry, facts, "new", None, approvals.compare({}, said(facts)), alike(facts))
    facts = entry.facts(first, facts_of(office))
    stands = said(editing.wanted_of(office))
    if stands == said(facts):
        return Would(entry, facts, "same", office, [], [])
    how = "moved" if address_said(facts) != address_said(facts_of(office)) else "edited"
    return Would(entry, facts, how, office, approvals.compare(said(facts_of(office)), said(facts)), [])
