"""The one narrow seam between those who want a picture and whatever paints it.

A `Runner` makes ONE attempt at a job on one device and never retries; the caller does. Behind it
stands a worker process on this machine (`engine.local`), or whatever else keeps this contract.
Nothing here needs torch.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from engine.forecast import DeviceSpeed
from engine.settings import Settings


@dataclass(frozen=True, slots=True)
class Style:
    """A style picture, its share of the blend, and its scale relative to the content's width."""

    path: Path
    weight: float = 1.0
    scale: float = 1.0


@dataclass(frozen=True, slots=True)
class Job:
    """One attempt's orders: what to paint, how, and the folder its files go to.

    `failures` counts the attempts before it that went wrong: perhaps they took too much memory.
    `initial` is a picture to start from, instead of what the settings say.
    """

    id: str
    content: Path
    styles: tuple[Style, ...]
    settings: Settings
    folder: Path
    preview_percent: int = 10
    failures: int = 0
    initial: Path | None = None


@dataclass(frozen=True, slots=True)
class Losses:
    """The weighted loss terms of one picture; `total` is what is minimised."""

    content: float
    style: float
    tv: float

    @property
    def total(self) -> float:
        """The sum of all terms."""
        return self.content + self.style + self.tv


@dataclass(frozen=True, slots=True)
class Progress:
    """Where a run stands after a step; `losses` are those before it."""

    step: int
    steps: int
    losses: Losses
    seconds_left: float | None
    stage: int = 1
    stages: int = 1


@dataclass(frozen=True, slots=True)
class Preview:
    """The picture so far, as JPEG bytes, with the losses of the step it was taken at."""

    step: int
    steps: int
    losses: Losses
    jpeg: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class StateSaved:
    """A state from which another attempt can go on, bit for bit."""

    step: int
    path: Path


@dataclass(frozen=True, slots=True)
class Result:
    """The best picture, as a PNG file in the job's folder; `stopped` when ended early.

    `painted` is the same as it was painted, where the picture got the photo's colours afterwards.
    """

    path: Path
    step: int
    steps: int
    losses: Losses
    seconds: float
    stopped: bool = False
    painted: Path | None = None


Event = Progress | Preview | StateSaved | Result


class Runner(Protocol):
    """One attempt at a time for each device; safe to use from one event loop.

    `run` raises only InvalidInput, OutOfMemory, WorkerLost or Cancelled. Closing the iterator
    discards the run. `stop` takes effect within a step: with `keep_best` the run ends with a
    Result, else with Cancelled; an unknown job is not an error.
    """

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices that can each run one job, e.g. ('cuda:0', 'cuda:1') or ('cpu',)."""
        ...

    @property
    def speed(self) -> DeviceSpeed | None:
        """How fast a device paints, once that is known."""
        ...

    def run(self, job: Job, *, resume: Path | None = None) -> AsyncGenerator[Event, None]:
        """Paint the job on a free device; the last event of a finished run is its Result."""
        ...

    async def stop(self, job_id: str, *, keep_best: bool) -> None:
        """End a running job early."""
        ...

    async def close(self) -> None:
        """End every worker; runs under way raise WorkerLost."""
        ...
