"""The command line as a person runs it."""

from __future__ import annotations

import os
import pty
import re
import shlex
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from command_line import ENVIRONMENT, ROOT, command, paint
from PIL import Image
from safetensors.torch import save_file
from test_weights import caffe_order

from engine.images import read_settings
from engine.weights import bundled

BOOK = (
    "python -m engine --content examples/2-content.jpg --styles examples/2-style1.jpg "
    "--checkpoint-iterations=100 --iterations=1000 --checkpoint-output=out%s.jpg --output=outfinal"
)


pytestmark = pytest.mark.usefixtures("folder")


def test_the_command_of_the_book_runs_verbatim(tmp_path: Path) -> None:
    (tmp_path / "examples").mkdir()
    for name in ("2-content.jpg", "2-style1.jpg"):
        with Image.open(ROOT / "examples" / name) as picture:
            picture.resize((16, 16)).save(tmp_path / "examples" / name)
    found = subprocess.run(
        [sys.executable, *shlex.split(BOOK)[1:]],
        cwd=tmp_path, env=ENVIRONMENT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    checkpoints = {f"out{iteration}.jpg" for iteration in range(0, 1000, 100)}
    assert {path.name for path in tmp_path.glob("out*")} == checkpoints | {"outfinal.png"}
    lines = found.stderr.splitlines()
    assert lines[0].endswith("so the bundled VGG-19 is used.")
    assert re.fullmatch(r"It takes about \d+ (s|min) and 0\.\d GB of memory\.", lines[1])
    assert lines[2:1001] == [f"Iteration {number}/1000" for number in range(1, 1000)]
    number = r"[\d.]+(e\+\d+)?"
    last = [
        "Iteration 1000/1000",
        f"  content loss: {number}",
        f"    style loss: {number}",
        f"       tv loss: {number}",
        f"    total loss: {number}",
        r"Painted outfinal\.png with seed \d+\.",
    ]
    assert re.fullmatch("\n".join(last), "\n".join(lines[1001:]))


def test_losses_are_printed_every_so_often_and_at_the_end(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert paint("--iterations 6 --print-iterations 2") == 0
    told = re.findall(r"Iteration (\d)/6\n  content loss", capsys.readouterr().err)
    assert told == ["1", "3", "5", "6"]


def test_a_terminal_gets_a_bar_instead_of_a_line_for_each_iteration(folder: Path) -> None:
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, 100))
    with subprocess.Popen(
        [sys.executable, "-m", "engine", *command("--iterations 8")],
        cwd=folder, env=ENVIRONMENT, stderr=theirs,
    ) as run:  # fmt: skip
        os.close(theirs)
        seen = b""
        while chunk := _read(ours):
            seen += chunk
        assert run.wait() == 0
    os.close(ours)
    assert b"/8 [" in seen
    assert seen.count(b"Iteration") == 1


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux's way to say that the other end has closed
        return b""


@pytest.mark.parametrize("pattern", ["c%s.jpg", "c%d.jpg", "c{}.jpg", "c{:02d}.png", "c%s"])
def test_checkpoints_are_named_by_the_iteration_from_0(folder: Path, pattern: str) -> None:
    flags = f"--iterations 5 --checkpoint-iterations 2 --checkpoint-output {pattern}"
    assert paint(flags) == 0
    names = sorted(path.stem for path in folder.glob("c*"))
    assert [int(name[1:]) for name in names] == [0, 2]  # iteration 4 is the output itself


@pytest.mark.parametrize("name", ["x.png", "x.jpg", "x.tiff", "x.webp"])
def test_the_format_is_that_of_the_name(folder: Path, name: str) -> None:
    assert paint("--iterations 1", name) == 0
    with Image.open(folder / name) as picture:
        assert picture.size == (32, 24)
        assert picture.format == {"jpg": "JPEG"}.get(name[2:], name[2:].upper())


def test_a_png_says_how_to_paint_it_again(folder: Path) -> None:
    assert paint("--iterations 2 --style-weight 50 --width 24") == 0
    found = read_settings(folder / "out.png")
    assert found is not None
    assert (found.seed, found.iterations, found.style_weight) == (1, 2, 50.0)


def test_the_width_is_exact_and_the_size_never_enlarges(folder: Path) -> None:
    for flags, size in (("--width 40", (40, 30)), ("--size 64", (32, 24)), ("", (32, 24))):
        assert paint(f"--iterations 1 --overwrite {flags}") == 0
        with Image.open(folder / "out.png") as picture:
            assert picture.size == size


def test_colours_of_the_photo_by_either_flag(folder: Path) -> None:
    for flags, name in (("--preserve-colors", "x.png"), ("--colors luma", "y.png"), ("", "z.png")):
        assert paint(f"--iterations 2 {flags}", name) == 0
    assert (folder / "x.png").read_bytes() == (folder / "y.png").read_bytes()
    assert (folder / "x.png").read_bytes() != (folder / "z.png").read_bytes()


def test_every_other_flag_changes_the_picture(folder: Path) -> None:
    (folder / "mask.png").write_bytes((folder / "b.png").read_bytes())
    flags = [
        "", "--content-weight 1", "--style-weight 9", "--tv-weight 0", "--learning-rate 2",
        "--pooling avg", "--style-layer-weight-exp 0.2", "--content-weight-blend 0",
        "--initial b.png", "--initial-noiseblend 0.5", "--beta1 0.5", "--beta2 0.5", "--eps 9e-1",
        "--style-scales 0.7", "--mask mask.png", "--seed 2", "--styles a.png b.png",
        "--styles a.png b.png --style-blend-weights 1 3",
    ]  # fmt: skip
    pictures = set()
    for flag in flags:
        assert paint(f"--iterations 3 --overwrite {flag}") == 0
        with Image.open(folder / "out.png") as picture:
            pictures.add(picture.tobytes())
    assert len(pictures) == len(flags)


def test_losses_go_to_a_table_and_a_plot_beside_the_output(folder: Path) -> None:
    (folder / "there").mkdir()
    assert paint("--iterations 4 --progress-write --progress-plot", "there/out.png") == 0
    heading, *rows = (folder / "there" / "progress.txt").read_text().splitlines()
    assert heading == "# iteration content style tv total"
    assert [row.split()[0] for row in rows] == ["1", "2", "3", "4"]
    for row in rows:
        *terms, total = map(float, row.split()[1:])
        assert sum(terms) == pytest.approx(total, rel=1e-6)
    with Image.open(folder / "there" / "progress.png") as plot:
        assert plot.width > 300


def test_a_weights_file_is_used_instead_of_the_bundled_one(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_file(caffe_order(bundled()), folder / "vgg.safetensors")
    assert paint("--iterations 1", "x.png") == 0
    assert paint("--iterations 1 --network vgg.safetensors", "y.png") == 0
    assert (folder / "x.png").read_bytes() == (folder / "y.png").read_bytes()
    assert capsys.readouterr().err.count("bundled") == 1
