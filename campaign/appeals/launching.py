"""What can be done with a launch: begun, typed, asked for, taken back, and published when a second person has granted it."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select, update

from campaign.appeals import schema
from campaign.appeals import typed as said
from campaign.appeals.models import Appeal, AppealTarget, AppealText, AppealVersion, Launch
from campaign.appeals.service import step
from campaign.appeals.typed import Fault, Office, Typed
from campaign.appeals.words import compared
from campaign.audit import service as audit
from campaign.authorities.models import Authority
from campaign.authorities.service import is_verified, office
from campaign.cases.models import Case
from campaign.db import db, new_id
from campaign.organisers import approvals, belonging
from campaign.organisers.models import Account, Approval
from campaign.text import _, lazy

PUBLISH = "appeal.publish"


class LaunchUnknown(Exception):
    """There is no such launch."""


class Unfinished(Exception):
    """Something is missing or wrong. It was kept as it is, and nobody was asked."""

    def __init__(self, faults: list[Fault]) -> None:
        super().__init__(faults)
        self.faults = faults


class EditedMeanwhile(Exception):
    """Somebody else has saved it since the page was opened. Nothing was saved."""


class NotADraft(Exception):
    """It waits for a second person, or was published: it is taken back before it is edited."""


def offices() -> dict[str, Office]:
    """Every office of the directory, by key."""
    rows = db.session.scalars(select(Authority).order_by(Authority.country, Authority.key))
    return {row.key: Office(row.key, office(row), is_verified(row), tuple(row.languages)) for row in rows}


def find(launch_id: uuid.UUID, *, by: Account, lock: bool = False) -> Launch:
    """A launch of theirs. Raises LaunchUnknown and NotTheirs."""
    query = select(Launch).where(Launch.id == launch_id)
    launch = db.session.scalar(query.with_for_update(of=Launch).execution_options(populate_existing=True) if lock else query)
    if launch is None:
        raise LaunchUnknown
    belonging.check(by, launch.organisation_id)
    return launch


def unfinished(*, by: Account, limit: int = 100) -> list[Launch]:
    """Launches of theirs that were not published yet, the newest first."""
    query = select(Launch).where(Launch.ended_at.is_(None), belonging.condition(by, Launch.organisation_id))
    return list(db.session.scalars(query.order_by(Launch.edited_at.desc()).limit(limit)))


def appeals_of(launch: Launch) -> list[Appeal]:
    """The appeals that were made of it."""
    return list(db.session.scalars(select(Appeal).where(Appeal.launch_id == launch.id).order_by(Appeal.kind)).unique())


def state_of(launch: Launch) -> str:
    """`draft`, `in_review`, `refused`, `scheduled` or `live`: where it stands as a whole."""
    states = {appeal.state for appeal in appeals_of(launch)}
    if launch.ended_at is not None:
        return "scheduled" if "scheduled" in states else "live"
    if "in_review" in states:
        return "in_review" if asked(launch) is not None else "refused"
    return "draft"


def asked(launch: Launch) -> Approval | None:
    """The request that waits for a second person, if one does."""
    return next(iter(approvals.waiting(kind=PUBLISH, of=launch.id)), None)


def begin(case: Case, typed: Typed, *, by: Account, now: datetime) -> Launch:
    """Keep what was typed for the first time. Raises NotTheirs."""
    belonging.check(by, case.organisation_id)
    launch = Launch(case_id=case.id, organisation_id=case.organisation_id, typed=typed, edits=1, edited_by=by.id, edited_at=now)
    db.session.add(launch)
    db.session.flush()
    audit.record(by=by.id, action="launch.begun", of=launch.id, now=now, details={"case": case.slug})
    return launch


def save(launch: Launch, typed: Typed, *, seen: int, by: Account, now: datetime) -> None:
    """Keep what was typed, with whatever is missing. Raises EditedMeanwhile and NotADraft."""
    if state_of(launch) != "draft":
        raise NotADraft
    if typed == launch.typed:
        return
    # One statement: of two who save at the same moment the second is told.
    kept = update(Launch).where(Launch.id == launch.id, Launch.edits == seen).values(typed=typed, edits=seen + 1, edited_by=by.id, edited_at=now)
    if db.session.scalar(kept.returning(Launch.id), execution_options={"synchronize_session": False}) is None:
        raise EditedMeanwhile
    db.session.refresh(launch)
    audit.record(by=by.id, action="launch.edited", of=launch.id, now=now)


def ask(launch: Launch, *, by: Account, now: datetime) -> None:
    """Ask a second person to publish it: its appeals are in review. Alone in their organisation, they publish it at once. Raises Unfinished and NotADraft."""
    if state_of(launch) != "draft":
        raise NotADraft
    faults = said.missing(launch.typed, offices=offices(), today=now.date())
    if faults:
        raise Unfinished(faults)
    for appeal in _made(launch, now=now):
        step(appeal, "in_review", now=now, by=by.id)
    after = compared(launch.typed, offices())
    approvals.ask(kind=PUBLISH, of=launch.id, by=by.id, before={}, after=after, organisation_id=launch.organisation_id, now=now)


def take_back(launch: Launch, *, by: Account, now: datetime) -> None:
    """What waits, was refused, or is scheduled is a draft again."""
    request = asked(launch)
    if request is not None:
        approvals.take_back(request, by=by.id, now=now)
    for appeal in appeals_of(launch):
        if appeal.state in ("in_review", "scheduled"):
            step(appeal, "draft", now=now, by=by.id)
            launch.ended_at = None


def throw_away(launch: Launch, *, by: Account, now: datetime) -> None:
    """A draft that nobody wants: it is listed no more. Raises NotADraft."""
    if state_of(launch) != "draft":
        raise NotADraft
    _forget(appeals_of(launch))
    launch.ended_at = now
    audit.record(by=by.id, action="launch.thrown_away", of=launch.id, now=now)


def _published(request: Approval, by: uuid.UUID, now: datetime) -> None:
    launch = db.session.get_one(Launch, uuid.UUID(request.object_id))
    appeals = [appeal for appeal in appeals_of(launch) if appeal.state == "in_review"]
    if not appeals:
        raise approvals.CannotBeDone(_("It was taken back meanwhile. Nothing was published."))
    moment = said.goes_live_at(launch.typed)
    later = moment is not None and moment > now
    for appeal in appeals:
        appeal.goes_live_at = moment if later else None
        for version in appeal.versions:
            version.published_at = now
        step(appeal, "scheduled" if later else "live", now=now, by=by)
    launch.ended_at = now


approvals.register(PUBLISH, _published, said=lazy("To publish a call to action"))


def _made(launch: Launch, *, now: datetime) -> list[Appeal]:
    """Its appeals as drafts, as they are typed now; what was made before and is not wanted any more goes."""
    kinds, kept = said.kinds_of(launch.typed), {appeal.kind: appeal for appeal in appeals_of(launch)}
    _forget(appeal for kind, appeal in kept.items() if kind not in kinds)
    keys = {row.key: row.id for row in db.session.scalars(select(Authority).where(Authority.key.in_(launch.typed.get("targets", ()))))}
    return [_fill(kept.get(kind) or _new(launch, kind), launch.typed, keys, now=now) for kind in kinds]


def _new(launch: Launch, kind: str) -> Appeal:
    slug = _free_slug(f"{launch.case.slug}-{kind}")
    appeal = Appeal(id=new_id(), slug=slug, case_id=launch.case_id, kind=kind, state="draft", organisation_id=launch.organisation_id, launch_id=launch.id)
    appeal.case = launch.case
    return appeal


def _free_slug(wanted: str) -> str:
    taken = set(db.session.scalars(select(Appeal.slug).where(Appeal.slug.startswith(wanted, autoescape=True))))
    return next(slug for slug in (wanted, *(f"{wanted}-{number}" for number in range(2, len(taken) + 3))) if slug not in taken)


def _fill(appeal: Appeal, typed: Typed, keys: dict[str, uuid.UUID], *, now: datetime) -> Appeal:
    checked = said.appeal_of(typed, appeal.kind, slug=appeal.slug, case=appeal.case.slug)
    appeal.act_before, appeal.milestones, appeal.channels = checked.act_before, checked.milestones, list(checked.channels)
    appeal.batch_size, appeal.batch_age_minutes, appeal.collect_lines = checked.batch.size, checked.batch.age_hours * 60, checked.collect_lines
    appeal.versions, appeal.targets = [], []
    db.session.add(appeal)
    db.session.flush()  # gone before the new ones come: they have the same keys
    appeal.versions.append(AppealVersion(number=1, published_at=now, demands=list(typed.get("demands", ())), texts=texts_for(checked)))
    for place, target in enumerate(checked.targets):
        appeal.targets.append(AppealTarget(authority_id=keys[target.authority], position=place, salutations=dict(target.salutation or {})))
    db.session.flush()
    return appeal


def texts_for(checked: schema.Appeal) -> list[AppealText]:
    """The words of a version, as its rows keep them."""
    return [
        AppealText(
            language=tag,
            title=words.title,
            summary=words.summary,
            text=words.text or "",
            subject=words.subject or "",
            outline=words.outline or "",
            rules="\n".join(f"- {rule}" for rule in words.rules or ()),
        )
        for tag, words in checked.texts.items()
    ]


def _forget(appeals: Iterable[Appeal]) -> None:
    for appeal in appeals:
        if appeal.state == "draft":
            db.session.delete(appeal)
    db.session.flush()
