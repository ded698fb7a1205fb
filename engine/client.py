"""The Runner whose devices stand behind an engine service; it needs neither torch nor scipy."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator
from pathlib import Path

from engine.connection import Connection, Unreachable
from engine.errors import EngineError, WorkerLost
from engine.forecast import DeviceSpeed
from engine.remote import RemoteRun
from engine.runner import Event, Job

LOOK_SECONDS = 5.0

log = logging.getLogger(__name__)


class ServiceRunner:
    """Keeps `engine.runner.Runner`: attempts are painted by the service at `url`.

    While the service cannot be reached it has no devices, a run that was not accepted waits, and
    one that was is taken up again where it was cut off. Only a run that the service has forgotten,
    because it was started anew, is lost.
    """

    def __init__(self, url: str, token: str | None = None) -> None:
        self._url = url
        self._connection = Connection(url, token)
        self._devices: tuple[str, ...] = ()
        self._speed: DeviceSpeed | None = None
        self._runs: dict[str, RemoteRun] = {}
        self._looking: asyncio.Task[None] | None = None

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices of the service when it was last asked; none while it is out of reach."""
        return self._devices

    @property
    def speed(self) -> DeviceSpeed | None:
        """That of the first of its devices which has been measured."""
        return self._speed

    async def start(self) -> None:
        """Ask for the devices now, and again every few seconds, whatever comes of the first time.

        Raises InvalidInput when the service refuses the token, WorkerLost when it is out of reach.
        """
        if self._looking is None:
            self._looking = asyncio.create_task(self._look_again())
        try:
            await self._look()
        except Unreachable as error:
            raise WorkerLost(f"The engine service at {self._url}: {error}.") from None

    async def run(self, job: Job, *, resume: Path | None = None) -> AsyncGenerator[Event, None]:
        """Paint the job on a device of the service; see `engine.runner.Runner`."""
        run = RemoteRun(self._connection, job)
        self._runs[job.id] = run
        try:
            async with contextlib.aclosing(run.events(resume)) as events:
                async for event in events:
                    yield event
        finally:
            if self._runs.get(job.id) is run:
                del self._runs[job.id]
            await run.leave()

    async def stop(self, job_id: str, *, keep_best: bool) -> None:
        """End a run within a step; one that still waits for its device is cancelled."""
        if (run := self._runs.get(job_id)) is not None:
            await run.stop(keep_best=keep_best)

    async def close(self) -> None:
        """Let every run raise WorkerLost, and hang up."""
        for run in self._runs.values():
            run.close()
        if self._looking is not None:
            self._looking.cancel()
        await self._connection.close()

    async def _look_again(self) -> None:
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            with contextlib.suppress(Unreachable, EngineError):
                await self._look()

    async def _look(self) -> None:
        before = self._devices
        try:
            self._devices, speed = await self._connection.devices()
            self._speed = speed or self._speed
        except (Unreachable, EngineError):
            self._devices = ()
            raise
        finally:
            if before != self._devices:
                names = ", ".join(self._devices) or "no device now"
                log.info("the engine service at %s has %s", self._url, names)
