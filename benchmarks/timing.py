"""Seconds of steps, on the clock of the wall."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from benchmarks.tables import tell

WARM_UP = 2  # steps


def timed(step: Callable[[], object]) -> float:
    """The seconds that a step takes."""
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def medians(steps: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median seconds of each step; they take turns, so a busy moment meets them all.

    Each goes `WARM_UP` steps before those that count.
    """
    times: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(WARM_UP + rounds):
        tell(f"round {number + 1} of {WARM_UP + rounds}")
        for name, step in steps.items():
            times[name].append(timed(step))
    return {name: statistics.median(every[WARM_UP:]) for name, every in times.items()}
