"""One attempt at a job: from its claim to its end, every write fenced by the attempt's number."""

from __future__ import annotations

import asyncio
import dataclasses
import logging
import shutil
import time
from collections.abc import Callable
from contextlib import aclosing
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession

from bot.announcements import announce_end
from bot.rooms import Rooms
from engine.errors import Cancelled, EngineError, InvalidInput, InvalidPicture, OutOfMemory
from engine.runner import Event, Preview, Progress, Result, Runner, StateSaved, Style
from engine.runner import Job as Orders
from storage import attempts, jobs, queue
from storage.columns import JobError
from storage.errors import Fenced, StorageFull
from storage.models import EventKind, Job, Status, StopRequest

LEASE_SECONDS = 30.0
RENEW_SECONDS = 8.0
EVENT_SECONDS = 1.0
WORDS_SECONDS = 4.0

log = logging.getLogger(__name__)


class Attempt:
    """Runs a claimed job on the runner; `changed` is called when its message is out of date."""

    def __init__(
        self, rooms: Rooms, runner: Runner, job: Job, changed: Callable[[str, int], None]
    ) -> None:
        self._rooms = rooms
        self._runner = runner
        self._job = job
        self._changed = changed
        self._written = 0.0
        self._has_preview = False

    async def run(self) -> None:
        """Leave the job in a sound state, whatever happens; raises StorageFull."""
        renewing = asyncio.create_task(self._keep_lease())
        try:
            await self._paint()
        except asyncio.CancelledError:
            await self._give_back()
            raise
        except Fenced:
            log.warning("attempt %d lost its job", self._job.attempt)
            await self._clear_if_forgotten()
        except Cancelled:
            await self._end(Status.CANCELLED)
        except InvalidInput as error:
            refusal = _refusal(error)
            self._rooms.metrics.failed(refusal.code)
            await self._end(Status.FAILED, refusal)
        except StorageFull:
            await self._give_back()
            raise
        except (EngineError, OSError) as error:
            await self._count_failure(error)
        finally:
            renewing.cancel()

    async def _paint(self) -> None:
        orders = await self._orders()
        state = Path(self._job.state_path) if self._job.state_path else None
        resume = state if state is not None and state.exists() else None
        # A chat may be edited every few seconds only; the first preview, mostly there within three,
        # shall not have to wait because an edit was spent on words.
        words = asyncio.get_running_loop().call_later(WORDS_SECONDS, self._show)
        try:
            async with aclosing(self._runner.run(orders, resume=resume)) as events:
                async for event in events:
                    await self._write_down(event)
        finally:
            words.cancel()

    async def _orders(self) -> Orders:
        content, *styles = self._job.pictures
        folder = self._rooms.job_folder(self._job.id)
        await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
        path = self._rooms.blobs.path
        return Orders(
            id=self._job.id,
            content=path(_fetched(content.blob)),
            styles=tuple(Style(path(_fetched(s.blob)), s.weight, s.scale) for s in styles),
            settings=self._job.settings,
            folder=folder,
            preview_percent=self._job.preferences.preview_percent,
            failures=self._job.failures,
            initial=path(self._job.initial_blob) if self._job.initial_blob else None,
        )

    async def _write_down(self, event: Event) -> None:
        match event:
            case Progress():
                now = time.monotonic()
                if now - self._written >= EVENT_SECONDS:
                    self._written = now
                    await self._add_event(event, EventKind.PROGRESS, event.seconds_left)
            case Preview():
                await self._add_event(event, EventKind.PREVIEW, jpeg=event.jpeg)
            case StateSaved():
                async with self._rooms.database.write() as session:
                    kept = await attempts.save_state(
                        session, *self._key, path=str(event.path), step=event.step
                    )
                self._hold(kept)
            case Result():
                await self._accept(event)

    async def _add_event(
        self,
        event: Progress | Preview,
        kind: EventKind,
        seconds_left: float | None = None,
        jpeg: bytes | None = None,
    ) -> None:
        async with self._rooms.database.write() as session:
            blob = await self._rooms.blobs.put(session, jpeg, "preview") if jpeg else None
            kept = await attempts.add_event(
                session,
                *self._key,
                kind,
                step=event.step,
                steps=event.steps,
                losses=dataclasses.asdict(event.losses),
                preview=blob,
                seconds_left=seconds_left,
            )
            await self._drop_unless(kept, session, blob)
        self._hold(kept)
        self._has_preview = self._has_preview or jpeg is not None
        if self._has_preview:
            self._show()

    async def _accept(self, result: Result) -> None:
        async with self._rooms.database.write() as session:
            blob = await self._rooms.blobs.put(session, result.path, "result")
            painted = result.painted
            if painted is not None:
                painted_blob = await self._rooms.blobs.put(session, painted, "result")
            kept = await attempts.finish(
                session,
                *self._key,
                Status.SUCCEEDED,
                result_blob=blob,
                painted_blob=None if painted is None else painted_blob,
                seconds=result.seconds,
                steps_done=result.step,
            )
            if kept:
                await self._announce(session)
            await self._drop_unless(kept, session, blob)
        self._hold(kept)
        await self._clear()

    async def _end(self, status: Status, error: JobError | None = None) -> None:
        async with self._rooms.database.write() as session:
            if await attempts.finish(session, *self._key, status, error=error):
                await self._announce(session)
        await self._clear()

    async def _announce(self, session: AsyncSession) -> None:
        job = await jobs.get(session, self._job.id)
        if job is not None:
            await announce_end(session, job)
            self._rooms.metrics.ended(job)
        self._rooms.send.ring()

    async def _count_failure(self, error: Exception) -> None:
        log.warning("attempt %d failed: %s", self._job.attempt, error)
        memory = isinstance(error, OutOfMemory)
        code = "out_of_memory" if memory else "worker_lost"
        self._rooms.metrics.failed(code)
        async with self._rooms.database.write() as session:
            job = await queue.retry_or_fail(
                session, *self._key, JobError(code), worker_lost=not memory
            )
            if job is not None and job.status is not Status.TODO:
                await self._announce(session)
        self._show()

    async def _give_back(self) -> None:
        async with self._rooms.database.write() as session:
            await queue.give_back(session, *self._key)

    async def _keep_lease(self) -> None:
        """Renew while the attempt lives, and pass on a stop that another process took."""
        while True:
            await asyncio.sleep(RENEW_SECONDS)
            async with self._rooms.database.write() as session:
                stop = await attempts.renew(session, *self._key, LEASE_SECONDS)
            if stop is not None:
                await self.stop(stop)

    async def stop(self, request: StopRequest) -> None:
        """End early, with the best picture so far or with none."""
        await self._runner.stop(self._job.id, keep_best=request is StopRequest.KEEP)

    async def _clear(self) -> None:
        folder = self._rooms.job_folder(self._job.id)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _clear_if_forgotten(self) -> None:
        async with self._rooms.database.read() as session:
            forgotten = await jobs.get(session, self._job.id) is None
        if forgotten:
            await self._clear()

    async def _drop_unless(self, kept: bool, session: AsyncSession, blob: str | None) -> None:
        """A picture that came too late for its job is nobody's."""
        if not kept and blob is not None:
            await self._rooms.blobs.remove_unused(session, [blob])

    def _show(self) -> None:
        self._changed(self._job.id, self._job.chat_id)

    def _hold(self, kept: bool) -> None:
        if not kept:
            raise Fenced(f"Attempt {self._job.attempt} does not hold job {self._job.id} any more.")

    @property
    def _key(self) -> tuple[str, int]:
        return self._job.id, self._job.attempt


def _fetched(blob: str | None) -> str:
    assert blob is not None  # a job is claimed only when all its pictures are here
    return blob


def _refusal(error: InvalidInput) -> JobError:
    if isinstance(error, InvalidPicture):
        return JobError(error.code, dict(error.values))
    return JobError("invalid_input", {"sentence": str(error)})
