"""Flags: what is wrong is one sentence, what is there is described."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import ROOT, paint

from engine import cli
from engine.arguments import parser
from engine.settings import SETTINGS


@pytest.mark.parametrize(
    ("flags", "sentence"),
    [
        ("--style-scales 1 2", "--style-scales has 2 values for 1 styles"),
        ("--styles a.png b.png --style-blend-weights 1", "--style-blend-weights has 1 values"),
        ("--styles a.png b.png --mask a.png", "--mask has 1 values for 2 styles"),
        ("--style-blend-weights 0", "sum to 0"),
        ("--checkpoint-output out.jpg --checkpoint-iterations 1", "needs %s"),
        ("--checkpoint-output out%s.jpg", "go together"),
        ("--checkpoint-iterations 1", "go together"),
        ("--checkpoint-output no/%s.jpg --checkpoint-iterations 1", "Nothing can be written"),
        ("--output no/where.png", "Nothing can be written to the folder no"),
        ("--output out.gif", "out.gif has to end in one of: png, jpg"),
        ("--output there.png", "there.png is a folder"),
        ("--output a.png", "a.png exists already; --overwrite replaces it"),
        ("--content none.png", "none.png"),
        ("--content text.png", "text.png"),
        ("--styles text.png", "text.png"),
        ("--network none.mat", "There are no weights none.mat"),
        ("--network text.mat", "text.mat cannot be read"),
        ("--iterations 0", "iterations takes 1 to 5000, not 0"),
        ("--iterations many", "iterations takes"),
        ("--pooling min", "pooling takes max, avg, not 'min'"),
        ("--width 0", "whole number"),
        ("--width 20 --size 64", "give one of them"),
        ("--eps 0", "eps is above 0"),
        ("--beta1 1", "beta1 is from 0"),
        ("--initial-noiseblend 2", "noise blend"),
        ("--tile 50", "multiple of 16"),
        ("--device cuda:7", "There is no device cuda:7"),
        ("--device toaster", "There is no device toaster"),
        ("--resume none.state", "There is no state none.state"),
        ("--resume text.png", "text.png"),
        ("--styl a.png", "unrecognized arguments"),
    ],
)
def test_wrong_input_is_one_sentence_and_exit_code_2(
    folder: Path, capsys: pytest.CaptureFixture[str], flags: str, sentence: str
) -> None:
    (folder / "there.png").mkdir()
    for name in ("text.png", "text.mat"):
        (folder / name).write_text("hello " * 40)
    try:
        code: object = paint(flags)
    except SystemExit as exit_:
        code = exit_.code
    told = capsys.readouterr().err.strip().splitlines()
    assert code == 2
    assert sentence in told[-1]
    assert len([line for line in told if "bundled" not in line]) == 1


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
