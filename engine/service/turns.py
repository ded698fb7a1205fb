"""Who was refused for want of a device and asks again: the one who came first is served first."""

from __future__ import annotations

import time
from collections.abc import Callable

PATIENCE_SECONDS = 3.0  # who does not ask again for so long has given up; all ask each second
MOST = 1000


class Turns:
    """The order of those who wait, kept by those who ask; nothing is stored for them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._asked: dict[str, tuple[float, float]] = {}  # first and last time

    def may(self, attempt_id: str, free: int) -> bool:
        """Whether a device is for that attempt; if not, its turn is remembered."""
        now = self._clock()
        before = [waiting for waiting, _ in self.waiting() if waiting != attempt_id]
        if attempt_id in self._asked:
            before = before[: [name for name, _ in self.waiting()].index(attempt_id)]
        if len(before) < free:
            return True
        if attempt_id in self._asked or len(self._asked) < MOST:
            first, _ = self._asked.get(attempt_id, (now, now))
            self._asked[attempt_id] = first, now
        return False

    def served(self, attempt_id: str) -> None:
        """It waits no longer."""
        self._asked.pop(attempt_id, None)

    def waiting(self) -> list[tuple[str, float]]:
        """The ids of those who wait, in order, each with the seconds since it first asked."""
        now = self._clock()
        self._asked = {
            name: (first, last)
            for name, (first, last) in self._asked.items()
            if now - last <= PATIENCE_SECONDS
        }
        return [(name, now - first) for name, (first, _) in self._asked.items()]
