"""Flags: what is there is described."""

from __future__ import annotations

import re

import pytest
from command_line import ROOT

from engine import cli
from engine.arguments import parser
from engine.settings import SETTINGS


def test_the_version_is_the_projects(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_:
        cli.main(["--version"])
    assert exit_.value.code == 0
    assert re.fullmatch(r"easel \d+\.\d+\.\d+\n", capsys.readouterr().out)


def test_help_names_every_setting_that_has_a_flag() -> None:
    told = parser().format_help()
    for setting in SETTINGS:
        assert setting.flag is None or setting.flag in told


def test_the_docs_name_every_flag() -> None:
    described = (ROOT / "docs" / "engine.md").read_text()
    flags = re.findall(r"--[a-z0-9-]+", parser().format_usage())
    assert len(flags) > 30
    assert [flag for flag in flags if f"`{flag}`" not in described] == []
