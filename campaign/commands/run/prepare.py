"""What must be done before the parts start: bring the database up to date and load the sample, in one process to save time.

Every part of it can be done again without harm.
"""

import argparse
from types import ModuleType

from flask import Flask

from campaign.commands import importing, migrate
from campaign.commands.run.part import ROOT


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace, app: Flask) -> int:
    """Runs the commands as somebody would from the shell. The exit code of the first that fails, or 0."""
    return _command(migrate, [], app) or _command(importing, [str(ROOT / "sample")], app)


def _command(module: ModuleType, words: list[str], app: Flask) -> int:
    parser = argparse.ArgumentParser()
    module.add_arguments(parser)
    return int(module.run(parser.parse_args(words), app))
