"""Every transition of a bundle or a file goes through here, and what follows from it."""

from datetime import datetime, timedelta

from campaign.mail.states import check_step
from campaign.printing.models import BUNDLE_STATES, FILE_STATES, Bundle, PrintFile

KEPT_AFTER_POSTING = timedelta(days=14)


def step_bundle(bundle: Bundle, state: str, *, now: datetime) -> None:
    """Move a bundle. Raises NoSuchStep. When it ends, its files get the day on which they are deleted."""
    check_step(BUNDLE_STATES, bundle.state, state)
    bundle.state = state
    if not BUNDLE_STATES[state]:
        bundle.ended_at = now
        for file in bundle.files:
            file.delete_after = now + KEPT_AFTER_POSTING if state == "posted" else now


def step_file(file: PrintFile, state: str) -> None:
    """Move a file. Raises NoSuchStep. What is made again is claimed anew: an attempt under way is worth nothing."""
    check_step(FILE_STATES, file.state, state)
    file.state = state
    if state == "waiting":
        file.claimed_at = file.rendered_at = None


def make_again(file: PrintFile) -> None:
    """What the file holds has changed: it is made again, whatever is being made of it just now."""
    if file.state == "rendered":
        step_file(file, "waiting")
    file.claimed_at = None
