"""`python -m engine bench`, as a process of its own."""

import subprocess
import sys

import pytest
from command_line import ENVIRONMENT

from engine import bench


def test_the_table_has_a_row_for_each_run() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "engine", "bench", "64", "96", "--recipes", "draft", "--steps", "3"],
        env=ENVIRONMENT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    heads, _, *rows = [
        [cell.strip() for cell in line.strip("|").split("|")] for line in found.stdout.splitlines()
    ]
    assert [row[:3] for row in rows] == [["draft", "64", "whole"], ["draft", "96", "whole"]]
    for row in rows:
        values = dict(zip(heads[4:], map(float, row[4:]), strict=True))
        assert values["s, foretold"] > 0
        assert values["s"] > 0
        assert 0.5 < values["GB, foretold"] / values["GB"] < 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["0"], "no pixels"),
        (["--steps", "0"], "takes 1 to 5000"),
        (["64", "--tile", "100"], "multiple of 16"),
        (["64", "--memory", "-1"], "0.5 GB at least"),
        (["64", "--device", "nonsense"], "no device nonsense"),
    ],
)
def test_wrong_words_are_one_sentence(
    words: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench.main(words) == 2
    assert sentence in capsys.readouterr().err
