"""A file that says when each loop of the bot last came round; the health check reads nothing else.

Telegram is never asked: a health check that fails with the network would have the container
restarted for nothing.
"""

from __future__ import annotations

import json
import time
from pathlib import Path

STALE_SECONDS = 90.0
WRITE_SECONDS = 5.0


class Heartbeat:
    """Collects the loops' beats and writes them down every few seconds."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._beats: dict[str, float] = {}
        self._written = 0.0

    def beat(self, loop: str) -> None:
        """A loop came round."""
        now = time.time()
        self._beats[loop] = now
        if now - self._written >= WRITE_SECONDS:
            self._written = now
            temporary = self._path.with_suffix(".tmp")
            temporary.write_text(json.dumps(self._beats))
            temporary.replace(self._path)


def stale_loops(path: Path, now: float) -> list[str]:
    """The loops that have not come round lately; raises OSError when there is no such file."""
    beats = json.loads(path.read_text())
    return [loop for loop, at in beats.items() if now - at > STALE_SECONDS]
