"""The house of the design, section 3: features import downwards only, in code and in names inside strings."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

import campaign.app  # noqa: F401  every model is known once the application is
from campaign.db import Base

ROOT = Path(__file__).parents[2]
LAYERS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"][0]["layers"]
HEIGHT = {name.strip("() "): len(LAYERS) - place for place, layer in enumerate(LAYERS) for name in layer.split("|")}
CODE = ("campaign", "worker")


def lint(tree: Path) -> subprocess.CompletedProcess[str]:
    program = Path(sys.executable).parent / "lint-imports"
    return subprocess.run([program, "--no-cache"], cwd=tree, env={"PYTHONPATH": str(tree), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True, check=False)


def copy(to: Path) -> Path:
    for folder in CODE:
        shutil.copytree(ROOT / folder, to / folder, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("pyproject.toml", "config.py"):
        shutil.copy(ROOT / file, to / file)
    return to


def test_the_contracts_hold(tmp_path: Path) -> None:
    result = lint(copy(tmp_path))
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("campaign/appeals/service.py", "from campaign.dispatch.models import Batch"),
        ("campaign/letters/service.py", "from campaign.petitions.models import Signature"),
        ("campaign/db.py", "import campaign.text"),
        ("campaign/overview/public.py", "import worker.app"),
        ("campaign/petitions/service.py", "import flask"),
        ("campaign/letters/service.py", "import celery"),
        ("campaign/letters/public.py", "import config"),
    ],
)
def test_a_planted_violation_is_found(tmp_path: Path, file: str, line: str) -> None:
    tree = copy(tmp_path)
    planted = tree / file
    text = planted.read_text()
    head, quotes, rest = text.partition('"""\n')  # after the docstring
    planted.write_text(f"{head}{quotes}\n{line}\n{rest}")
    result = lint(tree)
    assert result.returncode != 0, "a contract that cannot fail is none"
    assert "BROKEN" in result.stdout


def feature(module: str) -> str | None:
    """The layer a module belongs to, by the longest name that fits."""
    fitting = [name for name in HEIGHT if module == name or module.startswith(name + ".")]
    return max(fitting, key=len, default=None)


def upwards(text: str, home: str, owners: dict[str, str]) -> Iterator[str]:
    """Names of tables and classes above `home` that stand in strings of `text`: relationships, foreign keys, annotations."""
    for name in _names_in_strings(ast.parse(text)):
        owner = owners.get(name)
        if owner is not None and owner != home and HEIGHT[owner] >= HEIGHT[home]:
            yield f"{home} names {name} of {owner}"


def _names_in_strings(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        # Elsewhere a string is a word of everyday English: a letter is also a kind of appeal.
        named = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("relationship", "ForeignKey", "secondary")
        places = [node] if named else [node.annotation] if isinstance(node, ast.AnnAssign) else []
        for place in places:
            for one in ast.walk(place):
                if isinstance(one, ast.Constant) and isinstance(one.value, str):
                    yield from re.findall(r"\w+", one.value)


def owners() -> dict[str, str]:
    found = {}
    for mapper in Base.registry.mappers:
        home = feature(mapper.class_.__module__)
        assert home is not None
        found[mapper.class_.__name__] = home
        found[str(mapper.local_table)] = home
    return found


def test_no_model_names_a_table_above_it_in_a_string() -> None:
    known = owners()
    faults = [fault for path in ROOT.glob("campaign/*/models.py") for fault in upwards(path.read_text(), f"campaign.{path.parent.name}", known)]
    assert faults == []


def test_a_planted_name_in_a_string_is_found() -> None:
    planted = 'batch: Mapped["Batch"] = relationship("Batch")\nbatch_id = mapped_column(ForeignKey("batch.id"))'
    found = [fault.removeprefix("campaign.letters names ") for fault in upwards(planted, "campaign.letters", owners())]
    assert found == ["Batch of campaign.dispatch", "Batch of campaign.dispatch", "batch of campaign.dispatch"]
