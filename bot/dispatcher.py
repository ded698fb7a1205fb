"""Claims jobs while devices are free, passes on stops, and takes jobs from those who vanished."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
import time

from bot.announcements import announce_end
from bot.attempt import LEASE_SECONDS, Attempt
from bot.heartbeat import Heartbeat
from bot.logs import about_job
from bot.rooms import Rooms
from bot.sender import Sender
from engine.runner import Runner
from storage import history, jobs, queue
from storage.columns import utc_now
from storage.errors import StorageFull
from storage.models import Job, Status, StopRequest

LOOK_SECONDS = 1.0
FULL_DISK_SECONDS = 30.0

log = logging.getLogger(__name__)


def owner_name() -> str:
    """A name for this process that tells others on this machine whether it still lives."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


class Dispatcher:
    """Keeps every device busy while jobs wait."""

    def __init__(
        self, rooms: Rooms, runner: Runner, sender: Sender, owner: str, heartbeat: Heartbeat
    ) -> None:
        self._rooms = rooms
        self._runner = runner
        self._sender = sender
        self._owner = owner
        self._heartbeat = heartbeat
        self._attempts: dict[str, Attempt] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._paused_until = 0.0

    async def run(self) -> None:
        """Dispatch for ever."""
        while True:
            self._heartbeat.beat("dispatcher")
            await self._release_lost()
            await self._pass_on_stops()
            while len(self._tasks) < len(self._runner.devices) and await self._claim():
                pass
            await self._rooms.dispatch.wait(LOOK_SECONDS)

    async def close(self) -> None:
        """Give every running job back, to go on from its last saved state."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _claim(self) -> bool:
        if time.monotonic() < self._paused_until:
            return False
        async with self._rooms.database.write() as session:
            job = await queue.claim(session, self._owner, LEASE_SECONDS)
        if job is None:
            return False
        self._rooms.metrics.claimed(job)
        attempt = Attempt(self._rooms, self._runner, job, self._sender.changed)
        self._attempts[job.id] = attempt
        with about_job(job.id):  # a task, and what is called at its end, keep that
            task = asyncio.create_task(attempt.run(), name=f"attempt {job.attempt} at {job.id}")
            task.add_done_callback(lambda done: self._ended(job.id, done))
        self._tasks[job.id] = task
        await self._renew_places()
        return True

    def _ended(self, job_id: str, done: asyncio.Task[None]) -> None:
        del self._tasks[job_id], self._attempts[job_id]
        self._rooms.dispatch.ring()
        error = None if done.cancelled() else done.exception()
        if isinstance(error, StorageFull):
            log.error("no job is claimed for a while: %s", error)
            self._paused_until = time.monotonic() + FULL_DISK_SECONDS
        elif error is not None:
            log.error("the attempt broke off", exc_info=error)

    async def _renew_places(self) -> None:
        """Those who wait have moved up; their messages say so when there is time for it."""
        async with self._rooms.database.read() as session:
            for job_id, chat_id in await jobs.waiting_messages(session):
                self._sender.moved_up(job_id, chat_id)

    async def _pass_on_stops(self) -> None:
        async with self._rooms.database.read() as session:
            running = await jobs.running(session)
            forgotten = await history.unknown_jobs(session, self._attempts.keys())
        stops = {job.id: job.stop_requested for job in running}
        stops |= dict.fromkeys(forgotten, StopRequest.DISCARD)
        for job_id, request in stops.items():
            attempt = self._attempts.get(job_id)
            if attempt is not None and request is not None:
                await attempt.stop(request)

    async def _release_lost(self) -> None:
        """Take jobs back from holders whose lease ran out, or whose process is gone."""
        async with self._rooms.database.read() as session:  # a look holds up nobody who writes
            running = await jobs.running(session)
        if not any(self._is_lost(job) for job in running):
            return
        async with self._rooms.database.write() as session:
            for job in await jobs.running(session):
                if job.id not in self._tasks and self._is_gone(job):
                    await queue.expire(session, job, utc_now())
            released = await queue.release_expired(session, utc_now())
            for job in released:
                with about_job(job.id):
                    log.warning("whoever ran attempt %d is gone", job.attempt)
                self._rooms.metrics.failed("lease_expired")
                if job.status is not Status.TODO:
                    await announce_end(session, job)
                    self._rooms.metrics.ended(job)
                self._sender.changed(job.id, job.chat_id)

    def _is_lost(self, job: Job) -> bool:
        expired = job.lease_until is not None and job.lease_until < utc_now()
        return expired or (job.id not in self._tasks and self._is_gone(job))

    def _is_gone(self, job: Job) -> bool:
        """Whether the job's holder was a process of this machine that has ended.

        In a container every process has the same number, hence the random part of the name.
        """
        host, _, rest = (job.lease_owner or "").rpartition(":")[0].partition(":")
        if host != socket.gethostname() or not rest.isdigit():
            return False
        if int(rest) == os.getpid():
            return job.lease_owner != self._owner
        try:
            os.kill(int(rest), 0)
        except ProcessLookupError:
            return True
        except PermissionError:
            pass
        return False
