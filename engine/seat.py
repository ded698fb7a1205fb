"""One device's place: the worker that holds it, and its successors."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

from engine.errors import EngineError, WorkerLost
from engine.forecast import DeviceSpeed
from engine.process import WorkerProcess

MAX_BACKOFF_SECONDS = 30.0


class Seat:
    """A device with at most one worker, spawned when it is first needed and after each death."""

    def __init__(self, device: str, weights: Path | None, heartbeat_timeout_seconds: float) -> None:
        self.device = device
        self._weights = weights
        self._heartbeat_timeout = heartbeat_timeout_seconds
        self._spawning: asyncio.Task[WorkerProcess] | None = None
        self._burials: set[asyncio.Task[None]] = set()
        self._deaths = 0
        self._closed = False
        self._speed: DeviceSpeed | None = None

    @property
    def speed(self) -> DeviceSpeed | None:
        """How fast the device paints, as its latest worker that knew has said."""
        if (worker := self._spawned()) is not None and worker.speed is not None:
            self._speed = worker.speed
        return self._speed

    @property
    def backoff_seconds(self) -> float:
        """What to wait before a spawn: nothing after one death in a row, then 1, 2, 4, … s."""
        return 0.0 if self._deaths < 2 else min(MAX_BACKOFF_SECONDS, 2.0 ** (self._deaths - 2))

    async def worker(self) -> WorkerProcess:
        """A worker that is ready for orders; raises InvalidWeights, WorkerLost."""
        if self._abandoned():
            self.bury()
        if self._spawning is None:
            await asyncio.sleep(self.backoff_seconds)
        if self._closed:
            raise WorkerLost("The runner was closed.")
        if self._spawning is None:
            spawn = WorkerProcess.spawn(
                self.device,
                weights=self._weights,
                heartbeat_timeout_seconds=self._heartbeat_timeout,
            )
            self._spawning = asyncio.create_task(spawn)
        try:
            worker = await asyncio.shield(self._spawning)  # half a spawn would leak a process
            await worker.ready()
        except OSError as error:
            self.bury()
            raise WorkerLost(f"No worker can be started for {self.device}: {error}.") from None
        except EngineError:
            self.bury()
            raise
        return worker

    def served(self) -> None:
        """Note that the worker ended a run in order: the next death is the first again."""
        self._deaths = 0

    def bury(self) -> None:
        """Give up the worker; it is ended in the background."""
        if self._spawning is None:
            return
        burial = asyncio.create_task(_end(self._spawning))
        self._burials.add(burial)
        burial.add_done_callback(self._burials.discard)
        self._spawning = None
        self._deaths += 1

    async def close(self) -> None:
        """End the worker, within 4 s, for good."""
        self._closed = True
        self.bury()
        await asyncio.gather(*self._burials)

    def _abandoned(self) -> bool:
        """Whether the worker died while nobody needed it."""
        worker = self._spawned()
        return worker is not None and not worker.alive

    def _spawned(self) -> WorkerProcess | None:
        spawning = self._spawning
        if spawning is None or not spawning.done() or spawning.exception() is not None:
            return None
        return spawning.result()


async def _end(spawning: asyncio.Task[WorkerProcess]) -> None:
    with contextlib.suppress(OSError):
        worker = await spawning
        await worker.end()
