"""A folder read and checked as a whole: either all of it is right, or every fault is told at once."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError

from campaign.commands.folder.links import check_links
from campaign.commands.folder.schema import Appeal, Authority, Case, CaseWords, Drive, Group, Manifest, OpenLetter, Organisation, Partner, Person, Source
from campaign.text.faults import FolderFaults
from campaign.text.sentences import sentence
from campaign.text.typed_yaml import Document, Place, read_document

MANIFEST = "folder.yaml"
# What each file holds: the name of a part, and the model of each of its entries. Only the manifest must be there.
PARTS: dict[str, dict[str, type[BaseModel]]] = {
    "cases.yaml": {"sources": Source, "cases": Case},
    "authorities.yaml": {"authorities": Authority},
    "organisations.yaml": {"organisations": Organisation, "open_letters": OpenLetter},
    "appeals.yaml": {"appeals": Appeal},
    "drives.yaml": {"groups": Group, "drives": Drive},
    "people.yaml": {"people": Person},
    "partners.yaml": {"partners": Partner},
}
CASE_WORDS = re.compile(r"cases\.([A-Za-z-]{2,12})\.yaml")
MAPS = frozenset({"sources"})  # entries under a key of their own; all other parts are lists


@dataclass(frozen=True)
class Folder:
    """Everything a folder says, checked."""

    manifest: Manifest
    sources: dict[str, Source] = field(default_factory=dict)
    cases: list[Case] = field(default_factory=list)
    case_words: dict[str, dict[str, CaseWords]] = field(default_factory=dict)
    """By language, then by slug."""
    authorities: list[Authority] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)
    open_letters: list[OpenLetter] = field(default_factory=list)
    appeals: list[Appeal] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    drives: list[Drive] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    partners: list[Partner] = field(default_factory=list)


def read_folder(path: Path) -> Folder:
    """Read and check a folder. Raises FolderFaults with all that is wrong in it, sorted by file and line."""
    documents = {file.name: read_document(file) for file in _files(path)}
    found: dict[str, Any] = {"case_words": {}}
    for name, document in documents.items():
        _check_document(name, document, found)
    if MANIFEST not in documents:
        documents[MANIFEST] = Document(MANIFEST)
        documents[MANIFEST].fault(0, "this file is missing; it says what the folder is")
    check_links(documents)
    faults = [fault for document in documents.values() for fault in document.faults]
    if faults:
        raise FolderFaults(faults)
    return Folder(**found)


def _files(path: Path) -> list[Path]:
    if not path.is_dir():
        document = Document(str(path))
        document.fault(0, "there is no such folder")
        raise FolderFaults(document.faults)
    return sorted(file for file in path.iterdir() if file.suffix in (".yaml", ".yml"))


def _check_document(name: str, document: Document, found: dict[str, Any]) -> None:
    words = CASE_WORDS.fullmatch(name)
    if name != MANIFEST and name not in PARTS and words is None:
        document.faults.clear()
        document.fault(0, f"no file of this name is read; there may be {MANIFEST}, {', '.join(PARTS)} and cases.LANGUAGE.yaml")
    elif document.faults and document.data is None:
        return  # it could not be read, and says why
    elif name == MANIFEST:
        found["manifest"] = _entry(document, (), document.data, Manifest)
    elif words is not None:
        entries = _parts(document, {"cases": CaseWords}).get("cases", [])
        found["case_words"][words.group(1)] = {entry.slug: entry for entry in entries}
    else:
        found.update(_parts(document, PARTS[name]))


def _parts(document: Document, models: dict[str, type[BaseModel]]) -> dict[str, Any]:
    if not isinstance(document.data, dict):
        document.fault(0, f"this file must be a map with {' and '.join(f'“{name}”' for name in models)}")
        return {}
    for name in [name for name in document.data if name not in models]:
        document.fault(document.line((name,)), f"“{name}” is not a word that may stand here")
    return {name: _part(document, name, model) for name, model in models.items() if name in document.data}


def _part(document: Document, name: str, model: type[BaseModel]) -> Any:
    data = document.data[name]
    wanted = dict if name in MAPS else list
    if not isinstance(data, wanted):
        document.fault(document.line((name,)), f"“{name}” must be a {'map' if name in MAPS else 'list'}")
        return wanted()
    places = data if name in MAPS else range(len(data))
    entries = {place: _entry(document, (name, place), data[place], model) for place in places}
    return entries if name in MAPS else [entry for entry in entries.values() if entry is not None]


def _entry(document: Document, place: Place, data: Any, model: type[BaseModel]) -> Any:
    try:
        return model.model_validate(data)
    except ValidationError as error:
        for detail in error.errors(include_url=False):
            document.fault(document.line((*place, *detail["loc"])), sentence(detail))
        return None
