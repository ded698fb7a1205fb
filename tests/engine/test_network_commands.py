"""The commands around networks: training one, painting through one, the table of all."""

from __future__ import annotations

from pathlib import Path

import pytest
from scenes import scene

from engine import cli, training


def test_lenet_5_learns_to_read_and_paints(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("sklearn")
    monkeypatch.chdir(tmp_path)
    assert training.main(["--epochs", "6"]) == 0
    said = capsys.readouterr().out
    assert float(said.split("reads ")[1].split("%")[0]) > 93
    assert training.main(["--epochs", "6"]) == 2
    assert "exists already" in capsys.readouterr().err

    scene((64, 48), 1).save("photo.png")
    scene((60, 70), 2).save("style.png")
    order = [
        "--content",
        "photo.png",
        "--styles",
        "style.png",
        "--output",
        "out.png",
        "--iterations",
        "3",
    ]
    assert cli.main([*order, "--network", "lenet5"]) == 0
    said = capsys.readouterr().err
    assert "Looking through LeNet-5 with the weights of lenet5.safetensors." in said
    assert Path("out.png").exists()


def test_without_weights_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    scene((64, 48), 1).save("photo.png")
    order = [
        "--content",
        "photo.png",
        "--styles",
        "photo.png",
        "--output",
        "out.png",
        "--iterations",
        "1",
    ]
    assert cli.main([*order, "--network", "squeezenet1_1"]) == 0
    said = capsys.readouterr().err
    assert "There are no weights of SqueezeNet 1.1 in models, so it looks with random ones." in said
    assert cli.main([*order, "--overwrite", "--network", "squeezenet"]) == 2
    assert "There are no weights squeezenet. Did you mean squeezenet1" in capsys.readouterr().err


def test_the_table_of_networks_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["networks", "vgg19", "squeezenet1_1", "--size", "64", "--steps", "2"]) == 0
    said = capsys.readouterr().out
    assert "| VGG-19 | vgg19 | 19 | 143,667,240 | 370.4 | 86 | 1 |" in said
    assert "| random, seed 0 |" in said
    assert "**relu5_1** 156" in said
    assert "avgpool everything" in said
    assert cli.main(["networks", "vgg91"]) == 2
    assert "Did you mean vgg19?" in capsys.readouterr().err
