"""The rhythm of a run: how fast it goes, when it shows itself, saves its state, and stops."""

from __future__ import annotations

import math
import statistics
import threading
import time
from collections import deque
from collections.abc import Callable

STATE_STEPS = 25
STATE_SECONDS = 10.0
STATE_SHARE = 0.1  # of the time, at most, goes into saving states
RECENT_STEPS = 15


class StopFlag:
    """Set by the thread that hears commands, looked at between the layers of a step."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self.keep_best = False

    def __call__(self) -> bool:
        """Whether to stop now."""
        return self._asked.is_set()

    def set(self, *, keep_best: bool) -> None:
        """Ask for the end; a wish to discard overrules one to keep, never the reverse."""
        self.keep_best = keep_best and (self.keep_best or not self())
        self._asked.set()


class Pace:
    """How long the steps take, and so how long the rest will."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._recent: deque[float] = deque(maxlen=RECENT_STEPS)
        self._last: float | None = None

    def step_done(self) -> None:
        """Note the end of a step; the first also covered the preparations, so it is not counted."""
        now = self._clock()
        if self._last is not None:
            self._recent.append(now - self._last)
        self._last = now

    def seconds_left(self, steps: int) -> float | None:
        """For that many steps at the recent rate; None before the second step.

        The median forgives a step during which something else had the machine.
        """
        return steps * statistics.median(self._recent) if self._recent else None


class SaveTimer:
    """When the state is due: after 25 steps or 10 s, but for a tenth of the time at most."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._steps = 0
        self._saved_at = clock()
        self._cost = 0.0

    def is_due(self) -> bool:
        """Count a finished step; whether to save after it."""
        self._steps += 1
        waited = self._clock() - self._saved_at
        ripe = self._steps >= STATE_STEPS or waited >= STATE_SECONDS
        return ripe and waited * STATE_SHARE >= self._cost

    def saved(self, seconds: float) -> None:
        """Start anew after a save that took so long."""
        self._steps = 0
        self._saved_at = self._clock()
        self._cost = seconds


def preview_steps(steps: int, percent: int) -> frozenset[int]:
    """The steps after which a preview is due: the first, every `percent` of them, and the last."""
    shares = range(percent, 101, percent)
    return frozenset({1, steps} | {math.ceil(steps * share / 100) for share in shares})
