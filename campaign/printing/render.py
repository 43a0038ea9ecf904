"""Making the PDF of what waits. Claimed and committed before it is set, so that a killed worker holds nothing up for long."""

import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import structlog
from sqlalchemy import or_, select, update

from campaign.db import db
from campaign.dispatch import paper as dispatch
from campaign.dispatch.models import Batch, BatchItem
from campaign.dispatch.steps import step_batch, step_item
from campaign.letters.sheet import sheet_of
from campaign.paper import AddressDoesNotFit, CoverSheet, LetterSheet, MissingGlyph, TooLong, letters_pdf
from campaign.printing import files
from campaign.printing.contents import file_items, open_items, stopped_items
from campaign.printing.cover import COUNTED, cover_of, without_codes
from campaign.printing.models import Bundle, PrintFile
from campaign.printing.service import end_if_nothing_is_left
from campaign.printing.steps import step_file
from campaign.security.keys import SealBroken

log = structlog.get_logger()
CLAIM_LASTS = timedelta(minutes=5)
"""Above the longest task: a claim that is older belongs to a worker that died, or to an attempt that failed."""


@dataclass(frozen=True)
class Job:
    """Everything that is set into one file, in plain words: no transaction is held while the engine works."""

    file_id: uuid.UUID
    claimed_at: datetime
    sheets: list[LetterSheet]
    cover: CoverSheet


def render_waiting(*, folder: Path, mark: str, now: Callable[[], datetime], commit: Callable[[], None], limit: int = 50) -> int:
    """Make the files that wait, the oldest first; while the engine sets one, the next is read. Commits around each one. Returns how many were made."""
    made = 0

    def next_job(left: int) -> Job | None:
        return _claim_and_gather(mark=mark, now=now, commit=commit) if left > 0 else None

    with ThreadPoolExecutor(1, thread_name_prefix="typesetter") as engine:
        job, begun = next_job(limit), 1
        while job is not None:
            setting, following = engine.submit(_set, job), None
            try:
                following = next_job(limit - begun)
            finally:  # whatever befell the next one, this one is kept
                made += _finish(job, setting, following, folder=folder, now=now, commit=commit)
            # What was set aside a moment ago waits again, without the letter that could not be printed.
            job, begun = following or next_job(limit - begun), begun + 1
    return made


def _finish(job: Job, setting: Future[bytes], following: Job | None, *, folder: Path, now: Callable[[], datetime], commit: Callable[[], None]) -> bool:
    """Keep what the engine made, and commit. Where that fails, the one that follows is let go: it has no part in the fault."""
    db.session.rollback()  # where reading the next one broke off, what it had begun
    try:
        made = _take(job, setting, folder=folder, now=now)
        commit()
    except Exception:
        db.session.rollback()
        if following is not None:
            _let_go(following)
            commit()
        raise
    return made


def _let_go(job: Job) -> None:
    """As if it had not been claimed."""
    mine = (PrintFile.id == job.file_id, PrintFile.state == "waiting", PrintFile.claimed_at == job.claimed_at)
    free = update(PrintFile).where(*mine).values(claimed_at=None, attempts=PrintFile.attempts - 1)
    db.session.execute(free, execution_options={"synchronize_session": False})


def _claim_and_gather(*, mark: str, now: Callable[[], datetime], commit: Callable[[], None]) -> Job | None:
    """The next file that waits and has letters in it."""
    while (file_id := claim_next(now=now())) is not None:
        commit()
        job = gather(file_id, mark=mark, now=now())
        commit()
        if job is not None:
            return job
    commit()
    return None


def claim_next(*, now: datetime) -> uuid.UUID | None:
    """Claim a file that waits, and that no living worker has."""
    free = or_(PrintFile.claimed_at.is_(None), PrintFile.claimed_at < now - CLAIM_LASTS)
    waiting = select(PrintFile.id).where(PrintFile.state == "waiting", PrintFile.delete_after.is_(None), free).order_by(PrintFile.id).limit(1)
    claim = (
        update(PrintFile)
        .where(PrintFile.id == waiting.with_for_update(skip_locked=True).scalar_subquery(), PrintFile.state == "waiting")
        .values(claimed_at=now, attempts=PrintFile.attempts + 1)
        .returning(PrintFile.id)
    )
    return db.session.scalar(claim, execution_options={"synchronize_session": False})


