"""The docs name every variable, setting and command there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.commands import COMMANDS
from bot.config import Config
from bot.words import BY_NAME

ROOT = Path(__file__).parents[2]
OPERATIONS = (ROOT / "docs" / "operations.md").read_text()
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("name", Config.model_fields)
def test_every_variable_is_in_the_operators_table(name: str) -> None:
    assert f"| `{name.upper()}` | {Config.model_fields[name].description} |" in OPERATIONS


@pytest.mark.parametrize("name", BY_NAME)
def test_every_setting_is_in_the_readme(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_every_command_is_in_the_readme(command: object) -> None:
    assert f"`/{command.name}`" in README  # type: ignore[attr-defined]
