"""The command line as a person runs it."""

from __future__ import annotations

import os
import pty
import re
import shlex
import signal
import subprocess
import sys
import termios
import time
from pathlib import Path

import pytest
from PIL import Image
from safetensors.torch import save_file
from scenes import scene
from test_weights import caffe_order

from engine import cli
from engine.arguments import parser
from engine.images import read_settings
from engine.settings import SETTINGS
from engine.state import State
from engine.weights import bundled

ROOT = Path(__file__).parents[2]
BOOK = (
    "python -m engine --content examples/2-content.jpg --styles examples/2-style1.jpg "
    "--checkpoint-iterations=100 --iterations=1000 --checkpoint-output=out%s.jpg --output=outfinal"
)
# One thread: two of them wait for each other longer than such small pictures take.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}


pytestmark = pytest.mark.usefixtures("folder")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a photo and two styles."""
    for name, seed in (("photo.png", 1), ("a.png", 2), ("b.png", 3)):
        scene((32, 24), seed).save(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def command(flags: str, output: str = "out.png") -> list[str]:
    return shlex.split(f"--content photo.png --styles a.png --output {output} --seed 1 {flags}")


def paint(flags: str, output: str = "out.png") -> int:
    return cli.main(command(flags, output))


def start(flags: str, folder: Path, output: str = "out.png") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "engine", *command(flags, output)],
        cwd=folder,
        env=ENVIRONMENT,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(path: Path, run: subprocess.Popen[str]) -> None:
    while not path.exists():
        assert run.poll() is None, run.stderr and run.stderr.read()
        time.sleep(0.005)


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
    assert lines[1:1000] == [f"Iteration {number}/1000" for number in range(1, 1000)]
    number = r"[\d.]+(e\+\d+)?"
    last = [
        "Iteration 1000/1000",
        f"  content loss: {number}",
        f"    style loss: {number}",
        f"       tv loss: {number}",
        f"    total loss: {number}",
        r"Painted outfinal\.png with seed \d+\.",
    ]
    assert re.fullmatch("\n".join(last), "\n".join(lines[1000:]))


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


def test_a_run_that_was_killed_is_resumed_to_the_same_bytes(folder: Path) -> None:
    flags = "--iterations 80"
    with start(flags, folder, "whole.png") as whole:
        _, told = whole.communicate()
        assert whole.returncode == 0, told
    state = folder / "out.png.state"
    with start(flags, folder) as killed:
        wait_for(state, killed)
        killed.kill()
    assert not (folder / "out.png").exists()
    with start(f"{flags} --resume", folder) as resumed:
        assert resumed.stderr is not None
        told = resumed.stderr.read()
        assert resumed.wait() == 0
    assert re.search(r"Going on after iteration (25|50|75)\.", told)
    assert "Iteration 25/80" not in told
    assert (folder / "out.png").read_bytes() == (folder / "whole.png").read_bytes()
    assert not state.exists()


def test_an_interrupt_keeps_the_last_iteration(folder: Path) -> None:
    flags = "--iterations 400 --checkpoint-iterations 400 --checkpoint-output c%s.png"
    with start(flags, folder) as run:
        wait_for(folder / "c0.png", run)
        run.send_signal(signal.SIGINT)
        assert run.stderr is not None
        told = run.stderr.read()
        assert run.wait() == 130
    found = re.search(r"Interrupted after iteration (\d+); --resume goes on from there", told)
    assert found
    assert "Traceback" not in told
    assert State.load(folder / "out.png.state").step == int(found[1])


def test_nothing_to_resume_is_the_beginning(capsys: pytest.CaptureFixture[str]) -> None:
    assert paint("--iterations 1 --resume") == 0
    assert "so this is the beginning" in capsys.readouterr().err


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
