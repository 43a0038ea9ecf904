"""`python -m bench [NAME …] [--quick]`: measure, print each ratio, write bench/results.json. Exit code 1 where one is not reached."""

import argparse
import sys
from collections.abc import Iterator
from importlib import import_module

from bench.figures import Result, tell

NAMES = ("signing", "pages", "sending", "printing", "growth")


def results(names: list[str], *, quick: bool) -> Iterator[Result]:
    """One benchmark after the other, so that what is known is told and kept even when a later one breaks."""
    for name in names:
        yield from import_module(f"bench.{name}").measure(quick=quick)


def main(words: list[str]) -> int:
    """Run those that are named, or all."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(NAMES)}")
    parser.add_argument("--quick", action="store_true", help="smaller runs: for trying out, not for deciding; nothing is written down")
    given = parser.parse_args(words)
    if unknown := set(given.names) - set(NAMES):
        parser.error(f"there is no benchmark {', '.join(sorted(unknown))}")
    return tell(results(given.names or list(NAMES), quick=given.quick), keep=not given.quick)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