def gather(file_id: uuid.UUID, *, mark: str, now: datetime) -> Job | None:
    """What goes into a file. Letters that must not leave go back to the pool first; None where nothing is left."""
    file = db.session.get_one(PrintFile, file_id, populate_existing=True)
    bundle = db.session.scalars(select(Bundle).where(Bundle.id == file.bundle_id).with_for_update(of=Bundle)).one()
    if file.claimed_at is None or bundle.state not in ("taken", "printed"):
        return None
    items = file_items(file)
    stopped = stopped_items(items)
    for item in stopped:
        dispatch.return_item(item, now=now)
    if stopped:
        items = file_items(file)
    batch = db.session.get_one(Batch, file.batch_id)
    if not items:
        _close_empty(bundle, batch, file, now=now)
        return None
    sheets = []
    for item in items:
        try:
            sheets.append(sheet_of(item.letter, posted_from=bundle.country, mark=mark, today=now.date()))
        except SealBroken as fault:
            _leave_out(item, file, why=type(fault).__name__, now=now)
    if len(sheets) < len(items):
        return None  # it is claimed again at once, without them
    return Job(file.id, file.claimed_at, sheets, cover_of(bundle=bundle, batch=batch, letters=[item.letter for item in items], mark=mark))


def _close_empty(bundle: Bundle, batch: Batch, file: PrintFile, *, now: datetime) -> None:
    step_file(file, "deleted")
    if batch.state == "taken" and not open_items(batch.items):
        step_batch(batch, "returned", now=now)
    end_if_nothing_is_left(bundle, now=now)


def _take(job: Job, setting: Future[bytes], *, folder: Path, now: Callable[[], datetime]) -> bool:
    """Wait for the engine, and keep what it made; a letter that cannot be printed is left out."""
    try:
        pdf = setting.result()
    except (MissingGlyph, TooLong) as fault:
        _set_aside(job, fault, now=now())
        return False
    except AddressDoesNotFit:
        log.warning("file waits", file=job.file_id, why="the address does not fit the window")
        return False
    return keep(job, pdf, folder=folder, now=now())


def _set(job: Job) -> bytes:
    try:
        return letters_pdf(job.sheets, cover=job.cover, counted=COUNTED)
    except TooLong as fault:
        if fault.code != "cover":
            raise
        return letters_pdf(job.sheets, cover=without_codes(job.cover), counted=COUNTED)


def keep(job: Job, pdf: bytes, *, folder: Path, now: datetime) -> bool:
    """Write the file, unless it was claimed anew or changed meanwhile. False where the disk is full too: later then."""
    mine = (PrintFile.id == job.file_id, PrintFile.state == "waiting", PrintFile.claimed_at == job.claimed_at)
    file = db.session.scalar(select(PrintFile).where(*mine).with_for_update(), execution_options={"populate_existing": True})
    if file is None:
        return False
    try:
        # Inside the transaction that holds the row: a slower worker cannot write an older set of letters over this one.
        files.write(folder, job.file_id, pdf)
    except files.DiskFull:
        log.warning("file waits", file=job.file_id, why="the disk is full")
        return False
    step_file(file, "rendered")
    file.rendered_at = now
    return True


def _set_aside(job: Job, fault: MissingGlyph | TooLong, *, now: datetime) -> None:
    file = db.session.get_one(PrintFile, job.file_id, populate_existing=True)
    for item in file_items(file):
        if item.letter.code == fault.code:
            _leave_out(item, file, why=type(fault).__name__, now=now)


def _leave_out(item: BatchItem, file: PrintFile, *, why: str, now: datetime) -> None:
    """One letter cannot be printed: it is stopped, an organiser sees it, and the others do not wait for it.

    It leaves its batch as well: a batch holds what its files hold, or something would be called posted that was never printed.
    """
    dispatch.stop_item(item, now=now)
    step_item(item, "returned")
    file.claimed_at = None
    log.warning("letter cannot be printed", letter=item.letter.id, why=why)
