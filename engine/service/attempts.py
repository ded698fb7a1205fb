"""The attempts that are painted here, and those that have just ended."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import shutil
import time
from collections.abc import Mapping
from contextlib import aclosing
from pathlib import Path
from typing import Protocol

from engine.errors import EngineError, WorkerLost
from engine.runner import Result, Runner
from engine.service.attempt import Attempt
from engine.service.metrics import Metrics
from engine.service.turns import Turns
from engine.service.upload import Upload
from engine.wire import ATTEMPT

KEPT_SECONDS = 900.0  # an ended attempt, for whoever was cut off from it
KEPT_ATTEMPTS = 200
UNFOLLOWED_SECONDS = 120.0
LOOK_SECONDS = 5.0
STATE_NAME = "state.safetensors"

log = logging.getLogger(__name__)


class Painter(Runner, Protocol):
    """What a service serves: a runner that also says which device has which job."""

    @property
    def occupants(self) -> Mapping[str, str]:
        """The job that each busy device paints."""
        ...

    async def start(self) -> None:
        """Get every device ready; raises InvalidWeights or WorkerLost."""
        ...


class Attempts:
    """Accepts attempts while devices are free, runs each, and forgets it a while after its end."""

    def __init__(
        self,
        painter: Painter,
        folder: Path,
        metrics: Metrics,
        *,
        kept_seconds: float = KEPT_SECONDS,
        unfollowed_seconds: float = UNFOLLOWED_SECONDS,
    ) -> None:
        self.painter = painter
        self.turns = Turns()
        self.uploads = folder / "uploads"
        self._place = folder / "attempts"
        self._metrics = metrics
        self._kept_seconds = kept_seconds
        self._unfollowed_seconds = unfollowed_seconds
        self._attempts: dict[str, Attempt] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.closed = False

    def prepare(self) -> None:
        """Make the folders, without what an earlier service left there too long ago."""
        shutil.rmtree(self.uploads, ignore_errors=True)
        for folder in (self.uploads, self._place):
            folder.mkdir(parents=True, exist_ok=True)
        for left in self._place.iterdir():
            if time.time() - left.stat().st_mtime > self._kept_seconds:
                shutil.rmtree(left, ignore_errors=True)

    def get(self, attempt_id: str) -> Attempt | None:
        """The attempt of that id, if it is not forgotten."""
        return self._attempts.get(attempt_id)

    @property
    def running(self) -> list[Attempt]:
        """Those that are painted, the oldest first."""
        return [attempt for attempt in self._attempts.values() if not attempt.ended]

    @property
    def free(self) -> int:
        """How many more can be accepted now."""
        return 0 if self.closed else len(self.painter.devices) - len(self.running)

    def state_of(self, attempt_id: str) -> Path:
        """Where the state of an attempt is, also of one from before our start, if anywhere."""
        known = re.fullmatch(ATTEMPT, attempt_id)
        return self._place / (attempt_id if known else "none") / STATE_NAME

    def accept(self, attempt_id: str, upload: Upload, resume: Path | None) -> Attempt:
        """Take the upload's folder and begin; the caller has seen that a device is free."""
        folder = self._place / attempt_id
        shutil.rmtree(folder, ignore_errors=True)  # of a service before this one
        os.rename(upload.folder, folder)  # noqa: PTH104
        job = upload.job(attempt_id, folder)
        attempt = Attempt(job, upload.digest, resume and folder / resume.name)
        self._attempts[attempt_id] = attempt
        self.turns.served(attempt_id)
        task = asyncio.create_task(self._paint(attempt), name=f"attempt {attempt_id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        log.info("attempt %s: accepted", attempt_id)
        return attempt

    async def supersede(self, attempt_id: str) -> bool:
        """End other attempts at the same job, which nobody waits for; whether there were any."""
        stem = attempt_id.partition(".")[0]
        earlier = [
            attempt
            for attempt in self.running
            if attempt.id.partition(".")[0] == stem and attempt.id != attempt_id
        ]
        for attempt in earlier:
            await self._give_up(attempt, "A newer attempt at the job took its place.")
        return bool(earlier)

    async def cancel(self, attempt: Attempt, *, keep_best: bool) -> None:
        """End an attempt early; what is left of an ended one goes, unless it shall be kept."""
        if not attempt.ended:
            await self.painter.stop(attempt.id, keep_best=keep_best)
        elif not keep_best:
            attempt.forget_pictures()
            await asyncio.to_thread(shutil.rmtree, attempt.job.folder, ignore_errors=True)

    async def watch(self) -> None:
        """For ever, give up what nobody follows and forget what is long over."""
        while True:
            await asyncio.sleep(min(LOOK_SECONDS, self._unfollowed_seconds, self._kept_seconds))
            try:
                await self._look(time.monotonic())
            except Exception:
                log.exception("the attempts could not be looked through")

    async def _look(self, now: float) -> None:
        for attempt in self.running:
            if attempt.unfollowed_for(now) > self._unfollowed_seconds:
                await self._give_up(attempt, "Nobody followed the run.")
        ended = [attempt for attempt in self._attempts.values() if attempt.ended]
        for place, attempt in enumerate(reversed(ended)):
            if place >= KEPT_ATTEMPTS or attempt.over_for(now) > self._kept_seconds:
                await self._forget(attempt)

    async def close(self) -> None:
        """End every attempt as lost; their last saved states stay."""
        self.closed = True
        for attempt in self.running:
            attempt.verdict = WorkerLost("The engine service was stopped.")
        await self.painter.close()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=LOOK_SECONDS)

    async def _give_up(self, attempt: Attempt, reason: str) -> None:
        log.warning("attempt %s: %s", attempt.id, reason)
        attempt.verdict = WorkerLost(reason)
        await self.painter.stop(attempt.id, keep_best=False)

    async def _forget(self, attempt: Attempt) -> None:
        await asyncio.to_thread(shutil.rmtree, attempt.job.folder, ignore_errors=True)
        del self._attempts[attempt.id]

    async def _paint(self, attempt: Attempt) -> None:
        """One attempt to its end; the end is told only when the device is free again."""
        end: Result | EngineError
        try:
            end = await self._followed(attempt)
        except EngineError as error:
            end = error
        except Exception as error:
            log.exception("attempt %s", attempt.id)
            end = WorkerLost(f"The service failed: {type(error).__name__}.")
        await asyncio.to_thread(attempt.remove_inputs)
        attempt.end(end)
        self._metrics.ended(attempt)
        log.info("attempt %s: %s", attempt.id, attempt.status.lower())

    async def _followed(self, attempt: Attempt) -> Result:
        result = None
        async with aclosing(self.painter.run(attempt.job, resume=attempt.resume)) as events:
            async for event in events:
                if isinstance(event, Result):
                    result = event
                else:
                    attempt.note(event)
                    self._metrics.noted(event)
        assert result is not None  # a run ends with its Result, or raises
        return result
