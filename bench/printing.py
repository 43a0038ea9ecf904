"""Print: the print room's own way to the bare engine's on the same words; and the memory that ten times as many letters take."""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import typst
from sqlalchemy import select

from bench.figures import Result, at_least, at_most, paired
from bench.letters import sheets
from bench.places import in_platform, platform
from campaign.paper import LetterSheet, letters_pdf

KNOWN = 250  # letters a second, documents of 50
IN_A_FILE = 50
IN_A_BUNDLE = 100  # the largest that a volunteer may take, and the most that is in one file
BARE = Path(__file__).with_name("bare.typ")


class BareEngine:
    """The engine alone, its fonts and compiler made once."""

    def __init__(self) -> None:
        self.compiler = typst.Compiler(root=BARE.parent, font_paths=typst.Fonts(include_system_fonts=False, include_embedded_fonts=True))

    def file(self, letters: Sequence[LetterSheet]) -> bytes:
        """One document, tagged as ours is."""
        data = [{**vars(sheet), "paragraphs": sheet.body.split("\n\n")} for sheet in letters]
        made = self.compiler.compile(BARE, format="pdf", sys_inputs={"data": json.dumps(data)}, pdf_standards=["ua-1"], timestamp=0)
        assert isinstance(made, bytes)
        return made


def measure(*, quick: bool) -> list[Result]:
    """The print room decides; typesetting by itself is told beside it. Then the memory."""
    return [_room(quick=quick), _paper(quick=quick), _memory(quick=quick)]


def _room(*, quick: bool) -> Result:
    with platform() as environment:
        said = in_platform(environment, "bench.printing", "room", *(("2", "3") if quick else ("20", "5")))
    ratio, ours, limit = json.loads(said.splitlines()[-1])
    return at_least("print", (ratio, ours, limit), 0.7, unit="letters/s", known=KNOWN)


def _paper(*, quick: bool) -> Result:
    said = in_platform({}, "bench.printing", "paper", *(("2", "3") if quick else ("10", "5")))
    ratio, ours, limit = json.loads(said.splitlines()[-1])
    return at_least("print, typesetting alone", (ratio, ours, limit), 0.7, unit="letters/s", known=KNOWN)


def _memory(*, quick: bool) -> Result:
    few = 200 if quick else 1000
    pairs = [(_peak(few * 10), _peak(few)) for _ in range(1 if quick else 2)]
    ratio = max(many / less for many, less in pairs)
    return at_most("print memory", (ratio, max(many for many, _ in pairs), max(less for _, less in pairs)), 1.3, unit="MB")


def _peak(count: int) -> float:
    return float(in_platform({}, "bench.printing", "memory", str(count)))


def room(files: int, rounds: int) -> tuple[float, float, float]:
    """Bundles that volunteers asked for: claimed, opened, set, sealed and written down; and the bare engine on the same sheets, in documents of 50."""
    from bench.fill import fill
    from campaign.app import create_app
    from campaign.db import db, now_utc
    from campaign.dispatch.models import BatchItem
    from campaign.letters.models import Letter
    from campaign.letters.sheet import sheet_of
    from campaign.organisers.models import Account
    from campaign.printing.models import Bundle
    from campaign.printing.prepare import prepare_next
    from campaign.printing.render import render_waiting

    app = create_app()
    with app.app_context():
        fill(files * IN_A_FILE * (rounds + 1), channel="print")
        volunteer = db.session.scalars(select(Account).where(Account.role == "volunteer").limit(1)).one().id
        now = now_utc()
        bundles = files * IN_A_FILE // IN_A_BUNDLE
        for _number in range(bundles * (rounds + 1)):
            db.session.add(Bundle(volunteer_id=volunteer, size=IN_A_BUNDLE, country="NO", asked_at=now, lease_until=now, state="asked"))
            db.session.commit()
            assert prepare_next(now=now), "it was asked for a moment ago"
            db.session.commit()
        query = select(Letter).join(BatchItem, BatchItem.letter_id == Letter.id).order_by(BatchItem.batch_id, BatchItem.position)
        letters = [sheet_of(letter, posted_from="NO", mark="", today=now.date()) for letter in db.session.scalars(query).unique()]
        db.session.remove()

        def ours() -> None:
            made = render_waiting(folder=app.settings.instance / "files", mark="", now=now_utc, commit=db.session.commit, limit=bundles)
            assert made == bundles, f"{made} of {bundles} files were made"
            db.session.remove()

        return _in_turn(ours, letters, files, rounds)


def paper(files: int, rounds: int) -> tuple[float, float, float]:
    """Typesetting alone."""
    letters = sheets(0, files * IN_A_FILE * (rounds + 1))
    waiting = _cut(letters)

    def ours() -> None:
        for _number in range(files):
            letters_pdf(waiting.pop(0))

    return _in_turn(ours, letters, files, rounds)


def _in_turn(ours: Callable[[], None], letters: list[LetterSheet], files: int, rounds: int) -> tuple[float, float, float]:
    # New letters in each round: the engine remembers what it has set before.
    engine, waiting = BareEngine(), _cut(letters)

    def bare() -> None:
        for _number in range(files):
            engine.file(waiting.pop(0))

    def speed(work: Callable[[], None]) -> float:
        start = time.perf_counter()
        work()
        return files * IN_A_FILE / (time.perf_counter() - start)

    return paired(lambda: speed(ours), lambda: speed(bare), rounds=rounds)


def _cut(letters: list[LetterSheet]) -> list[list[LetterSheet]]:
    return [letters[start : start + IN_A_FILE] for start in range(0, len(letters), IN_A_FILE)]


def peak(count: int) -> float:
    """The peak of this process in MB, after printing so many letters in files of 100."""
    for begin in range(0, count, 100):
        letters_pdf(sheets(begin, 100))
    # Of this programme alone: what getrusage tells begins with the peak of the process that started it.
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    what, *numbers = sys.argv[1:]
    print(json.dumps({"room": room, "paper": paper, "memory": peak}[what](*map(int, numbers))))  # type: ignore[operator]  # each takes its own
