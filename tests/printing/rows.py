"""Letters that wait for paper, plainly fictional, and the worker's part done in the test's own process."""

from pathlib import Path

from campaign.app import CampaignApp
from campaign.appeals.models import Appeal
from campaign.appeals.service import current
from campaign.authorities.models import Authority
from campaign.db import db, new_id, now_utc
from campaign.dispatch.models import BatchItem
from campaign.letters.models import Letter
from campaign.organisers.models import Account
from campaign.printing import service
from campaign.printing.models import Bundle
from campaign.printing.prepare import prepare_next
from campaign.printing.render import render_waiting
from tests import made

WORDS = "I write about the test person.\n\nPlease release them."
MARK = "Sample, do not post"


def letter(appeal: Appeal, authority: Authority | None, number: int = 1, *, body: str = WORDS, name: str = "Canary Supporter", to_authority: str = "country") -> Letter:
    """A confirmed letter that waits in the pool."""
    now = now_utc()
    row = Letter(
        id=new_id(),
        appeal_id=appeal.id,
        version_id=current(appeal).id,
        authority_id=authority.id if authority else None,
        supporter_id=made.supporter(f"canary.{number}@example.org").id,
        channel="print",
        language="en",
        state="queued",
        code=new_code(),
        subject="The test person",
        body=body,
        name=name,
        country="SE",
        to_authority=to_authority,
        message_id=f"<{new_id().hex}@example.org>",
        created_at=now,
        confirmed_at=now,
        countable=True,
    )
    if hasattr(Letter, "page_language"):
        row.page_language = "en"
    db.session.add(row)
    return row


def new_code() -> str:
    """A sheet's code."""
    text = new_id().hex.upper()[-8:]
    return f"{text[:4]}-{text[4:]}"


def pool(size: int = 3, *, offices: int = 1) -> list[Letter]:
    """So many letters wait, spread over offices. Committed."""
    targets = [made.authority(f"office-{number}") for number in range(offices)]
    appeal = made.appeal("letter", targets=targets)
    letters = [letter(appeal, targets[number % offices], number) for number in range(size)]
    db.session.commit()
    return letters


def files_of(app: CampaignApp) -> Path:
    """Where the application keeps its rendered files."""
    return app.settings.instance / "files"


def taken(volunteer: Account, size: int = 5) -> Bundle:
    """A bundle that was asked for and sealed. Committed."""
    bundle = service.take(volunteer=volunteer, size=size, now=now_utc())
    db.session.commit()
    while prepare_next(now=now_utc()):
        db.session.commit()
    db.session.commit()
    db.session.expire_all()
    return bundle


def rendered(app: CampaignApp) -> int:
    """The worker makes every file that waits."""
    made_now = render_waiting(folder=files_of(app), mark=MARK, now=now_utc, commit=db.session.commit)
    db.session.expire_all()
    return made_now


def items(bundle: Bundle) -> list[BatchItem]:
    """The letters' places in a bundle."""
    return [item for entry in bundle.batches for item in entry.batch.items]
