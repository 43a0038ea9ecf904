"""Other words, or other demands, for an appeal that is public: a new version, by two people. What was signed stays as it was signed."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from campaign.appeals import typed as said
from campaign.appeals.launching import Unfinished, offices, texts_for
from campaign.appeals.models import Appeal, AppealVersion, Launch
from campaign.appeals.owner import owner
from campaign.appeals.service import current
from campaign.appeals.typed import CHECKS, Typed
from campaign.appeals.words import compared
from campaign.audit import service as audit
from campaign.cases.service import asked as asked_by_case
from campaign.db import db
from campaign.organisers import approvals, belonging
from campaign.organisers.approvals import Line
from campaign.organisers.models import Account, Approval
from campaign.text import _, lazy

REWORD = "appeal.reword"
OPEN = ("live", "paused")


class NotOpen(Exception):
    """There is no such appeal, or it is not public, or over: its words stay as they are."""


class WordedMeanwhile(Exception):
    """Another version was published since the page was opened. Nothing was asked."""


def find(slug: str, *, by: Account) -> Appeal:
    """An appeal of theirs whose words can be changed. Raises NotOpen and NotTheirs."""
    appeal = db.session.scalar(select(Appeal).where(Appeal.slug == slug).options(selectinload(Appeal.versions), selectinload(Appeal.targets)))
    if appeal is None or appeal.state not in OPEN:
        raise NotOpen
    belonging.check(by, owner(appeal))
    return appeal


def typed_of(appeal: Appeal, version: AppealVersion | None = None) -> Typed:
    """An appeal as it would have been typed, with the words of a version: the newest, if none is named."""
    version = version or current(appeal)
    texts = {text.language: text for text in version.texts}
    typed: dict[str, Any] = {
        "kinds": [appeal.kind],
        "languages": " ".join(sorted(texts)),
        "act_before": appeal.act_before.isoformat(),
        "demands": sorted(version.demands or asked_by_case(appeal.case)),
        "targets": [target.authority.key for target in appeal.targets],
        "channels": appeal.channels,
        f"milestones_{appeal.kind}": ", ".join(map(str, appeal.milestones)),
        "batch_size": str(appeal.batch_size),
        "batch_hours": str(max(appeal.batch_age_minutes // 60, 1)),
        "collect_lines": "\n".join(appeal.collect_lines or []),
        "checks": list(CHECKS),
    }
    for name, _kind, word, tag in said.texts_of([appeal.kind], texts):
        words = getattr(texts[tag], word)
        typed[name] = "\n".join(line.removeprefix("- ") for line in words.splitlines()) if word == "rules" else words.strip()
    return typed


def versions(appeal: Appeal) -> list[tuple[AppealVersion, list[Line]]]:
    """Its versions, the newest first, each with what it changed."""
    told = [compared(typed_of(appeal, version), {}) for version in appeal.versions]
    changes = [approvals.compare(before, after) for before, after in zip([{}, *told], told, strict=False)]
    return list(reversed(list(zip(appeal.versions, changes, strict=True))))


def asked(appeal: Appeal) -> Approval | None:
    """The request for other words that waits for a second person, if one does."""
    return next(iter(approvals.waiting(kind=REWORD, of=appeal.slug)), None)


def ask(appeal: Appeal, typed: Typed, *, seen: int, by: Account, now: datetime) -> None:
    """Ask a second person for other words. Raises WordedMeanwhile, and Unfinished. Where nothing differs nothing is asked."""
    if current(appeal).number != seen:
        raise WordedMeanwhile
    before, known = typed_of(appeal), offices()
    typed = {**before, **{name: value for name, value in typed.items() if name.startswith(f"{appeal.kind}__") or name in ("demands", "languages")}}
    # What is not asked here is not held against it: a day that is near, an office whose address is being checked anew.
    names = {name for name, *_rest in said.texts_of([appeal.kind], said.languages_of(typed))} | {"demands", "languages"}
    faults = [fault for fault in said.missing(typed, offices=known, today=now.date()) if fault[0] in names]
    if faults:
        raise Unfinished(faults)
    if compared(typed, known) == compared(before, known):
        return
    # What is granted is what was read: it is kept as it was typed, beside the difference that is shown.
    proposal = Launch(case_id=appeal.case_id, organisation_id=owner(appeal), typed={**typed, "version": seen}, edited_by=by.id, edited_at=now, ended_at=now)
    db.session.add(proposal)
    db.session.flush()
    after = {**compared(typed, known), _("Proposal"): str(proposal.id)}
    approvals.ask(kind=REWORD, of=appeal.slug, by=by.id, before=compared(before, known), after=after, organisation_id=owner(appeal), now=now)


def _reworded(request: Approval, by: uuid.UUID, now: datetime) -> None:
    proposal = db.session.get_one(Launch, uuid.UUID(list(request.after.values())[-1]))
    appeal = db.session.scalar(select(Appeal).where(Appeal.slug == request.object_id).with_for_update(of=Appeal).execution_options(populate_existing=True))
    if appeal is None or appeal.state not in OPEN or current(appeal).number != proposal.typed["version"]:
        raise approvals.CannotBeDone(_("It has other words by now, or is over. Nothing was changed: ask again with what is to be changed."))
    checked = said.appeal_of(proposal.typed, appeal.kind, slug=appeal.slug, case=appeal.case.slug)
    number = current(appeal).number + 1
    appeal.versions.append(AppealVersion(number=number, published_at=now, demands=list(proposal.typed["demands"]), texts=texts_for(checked)))
    audit.record(by=by, action="appeal.reworded", of=appeal.slug, now=now, details={"version": number})
    db.session.flush()


approvals.register(REWORD, _reworded, said=lazy("To change the words of a call to action"))
