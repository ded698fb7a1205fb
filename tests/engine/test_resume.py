"""Runs of the command line that end early, and go on."""

from __future__ import annotations

import re
import signal
from pathlib import Path

import pytest
from command_line import paint, start, wait_for

from engine.state import State


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


@pytest.mark.usefixtures("folder")
def test_nothing_to_resume_is_the_beginning(capsys: pytest.CaptureFixture[str]) -> None:
    assert paint("--iterations 1 --resume") == 0
    assert "so this is the beginning" in capsys.readouterr().err
