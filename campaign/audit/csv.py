"""The trail as a spreadsheet, row by row. What somebody else typed may stand in a cell: none is left that a spreadsheet would run."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from campaign.audit.models import AuditEntry

HEAD = ("at", "person", "person_id", "action", "object", "details")
RUN = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a cell begins with that spreadsheet programs take for a formula (OWASP, CSV injection)."""


def parts(entries: Iterable[AuditEntry], *, name_of: Callable[[Any], str]) -> Iterator[str]:
    """The head, then a line an entry."""
    yield _line(HEAD)
    for entry in entries:
        details = json.dumps(entry.details, ensure_ascii=False, sort_keys=True) if entry.details else ""
        yield _line((entry.at.isoformat(), name_of(entry.actor_id), str(entry.actor_id or ""), entry.action, entry.object_id, details))


def safe(cell: str) -> str:
    """A cell that stays text, whatever program opens it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(RUN) or cell.startswith(RUN) else cell


def _line(cells: Iterable[str]) -> str:
    line = io.StringIO()
    csv.writer(line, quoting=csv.QUOTE_ALL).writerow([safe(cell) for cell in cells])
    return line.getvalue()
