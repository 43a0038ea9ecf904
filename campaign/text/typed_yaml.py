"""A YAML file to plain data that knows its lines.

Only the plain part of YAML is read: maps, lists, text, whole numbers, true, false and null. Tags, anchors and aliases are
refused (a few lines of aliases can unfold to gigabytes), and so is whatever two readers could take for two things:
a key given twice, tabs, characters that do not show. `NO` is Norway here, and a date stays the text that was typed.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from campaign.text.faults import Fault

MAX_BYTES = 2_000_000
MAX_DEPTH = 20
WHOLE_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,17})")
WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
QUOTED = ("'", '"', "|", ">")
# Letters, marks and numbers apart, a text may hold line ends and the joiners that Persian and emoji need.
SHOWN = {"\n", "\u200c", "\u200d"}
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times faster where the wheel brings libyaml
Place = tuple[str | int, ...]


@dataclass
class Document:
    """What one file says: plain data, and the line of each part of it."""

    file: str
    data: Any = None
    lines: dict[Place, int] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)

    def line(self, place: Place) -> int:
        """The line of a place, or of the nearest part around it that the file has. Parts it has not are passed over."""
        known: Place = ()
        for part in place:
            if (*known, part) in self.lines:
                known = (*known, part)
        return self.lines.get(known, 0)

    def fault(self, line: int, message: str) -> None:
        """Note that something is wrong at a line."""
        self.faults.append(Fault(self.file, line, message))


def read_document(path: Path) -> Document:
    """Read one file. What is wrong with it stands in `faults`; then `data` holds what could be read, or None."""
    try:
        with path.open("rb") as file:
            return read_bytes(path.name, file.read(MAX_BYTES + 1))
    except OSError as error:
        document = Document(path.name)
        document.fault(0, f"this file cannot be read ({error.strerror})")
        return document


def read_bytes(name: str, raw: bytes) -> Document:
    """The same for what a file of this name holds."""
    document = Document(name)
    text = plain_text(raw, document)
    if text is None or not _events_are_plain(text, document):
        return document
    node = yaml.compose(text, Loader=Loader)
    document.data = None if node is None else _plain(node, (), document)
    return document


def plain_text(raw: bytes, document: Document) -> str | None:
    """The text of a file, unless something is wrong with it."""
    if len(raw) > MAX_BYTES:
        document.fault(0, f"this file is larger than {MAX_BYTES:,} bytes")
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        document.fault(raw.count(b"\n", 0, error.start) + 1, "this is not UTF-8; save the file as UTF-8")
        return None
    text = text.replace("\r\n", "\n")
    _refuse_hidden(text, document)
    return None if document.faults else text


def _refuse_hidden(text: str, document: Document) -> None:
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            document.fault(number, "there is a tab here; use spaces")
        for character in sorted(set(line) - SHOWN - {"\t"}):
            if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs"} or character in "\u2028\u2029":
                document.fault(number, f"there is a character here that does not show (U+{ord(character):04X})")


def _events_are_plain(text: str, document: Document) -> bool:
    depth = documents = 0
    try:
        for event in yaml.parse(text, Loader=Loader):
            documents += isinstance(event, yaml.DocumentStartEvent)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            complaint = _complaint(event, depth, documents)
            if complaint:
                document.fault(event.start_mark.line + 1 if event.start_mark else 0, complaint)
                if depth > MAX_DEPTH:
                    break
    except yaml.YAMLError as error:
        # Text that was never closed is found at its end; the place to mend is where it began.
        began = getattr(error, "context_mark", None) if isinstance(error, yaml.scanner.ScannerError) else None
        mark = began or getattr(error, "problem_mark", None)
        problem = getattr(error, "problem", None) or "it cannot be read"
        document.fault(mark.line + 1 if mark else 0, f"this is not YAML: {problem}")
    return not document.faults


def _complaint(event: yaml.Event, depth: int, documents: int) -> str | None:
    if isinstance(event, yaml.AliasEvent):
        return f"references are not read here; write out what “*{event.anchor}” stands for"
    if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
        return f"references are not read here; take out “&{event.anchor}”"
    tag = getattr(event, "tag", None)
    if tag is not None:
        return f"tags are not read here; take out “{tag}”"
    if depth > MAX_DEPTH:
        return f"lists and maps are nested more than {MAX_DEPTH} deep here"
    if documents > 1 and isinstance(event, yaml.DocumentStartEvent):
        return "one file holds one document; take out “---”"
    return None


def _plain(node: yaml.Node, place: Place, document: Document) -> Any:
    document.lines.setdefault(place, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return _map(node, place, document)
    if isinstance(node, yaml.SequenceNode):
        return [_plain(item, (*place, index), document) for index, item in enumerate(node.value)]
    return _scalar(node.value, quoted=getattr(node, "style", None) in QUOTED)


def _map(node: yaml.MappingNode, place: Place, document: Document) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            document.fault(line, "a key must be a word")
            continue
        key = str(key_node.value)
        if key in values:
            document.fault(line, f"“{key}” is here twice; the first is on line {document.lines[(*place, key)]}")
            continue
        document.lines[(*place, key)] = line  # the key's line: a text that starts below it is still that key's text
        values[key] = _plain(value_node, (*place, key), document)
    return values


def _scalar(text: str, *, quoted: bool) -> str | int | bool | None:
    if quoted:
        return text
    if text in WORDS:
        return WORDS[text]
    return int(text) if WHOLE_NUMBER.fullmatch(text) else text
