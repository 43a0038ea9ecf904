"""The states of anything that is sent by e-mail, as a table."""

SENDING_STATES: dict[str, frozenset[str]] = {
    "ready": frozenset({"sending", "stopped"}),
    # Refused for now: ready again, with a later attempt. A crash in between: unknown, which a person resolves.
    "sending": frozenset({"sent", "ready", "failed", "unknown"}),
    "unknown": frozenset({"sent", "ready"}),
    "stopped": frozenset({"ready"}),
    "sent": frozenset(),
    "failed": frozenset({"ready"}),
}
SQL_STATES = ", ".join(f"'{state}'" for state in SENDING_STATES)


class NoSuchStep(Exception):
    """A transition that the table of states does not have."""


def check_step(table: dict[str, frozenset[str]], before: str, after: str) -> None:
    """Raise NoSuchStep unless `table` leads from `before` to `after`."""
    if after not in table[before]:
        raise NoSuchStep(f"{before} does not lead to {after}")
