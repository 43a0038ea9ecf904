"""Collect the texts that await translation, from code and templates, into campaign/translations/messages.pot."""

import argparse
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import write_po

NEEDS_APP = False
ROOT = Path(__file__).resolve().parents[2]
POT = ROOT / "campaign" / "translations" / "messages.pot"
METHODS = [("**.py", "python"), ("**.html", "jinja2"), ("**.txt", "jinja2")]
OPTIONS = {"**.html": {"trimmed": "true", "silent": "false"}, "**.txt": {"trimmed": "true", "silent": "false"}}
KEYWORDS = {**DEFAULT_KEYWORDS, "lazy": None}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments."""


def run(arguments: argparse.Namespace, app: None) -> int:
    """Write the template that translators start from: the same file for the same texts."""
    POT.parent.mkdir(exist_ok=True)
    with POT.open("wb") as file:
        write_po(file, collect(), omit_header=True, sort_output=True, no_location=True)
    return 0


def collect() -> Catalog:
    """All texts that a person reads, with their plural forms."""
    catalog = Catalog(charset="utf-8")
    for folder in ("campaign", "templates"):
        found = extract_from_dir(str(ROOT / folder), METHODS, OPTIONS, KEYWORDS, comment_tags=("Translators:",), strip_comment_tags=True)
        for file, line, message, comments, context in found:
            catalog.add(message, None, [(f"{folder}/{file}", line)], auto_comments=comments, context=context)
    return catalog
