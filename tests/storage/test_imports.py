"""The chat's machine need not have torch, and rooms are entered one way."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import migrations
import storage

ROOMS = {"storage": ("engine.declarations", "engine.settings"), "migrations": ("storage",)}
PROJECT = ("bot", "engine", "migrations", "storage")
FILES = [
    path
    for room in (storage, migrations)
    for path in sorted(Path(room.__file__).parent.rglob("*.py"))
]


def imported(path: Path) -> list[str]:
    names = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names.append(node.module)
    return names


def test_importing_storage_and_migrations_loads_no_torch():
    modules = [f"storage.{path.stem}" for path in Path(storage.__file__).parent.glob("*.py")]
    code = f"import sys, migrations, {', '.join(modules)}; print('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("False\n", "")


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_storage_knows_only_the_settings_of_the_engine(path):
    room = path.relative_to(Path(storage.__file__).parent.parent).parts[0]
    allowed = (room, *ROOMS[room])
    foreign = [
        name
        for name in imported(path)
        if name.split(".")[0] in PROJECT
        and not any(name == prefix or name.startswith(f"{prefix}.") for prefix in allowed)
    ]
    assert foreign == []
