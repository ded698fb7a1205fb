"""What the tests of the Runner contract share."""

from __future__ import annotations

import os
import signal
from typing import TypeVar

from fake_runner import FakeRunner
from processes import service_pids, worker_pids

from engine.runner import Event, Runner

Kind = TypeVar("Kind")


def only(events: list[Event], kind: type[Kind]) -> list[Kind]:
    return [event for event in events if isinstance(event, kind)]


def kill_worker(runner: Runner) -> None:
    """End the worker of whatever runner as a power cut would."""
    if isinstance(runner, FakeRunner):
        runner.kill()
    for parent in (os.getpid(), *service_pids(os.getpid())):
        for pid in worker_pids(parent):
            os.kill(pid, signal.SIGKILL)
