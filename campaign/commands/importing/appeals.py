"""Appeals and open letters of a folder, into the database."""

from datetime import datetime

from campaign.appeals.models import Appeal, AppealTarget, AppealText, AppealVersion
from campaign.authorities.models import Authority
from campaign.cases.models import Case
from campaign.commands.folder import Folder, schema
from campaign.commands.importing.rows import find, find_or_add, keep, keep_rows
from campaign.db import db
from campaign.openletters.models import OpenLetter, OpenLetterText, Signatory

TEXT_FACTS = ("language", "title", "summary", "text", "subject", "outline", "rules")


class ImportRefused(Exception):
    """The folder is right in itself, but does not fit what the database holds. The message says why."""


def load_appeals(folder: Folder, cases: dict[str, Case], authorities: dict[str, Authority], *, now: datetime) -> None:
    """Keep the appeals. A new one is live; one that is paused or closed stays so. Changed words make a new version.

    Raises ImportRefused where an appeal changed its kind or its case: what people signed would say something else.
    """
    for said in folder.appeals:
        appeal = _load_appeal(said, cases[said.case])
        targets = [
            AppealTarget(authority_id=authorities[target.authority].id, position=position, salutations=dict(target.salutation or {}))
            for position, target in enumerate(said.targets)
        ]
        keep_rows(appeal.targets, targets, facts=lambda row: (row.position, row.authority_id, sorted(row.salutations.items())))
        _keep_words(appeal, said, now=now)


def _load_appeal(said: schema.Appeal, case: Case) -> Appeal:
    values = {
        "act_before": said.act_before,
        "milestones": said.milestones,
        "channels": list(said.channels),
        "batch_size": said.batch.size,
        "batch_age_minutes": said.batch.age_hours * 60,
        "collect_lines": said.collect_lines,
    }
    appeal = find(Appeal, slug=said.key)
    if appeal is None:
        appeal = Appeal(slug=said.key, case_id=case.id, kind=said.kind, state="live", **values)
        db.session.add(appeal)
        db.session.flush()
    elif (appeal.kind, appeal.case_id) != (said.kind, case.id):
        raise ImportRefused(f"The appeal “{said.key}” is another one in the database: its kind and its case stay as they are. Give the new one a key of its own.")
    else:
        keep(appeal, **values)
    return appeal


def _keep_words(appeal: Appeal, said: schema.Appeal, *, now: datetime) -> None:
    wanted = [_text(language, words) for language, words in said.texts.items()]
    newest = appeal.versions[-1] if appeal.versions else None
    if newest is not None and sorted(map(_text_facts, newest.texts)) == sorted(map(_text_facts, wanted)):
        return
    appeal.versions.append(AppealVersion(number=newest.number + 1 if newest else 1, published_at=now, texts=wanted))


def _text(language: str, words: schema.AppealWords) -> AppealText:
    return AppealText(
        language=language,
        title=words.title,
        summary=words.summary,
        text=words.text or "",
        subject=words.subject or "",
        outline=words.outline or "",
        rules="\n".join(f"- {rule}" for rule in words.rules or ()),
    )


def _text_facts(text: AppealText) -> list[str]:
    return [getattr(text, name) for name in TEXT_FACTS]


def load_open_letters(folder: Folder) -> None:
    """Keep the open letters, and under each the organisations in the order of signature."""
    organisations = {organisation.key: organisation for organisation in folder.organisations}
    offices = {authority.key: authority.office for authority in folder.authorities}
    for said in folder.open_letters:
        letter = find_or_add(OpenLetter, {"key": said.key}, published_on=said.date)
        addressed_to = offices.get(said.addressed_to, said.addressed_to)
        words = [OpenLetterText(language=folder.manifest.languages[0], addressed_to=addressed_to, demand=said.demand)]
        keep_rows(letter.texts, words, facts=lambda row: (row.language, row.addressed_to, row.demand))
        signatories = [_signatory(organisations[key], position) for position, key in enumerate(said.signed)]
        keep_rows(letter.signatories, signatories, facts=lambda row: (row.position, row.name, row.country or "", row.clause or ""))


def _signatory(organisation: schema.Organisation, position: int) -> Signatory:
    name = f"{organisation.name} ({organisation.short})" if organisation.short else organisation.name
    return Signatory(position=position, name=name, country=organisation.country, clause=organisation.clause)
