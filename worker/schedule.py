"""When the worker looks for what waits, and on which queue. Every task is harmless when run twice."""

from typing import Any

QUEUES = {
    "mail.send": "mail",
    "dispatch.seal": "dispatch",
    "dispatch.send": "dispatch",
    "dispatch.deliver": "dispatch",
    "printing.prepare": "print",
    "printing.render": "print",
    "counts.keep": "sweep",
    "sweep.purge": "sweep",
    "sweep.stuck": "sweep",
    "sweep.files": "sweep",
}
_SECONDS = {
    "mail.send": 2,
    "dispatch.seal": 10,
    "dispatch.send": 5,
    "dispatch.deliver": 30,
    "printing.prepare": 3,
    "printing.render": 3,
    "counts.keep": 5,
    "sweep.stuck": 60,
    "sweep.files": 600,
    "sweep.purge": 600,
}
# A hint that was not fetched by the time the next one is made is worth nothing: it expires.
SCHEDULE: dict[str, dict[str, Any]] = {name: {"task": name, "schedule": seconds, "options": {"expires": max(10, seconds)}} for name, seconds in _SECONDS.items()}
