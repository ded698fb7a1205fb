"""Imports run one way, no torch outside the engine's worker, and no file grows without bound."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "engine", "storage", "migrations")
SOURCES = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
MAY_IMPORT = {
    "bot": {"bot", "storage", "engine"},
    "storage": {"storage", "migrations", "engine"},
    "migrations": {"migrations", "storage", "engine"},
    "engine": {"engine"},
}
# Of the engine, storage knows what a setting is; the bot only the caller's side.
STORAGE_MAY_KNOW = {"engine.declarations", "engine.settings"}
BOT_MAY_KNOW = {
    "engine.client",
    "engine.devices",
    "engine.errors",
    "engine.forecast",
    "engine.inspection",
    "engine.local",
    "engine.runner",
    "engine.declarations",
    "engine.settings",
}
EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "manager", "misc"}
MAX_LINES = 250


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def rooms_of(names: set[str]) -> set[str]:
    return {name.split(".")[0] for name in names} & set(ROOMS)


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    room = path.relative_to(ROOT).parts[0]
    names = imports(path)
    assert rooms_of(names) <= MAY_IMPORT[room]
    modules = {".".join(name.split(".")[:2]) for name in names if name.startswith("engine.")}
    if room in ("storage", "migrations"):
        assert modules <= STORAGE_MAY_KNOW
    if room == "bot":
        assert modules <= BOT_MAY_KNOW


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_file_is_a_noun_of_a_readable_length(path: Path) -> None:
    assert path.stem not in EMPTY_NAMES
    assert len(path.read_text().splitlines()) <= MAX_LINES or path.parent.name == "texts"


def test_importing_the_bot_loads_no_torch() -> None:
    modules = "bot.app, bot.__main__, storage.database, migrations, engine.local, engine.inspection"
    code = f"import sys, {modules}; sys.exit(sorted({{'torch', 'scipy'}} & set(sys.modules)) != [])"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_importing_the_engine_service_loads_no_torch_and_nothing_of_the_bots() -> None:
    foreign = {"torch", "scipy", "telegram", "sqlalchemy", "pydantic"}
    code = (
        f"import sys, engine.service.__main__; sys.exit(sorted({foreign} & set(sys.modules)) != [])"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_package_with_its_weights_is_small() -> None:
    shipped = [
        path
        for room in ROOMS
        for path in (ROOT / room).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert sum(path.stat().st_size for path in shipped) < 40_000_000
