"""Nothing that was there is lost: not to another run, not to a full disk, not half a file."""

from __future__ import annotations

import re
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import ENVIRONMENT, EVERY, command, files, paint, refused, start, wait_for

from engine.arguments import parser
from engine.images import load
from engine.networks import Vgg19
from engine.order import ordered
from engine.state import State
from engine.stylize import stylize

FULL = "File too large"  # what the kernel says at a limit to the size of files


def save_state(network: Vgg19, path: Path) -> None:
    """The state after the first of three iterations of the usual command."""
    order = ordered(parser().parse_args(command("--iterations 3")))
    next(stylize(order.inputs, order.settings, network, options=order.options)).state().save(path)


@pytest.mark.parametrize("name", ["out.png.state", "other.state"])
@pytest.mark.parametrize(
    ("flags", "named"),
    [
        ("--content b.png", "pictures or weights"),
        ("--styles b.png", "pictures or weights"),
        ("--initial b.png", "pictures or weights"),
        ("--mask b.png", "pictures or weights"),
        ("--width 24", "size"),
        ("--seed 2", "seed"),
        ("--style-weight 7", "style_weight"),
        ("--colors luma", "colors"),
        ("--beta1 0.5", "beta1"),
        ("--recipe fine", "recipe"),
    ],
)
def test_a_state_of_another_run_is_refused(
    network: Vgg19,
    folder: Path,
    capsys: pytest.CaptureFixture[str],
    flags: str,
    named: str,
    name: str,
) -> None:
    save_state(network, folder / name)
    resume = "--resume" if name == "out.png.state" else f"--resume {name}"
    told = refused(command(f"--iterations 3 {resume} {flags}"), capsys)
    assert re.match(f"The state is of a run with other .*({named})", told)


def test_what_was_begun_is_not_lost_to_a_run_of_another_name(
    network: Vgg19, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    save_state(network, folder / "other.state")
    save_state(network, folder / "out.png.state")
    assert "--overwrite begins anew" in refused(command("--iterations 3"), capsys)
    told = refused(command("--iterations 3 --resume other.state"), capsys)
    assert "out.png.state exists already" in told
    assert paint("--iterations 3 --resume other.state --overwrite") == 0
    assert not (folder / "out.png.state").exists()
    assert (folder / "other.state").exists()


def test_overwrite_replaces_all_that_a_run_writes(folder: Path) -> None:
    names = ("out.png", "out.png.state", "c0.png", "progress.png", "progress.txt")
    for name in names:
        (folder / name).write_bytes(b"old")
    flags = f"--iterations 2 --progress-write --progress-plot {EVERY} c%s.png --overwrite"
    assert paint(flags) == 0
    assert not (folder / "out.png.state").exists()
    for name in set(names) - {"out.png.state"}:
        assert (folder / name).read_bytes() != b"old"


def limited(flags: str, folder: Path, size: int) -> subprocess.CompletedProcess[str]:
    """A run that can write no file larger than so many bytes."""
    return subprocess.run(
        [sys.executable, "-m", "engine", *command(flags)],
        cwd=folder,
        env=ENVIRONMENT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (size, size)),
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("flags", "size", "name"),
    [
        ("--iterations 2", 1000, "out.png"),
        ("--iterations 30", 10_000, "out.png.state"),
        (f"--iterations 2 {EVERY} c%s.tif", 1000, "c0.tif"),
    ],
)
def test_a_full_disk_leaves_no_half_file(folder: Path, flags: str, size: int, name: str) -> None:
    before = files(folder)
    run = limited(flags, folder, size)
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == f"{name} cannot be written: {FULL}."
    assert "Traceback" not in run.stderr
    assert files(folder) == before


def test_a_full_disk_costs_an_old_output_nothing(folder: Path) -> None:
    (folder / "out.png").write_bytes(b"old")
    before = files(folder)
    assert limited("--iterations 2 --overwrite", folder, 1000).returncode == 1
    assert files(folder) == before


def test_a_plot_that_cannot_be_written_costs_the_picture_nothing(folder: Path) -> None:
    before = files(folder)
    run = limited("--iterations 2 --progress-plot", folder, 8000)
    assert run.returncode == 1
    assert run.stderr.splitlines()[-1] == f"progress.png cannot be written: {FULL}."
    assert files(folder).keys() - before.keys() == {"out.png"}
    assert load(folder / "out.png").size == (32, 24)


def test_a_run_that_cannot_write_keeps_its_state_and_goes_on(folder: Path) -> None:
    (folder / "there").mkdir()
    flags = f"--iterations 300 {EVERY} there/c%s.png"
    with start(flags, folder) as run:
        wait_for(folder / "there" / "c0.png", run)
        (folder / "there").rename(folder / "moved")
        _, told = run.communicate()
    assert run.returncode == 1
    assert "cannot be written: No such file or directory; --resume goes on" in told
    assert "Traceback" not in told
    reached = State.load(folder / "out.png.state").step
    (folder / "moved").rename(folder / "there")
    assert paint(f"{flags.replace('300', str(reached + 1))} --resume") == 0
    assert not (folder / "out.png.state").exists()
