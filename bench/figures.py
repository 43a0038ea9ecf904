"""What a benchmark says: a figure, the limit of the same run, their ratio, and whether that is enough."""

import json
import os
import platform
import statistics
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).with_name("results.json")


@dataclass(frozen=True)
class Result:
    """`ratio` is ours to the limit, the median of paired rounds. `floor`: half of what the limit is known to reach; below it nothing was measured."""

    name: str
    ratio: float
    ours: float
    limit: float
    unit: str
    needed: str
    passed: bool
    remark: str = ""


def paired(ours: Callable[[], float], limit: Callable[[], float], *, rounds: int) -> tuple[float, float, float]:
    """Both in turn, A B A B: the median of the ratios, and of both figures. The first round of each warms up and does not count."""
    ours(), limit()
    pairs = [(ours(), limit()) for _ in range(rounds)]
    return statistics.median(a / b for a, b in pairs), statistics.median(a for a, _ in pairs), statistics.median(b for _, b in pairs)


def at_least(name: str, figures: tuple[float, float, float], needed: float, *, unit: str, known: float = 0) -> Result:
    """A throughput: passed when the ratio is `needed` or more, and the limit at least half of `known` (shared figures of the project)."""
    ratio, ours, limit = figures
    slow = limit < known / 2
    remark = f"the limit reached {limit:.0f} {unit}, less than half of the known {known:.0f}: a slow limit flatters, so this counts as failed" if slow else ""
    return Result(name, round(ratio, 3), round(ours, 1), round(limit, 1), unit, f">= {needed}", ratio >= needed and not slow, remark)


def at_most(name: str, figures: tuple[float, float, float], needed: float, *, unit: str) -> Result:
    """A cost: passed when the ratio is `needed` or less."""
    ratio, ours, limit = figures
    return Result(name, round(ratio, 3), round(ours, 3), round(limit, 3), unit, f"<= {needed}", ratio <= needed)


def machine() -> dict[str, str | int]:
    """What it was measured on."""
    models = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines() if line.startswith("model name")]
    return {"cpu": models[0] if models else platform.machine(), "cores": os.cpu_count() or 0, "python": platform.python_version(), "system": platform.system()}


def tell(results: Iterable[Result], *, keep: bool) -> int:
    """Print each; with `keep` write them down too (those that were not measured this time stay). Returns the exit code."""
    kept = {row["name"]: row for row in json.loads(RESULTS.read_text())["results"]} if RESULTS.exists() else {}
    failed = 0
    for result in results:
        failed += not result.passed
        word = "ok    " if result.passed else "FAILED"
        print(f"{word} {result.name}: {result.ratio:.3f} (needed {result.needed}); {result.ours:g} to {result.limit:g} {result.unit}", flush=True)
        if result.remark:
            print(f"       {result.remark}", file=sys.stderr)
        kept[result.name] = asdict(result)
        if not keep:
            continue
        RESULTS.write_text(json.dumps({"machine": machine(), "results": list(kept.values())}, indent=1, ensure_ascii=False) + "\n")
    return 1 if failed else 0
