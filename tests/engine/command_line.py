"""The command line with its usual flags, in this process and as one of its own."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from engine import cli

ROOT = Path(__file__).parents[2]
# One thread: two of them wait for each other longer than such small pictures take.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"}

EVERY = "--checkpoint-iterations 1 --checkpoint-output"


def command(flags: str, output: str = "out.png") -> list[str]:
    return shlex.split(f"--content photo.png --styles a.png --output {output} --seed 1 {flags}")


def paint(flags: str, output: str = "out.png") -> int:
    return cli.main(command(flags, output))


def start(flags: str, folder: Path, output: str = "out.png") -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "engine", *command(flags, output)],
        cwd=folder,
        env=ENVIRONMENT,
        # A shell's background jobs ignore Ctrl-C, and would hand that down.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for(path: Path, run: subprocess.Popen[str]) -> None:
    while not path.exists():
        assert run.poll() is None, run.stderr and run.stderr.read()
        time.sleep(0.005)


def files(folder: Path) -> dict[str, bytes | None]:
    """What is in a folder, and below it; None for folders."""
    return {
        str(path.relative_to(folder)): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """The one sentence that the command line answers with, leaving everything as it was."""
    before = files(Path.cwd())
    code: object = None
    try:
        code = cli.main(arguments)
    except SystemExit as exit_:
        code = exit_.code
    told = [line for line in capsys.readouterr().err.splitlines() if "bundled" not in line]
    assert code == 2, told
    assert files(Path.cwd()) == before
    assert len(told) == 1
    return told[0]
