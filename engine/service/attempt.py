"""One attempt as the service knows it: its orders, where it stands, and what it made."""

from __future__ import annotations

import contextlib
import time
from collections import OrderedDict
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path

from engine.errors import Cancelled, EngineError
from engine.messages import Failed
from engine.runner import Job, Preview, Progress, Result, StateSaved
from engine.service.journal import Journal
from engine.wire import write_event

KEPT_PREVIEWS = 16
ACCEPTED = "Accepted"  # an event: the first of each attempt


class Status(StrEnum):
    """The words of the job table."""

    DOING = "DOING"
    SUCCEEDED = "SUCCEEDED"
    FAILED = "FAILED"
    CANCELLED = "CANCELLED"


class Attempt:
    """`verdict` replaces the error that ends an attempt which somebody here has given up."""

    def __init__(self, job: Job, digest: str, resume: Path | None) -> None:
        self.job = job
        self.digest = digest
        self.resume = resume
        self.journal = Journal()
        self.status = Status.DOING
        self.began = time.time()
        self.progress: Progress | None = None
        self.result: Result | None = None
        self.error: EngineError | None = None
        self.verdict: EngineError | None = None
        self.latest_preview: int | None = None
        self._previews: OrderedDict[int, bytes] = OrderedDict()
        self._followers = 0
        self._seen = time.monotonic()
        self._over: float | None = None
        self.journal.append(ACCEPTED, "{}")

    @property
    def id(self) -> str:
        """Its name, given by the client."""
        return self.job.id

    @property
    def ended(self) -> bool:
        """Whether nothing more will happen to it."""
        return self._over is not None

    @property
    def followers(self) -> int:
        """How many streams of its events are open."""
        return self._followers

    def note(self, event: Progress | Preview | StateSaved) -> None:
        """Take down an event of the run."""
        number = self.journal.append(*write_event(event))
        if isinstance(event, Progress):
            self.progress = event
        elif isinstance(event, Preview):
            self.latest_preview = number
            self._previews[number] = event.jpeg
            if len(self._previews) > KEPT_PREVIEWS:
                self._previews.popitem(last=False)

    def end(self, end: Result | EngineError) -> None:
        """Take down how it ended."""
        if isinstance(end, Result):
            self.status, self.result = Status.SUCCEEDED, end
            self.journal.append(*write_event(end))
        else:
            self.error = self.verdict or end
            cancelled = isinstance(self.error, Cancelled)
            self.status = Status.CANCELLED if cancelled else Status.FAILED
            self.journal.append(*write_event(Failed(self.error)))
        self._over = time.monotonic()
        self.journal.close()

    def preview(self, number: int | None) -> bytes | None:
        """The JPEG of the preview event of that number, or of the latest, while it is kept."""
        wanted = self.latest_preview if number is None else number
        return None if wanted is None else self._previews.get(wanted)

    def forget_pictures(self) -> None:
        """Keep none of its pictures in memory."""
        self._previews.clear()
        self.result = None

    def remove_inputs(self) -> None:
        """Keep no picture of anybody longer than it is needed."""
        paths = (self.job.content, *(style.path for style in self.job.styles), self.job.initial)
        for path in (*paths, self.resume):
            if path is not None:
                path.unlink(missing_ok=True)

    def touch(self) -> None:
        """Somebody asked about it."""
        self._seen = time.monotonic()

    @contextlib.contextmanager
    def followed(self) -> Iterator[None]:
        """Somebody follows it."""
        self._followers += 1
        try:
            yield
        finally:
            self._followers -= 1
            self.touch()

    def unfollowed_for(self, now: float) -> float:
        """Seconds since anybody cared."""
        return 0.0 if self._followers else now - self._seen

    def over_for(self, now: float) -> float:
        """Seconds since its end."""
        return 0.0 if self._over is None else now - self._over
