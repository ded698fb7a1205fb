"""The Runner whose devices are worker processes on this machine."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.devices import find_devices
from engine.errors import Cancelled, EngineError, WorkerLost
from engine.forecast import DeviceSpeed
from engine.messages import Failed, Run, Stop
from engine.pace import Pace
from engine.process import HEARTBEAT_TIMEOUT_SECONDS, WorkerProcess
from engine.runner import Event, Job, Preview, Progress, Result, StateSaved
from engine.seat import Seat

STOP_SECONDS = 5.0  # or two steps, if they are longer: then SIGTERM
KILL_SECONDS = 2.0  # from SIGTERM to SIGKILL
STEP_TIMEOUT_SECONDS = 600.0  # a step of 2048 px takes 30 s on two processors, 100 s if disturbed


@dataclass(slots=True)
class _Attempt:
    """A run under way, from waiting for a device to its last event."""

    job: Job
    seat: Seat | None = None
    preparing: asyncio.Task[WorkerProcess] | None = None
    worker: WorkerProcess | None = None
    pace: Pace = field(default_factory=Pace)
    discarded: bool = False
    ending: asyncio.Task[None] | None = None
    over: bool = False  # the worker has nothing more to say about it
    lost: bool = False  # and must not be used again


class LocalRunner:
    """Keeps `engine.runner.Runner`: one worker process for each device, spawned when needed.

    `devices` are found when none are named; `weights` is a file to use instead of the bundled
    ones. A run waits, in order, while every device is busy.
    """

    def __init__(
        self,
        devices: Sequence[str] = (),
        *,
        weights: Path | None = None,
        heartbeat_timeout_seconds: float = HEARTBEAT_TIMEOUT_SECONDS,
    ) -> None:
        self._seats = [
            Seat(device, weights, heartbeat_timeout_seconds) for device in find_devices(devices)
        ]
        self._free: asyncio.Queue[Seat] = asyncio.Queue()
        for seat in self._seats:
            self._free.put_nowait(seat)
        self._attempts: dict[str, _Attempt] = {}
        self._closed = False

    @property
    def devices(self) -> tuple[str, ...]:
        """The devices, each able to run one job."""
        return tuple(seat.device for seat in self._seats)

    @property
    def speed(self) -> DeviceSpeed | None:
        """That of the first device which has been measured."""
        return next((seat.speed for seat in self._seats if seat.speed is not None), None)

    @property
    def occupants(self) -> dict[str, str]:
        """The job that each busy device paints."""
        holders = self._attempts.values()
        return {held.seat.device: held.job.id for held in holders if held.seat is not None}

    async def start(self) -> None:
        """Spawn every worker now, so that the first run need not wait for torch.

        Raises InvalidWeights or WorkerLost when one cannot start, as `run` would.
        """
        await asyncio.gather(*(seat.worker() for seat in self._seats))

    async def run(self, job: Job, *, resume: Path | None = None) -> AsyncGenerator[Event, None]:
        """Paint the job on the first free device; see `engine.runner.Runner`."""
        attempt = _Attempt(job)
        self._attempts[job.id] = attempt
        try:
            attempt.worker = await self._prepared(attempt)
            await attempt.worker.send(Run(job, resume))
            while not attempt.over:
                yield await _next_event(attempt, attempt.worker)
        finally:
            await self._release(attempt)

    async def stop(self, job_id: str, *, keep_best: bool) -> None:
        """End a run within a step; one that still waits for its device is cancelled."""
        attempt = self._attempts.get(job_id)
        if attempt is None or attempt.over:
            return
        if attempt.worker is not None:
            await _ask_to_stop(attempt, attempt.worker, keep_best=keep_best)
            return
        attempt.discarded = True  # nothing is painted yet that could be kept
        if attempt.preparing is not None:
            attempt.preparing.cancel()

    async def close(self) -> None:
        """End every worker within 4 s; runs under way raise WorkerLost."""
        self._closed = True
        for attempt in self._attempts.values():
            if attempt.preparing is not None:
                attempt.preparing.cancel()
        await asyncio.gather(*(seat.close() for seat in self._seats))

    async def _prepared(self, attempt: _Attempt) -> WorkerProcess:
        """A worker that is ready for orders; `stop` and `close` may interrupt the wait for it."""
        attempt.preparing = asyncio.create_task(self._prepare(attempt))
        try:
            worker = await attempt.preparing
        except asyncio.CancelledError:
            if self._closed:
                raise WorkerLost("The runner was closed.") from None
            if not attempt.discarded:
                raise
        if attempt.discarded:
            raise Cancelled("The run was stopped before it began.") from None
        return worker

    async def _prepare(self, attempt: _Attempt) -> WorkerProcess:
        attempt.seat = await self._free.get()
        return await attempt.seat.worker()

    async def _release(self, attempt: _Attempt) -> None:
        """Free the device; a worker that is not done with the attempt is made to be."""
        worker, seat = attempt.worker, attempt.seat
        try:
            if worker is not None and not attempt.over:
                await _discard(attempt, worker)
        finally:
            if attempt.ending is not None:
                attempt.ending.cancel()
            if self._attempts.get(attempt.job.id) is attempt:
                del self._attempts[attempt.job.id]
            if seat is not None:
                if worker is not None and (attempt.lost or not attempt.over):
                    seat.bury()
                elif worker is not None:
                    seat.served()
                self._free.put_nowait(seat)


async def _next_event(attempt: _Attempt, worker: WorkerProcess) -> Event:
    """What the run yields next; the attempt is over with its last event, or with its error."""
    try:
        message = await worker.receive(STEP_TIMEOUT_SECONDS)
    except WorkerLost:
        attempt.over = attempt.lost = True
        if attempt.discarded:  # it was killed because it did not stop by itself
            raise Cancelled("The run was stopped.") from None
        raise
    if isinstance(message, Failed):
        attempt.over = True
        attempt.lost = isinstance(message.error, WorkerLost)
        raise message.error
    assert isinstance(message, Progress | Preview | StateSaved | Result)
    attempt.over = isinstance(message, Result)
    if isinstance(message, Progress):
        attempt.pace.step_done()
    return message


async def _ask_to_stop(attempt: _Attempt, worker: WorkerProcess, *, keep_best: bool) -> None:
    """Tell the worker, and see to it that it obeys."""
    attempt.discarded = attempt.discarded or not keep_best
    await worker.send(Stop(attempt.job.id, keep_best))
    if attempt.ending is None:
        attempt.ending = asyncio.create_task(_insist(worker, attempt.pace.seconds_left(2) or 0.0))


async def _insist(worker: WorkerProcess, two_steps_seconds: float) -> None:
    """Kill a worker that did not heed a stop."""
    await asyncio.sleep(max(STOP_SECONDS, two_steps_seconds))
    worker.signal(signal.SIGTERM)
    await asyncio.sleep(KILL_SECONDS)
    worker.signal(signal.SIGKILL)


async def _discard(attempt: _Attempt, worker: WorkerProcess) -> None:
    """Stop a run that nobody follows any more, and let its last events pass."""
    with contextlib.suppress(EngineError):
        await _ask_to_stop(attempt, worker, keep_best=False)
        while not attempt.over:
            await _next_event(attempt, worker)
