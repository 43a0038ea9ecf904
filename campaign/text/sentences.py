"""What pydantic finds, said in sentences for the person who wrote the file."""

from collections.abc import Callable
from typing import Any

from pydantic_core import ErrorDetails

Sayer = Callable[[str, Any, dict[str, Any]], str]

SENTENCES: dict[str, Sayer] = {
    "missing": lambda name, value, of: f"“{name}” is missing",
    "extra_forbidden": lambda name, value, of: f"“{name}” is not a word that may stand here",
    "literal_error": lambda name, value, of: f"{name} “{value}” is not one of {of['expected'].replace(chr(39), '').replace(' or ', ', ')}",
    "value_error": lambda name, value, of: f"{name} {of['error']}".strip(),
    "held_and_free": lambda name, value, of: f"held_since is the first day of the present detention; with the status “{of['status']}” it must be null",
    "held_after_news": lambda name, value, of: f"held_since ({of['held_since']}) is after as_of ({of['as_of']})",
    "list_type": lambda name, value, of: f"{name} must be a list",
    "dict_type": lambda name, value, of: f"{name} must be a map of words to values",
    "model_type": lambda name, value, of: f"{name or 'this'} must be a map of words to values",
    "bool_type": lambda name, value, of: f"{name} must be true or false",
    "int_type": lambda name, value, of: f"{name} must be a whole number",
    "greater_than": lambda name, value, of: f"{name} must be more than {of['gt']}",
    "less_than_equal": lambda name, value, of: f"{name} must be at most {of['le']}",
    "string_too_long": lambda name, value, of: f"{name} is longer than {of['max_length']} characters",
    "too_long": lambda name, value, of: f"{name} has more than {of['max_length']} entries",
    "too_short": lambda name, value, of: f"{name} must not be empty",
}


def sentence(error: ErrorDetails) -> str:
    """One error as one sentence."""
    names = [str(part) for part in error["loc"] if isinstance(part, str) and part != "[key]"]
    say = SENTENCES.get(error["type"])
    value = error["input"]
    shown = value if not isinstance(value, str) or len(value) <= 80 else value[:80] + "…"
    name = names[-1] if names else ""
    return say(name, shown, error.get("ctx", {})) if say else f"{name}: {error['msg']}"
