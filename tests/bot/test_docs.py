"""The docs name every variable, setting and command there is."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.commands import COMMANDS
from bot.config import Config
from bot.figures import Gauges
from bot.metrics import Metrics
from bot.words import BY_NAME

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
README = (ROOT / "README.md").read_text()


def test_the_operators_table_is_what_the_program_prints() -> None:
    command = [sys.executable, "-m", "bot", "settings"]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert printed in OPERATIONS, "put what `python -m bot settings` prints into docs/operations.md"
    assert all(f"| `{name.upper()}` | " in printed for name in Config.model_fields)


def test_every_metric_is_in_the_operators_table() -> None:
    metrics = Metrics()
    Gauges(metrics)
    for family in metrics.registry.collect():
        if family.name.startswith("easel_"):
            assert re.search(rf"`{family.name}(_total)?[{{`]", OPERATIONS), family.name


@pytest.mark.parametrize("name", BY_NAME)
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_in_the_readme(command: object) -> None:
    assert f"`/{command.name}`" in README  # type: ignore[attr-defined]
