"""One attempt behind an engine service: sent, followed across every break, and left in order."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import logging
import re
import secrets
from collections.abc import AsyncGenerator
from pathlib import Path

from engine.connection import Connection, Forgotten, Unreachable
from engine.errors import Cancelled, WorkerLost
from engine.files import write_whole
from engine.messages import Failed, Message
from engine.runner import Event, Job, Preview, Progress, Result, StateSaved

RETRY_SECONDS = 1.0
LEAVE_SECONDS = 4.0  # for the device of a run that nobody wants any more
STATE_NAME = "state.json"  # names the attempt whose state the service has
RESULT_NAME = "result.png"
PAINTED_NAME = "painted.png"

log = logging.getLogger(__name__)


class RemoteRun:
    """An attempt at a job. Until it is accepted it waits, whatever stands in the way.

    Its id begins with the job's, so that the service sees when it takes the place of another.
    """

    def __init__(self, connection: Connection, job: Job) -> None:
        stem = re.sub("[^A-Za-z0-9]", "-", job.id)[:60].lstrip("-") or "job"
        self._id = f"{stem}.{secrets.token_hex(4)}"
        self._connection = connection
        self._job = job
        self._cursor = 0
        self._accepted = self._over = self._closed = False
        self._stop: bool | None = None  # the last wish: True keeps the best picture
        self._told = True  # the service knows of the wish
        self._woken = asyncio.Event()

    async def events(self, resume: Path | None) -> AsyncGenerator[Event, None]:
        """What the seam promises, made of what the service tells."""
        await self._submit(resume)
        async with contextlib.aclosing(self._messages()) as messages:
            async for message in messages:
                if isinstance(message, Failed):
                    raise message.error
                event = await self._completed(message)
                if event is not None:
                    yield event

    async def stop(self, *, keep_best: bool) -> None:
        """End it within a step, or as soon as the service can be told."""
        self._stop = keep_best and self._stop is not False
        self._told = False
        self._woken.set()
        if self._accepted:
            await self._pass_on()

    def close(self) -> None:
        """Have it raise WorkerLost."""
        self._closed = True
        self._woken.set()

    async def leave(self) -> None:
        """Discard what is not over and is not followed any more; see its device free."""
        if self._over or self._closed or not self._accepted:
            return
        with contextlib.suppress(Unreachable, Forgotten, TimeoutError):
            async with asyncio.timeout(LEAVE_SECONDS):
                await self._connection.cancel(self._id, keep_best=False)
                stream = self._connection.events(self._id, self._cursor)
                async with contextlib.aclosing(stream) as events:
                    async for _ in events:
                        pass

    async def _submit(self, resume: Path | None) -> None:
        """Ask until a device is free. Raises Cancelled, WorkerLost, InvalidInput."""
        earlier = await asyncio.to_thread(_earlier_attempt, resume)
        while not self._accepted:
            if self._closed:
                raise WorkerLost("The runner was closed.")
            if self._stop is not None:
                raise Cancelled("The run was stopped before it began.")
            try:
                wait = await self._connection.put(self._id, self._job, earlier)
            except Unreachable as error:
                log.warning("run %s waits: %s", self._id, error)
                wait = RETRY_SECONDS
            except OSError as error:
                raise WorkerLost(f"A picture cannot be read: {error}.") from None
            if wait is None:
                self._accepted = True
            else:
                await self._pause(wait)

    async def _messages(self) -> AsyncGenerator[Message, None]:
        """The messages of the run to its last, taken up again after each break."""
        while not self._over:
            if self._closed:
                raise WorkerLost("The runner was closed.")
            try:
                await self._pass_on()
                async with contextlib.aclosing(self._unbroken()) as messages:
                    async for message in messages:
                        yield message
            except Unreachable as error:
                if self._stop is False:
                    raise Cancelled("The run was stopped.") from None
                log.warning("run %s is cut off: %s", self._id, error)
                await self._pause(RETRY_SECONDS)
            except Forgotten:
                self._over = True
                raise WorkerLost("The engine service has forgotten the run.") from None

    async def _unbroken(self) -> AsyncGenerator[Message, None]:
        """The messages of one stream. Raises Unreachable when it ends before the run."""
        stream = self._connection.events(self._id, self._cursor)
        async with contextlib.aclosing(stream) as events:
            async for number, message in events:
                self._cursor = number
                self._over = isinstance(message, Failed | Result)
                if message is not None:
                    yield message
        if not self._over:
            raise Unreachable("the stream broke off")

    async def _completed(self, message: Message) -> Event | None:
        """The event with its picture or file; None for a preview that is not there any more."""
        if isinstance(message, Preview):
            jpeg = await self._connection.preview(self._id, self._cursor)
            return None if jpeg is None else dataclasses.replace(message, jpeg=jpeg)
        if isinstance(message, StateSaved):
            path = self._job.folder / STATE_NAME
            await asyncio.to_thread(_write, path, json.dumps({"attempt": self._id}).encode())
            return StateSaved(message.step, path)
        if isinstance(message, Result):
            return await self._fetched(message)
        return message if isinstance(message, Progress) else None

    async def _fetched(self, result: Result) -> Result:
        """The result with its files; the service need not keep them after that.

        Raises Cancelled when it came too late: a wish to discard was on its way.
        """
        if self._stop is False:
            await self._drop()
            raise Cancelled("The run was stopped.")
        path = await self._fetch(self._job.folder / RESULT_NAME, painted=False)
        painted = None
        if result.painted is not None:
            painted = await self._fetch(self._job.folder / PAINTED_NAME, painted=True)
        await self._drop()
        return dataclasses.replace(result, path=path, painted=painted)

    async def _drop(self) -> None:
        with contextlib.suppress(Unreachable, Forgotten):
            await self._connection.cancel(self._id, keep_best=False)

    async def _fetch(self, path: Path, *, painted: bool) -> Path:
        """Fetch a picture, however often the connection breaks."""
        while not self._closed:
            try:
                png = await self._connection.result(self._id, painted=painted)
            except Unreachable as error:
                log.warning("run %s: its result is to come: %s", self._id, error)
                await self._pause(RETRY_SECONDS)
                continue
            except Forgotten:
                if self._stop is False:
                    raise Cancelled("The run was stopped.") from None
                raise WorkerLost("The engine service has forgotten the result.") from None
            await asyncio.to_thread(_write, path, png)
            return path
        raise WorkerLost("The runner was closed.")

    async def _pass_on(self) -> None:
        """Tell the service of a stop, now or after the next break."""
        if self._told or self._stop is None:
            return
        with contextlib.suppress(Unreachable, Forgotten):
            await self._connection.cancel(self._id, keep_best=self._stop)
            self._told = True

    async def _pause(self, seconds: float) -> None:
        """Wait, but for a stop or the end."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._woken.wait()
        self._woken.clear()


def _write(path: Path, data: bytes) -> None:
    try:
        write_whole(path, data)
    except OSError as error:
        raise WorkerLost(f"{path.name} cannot be written: {error.strerror}.") from error


def _earlier_attempt(resume: Path | None) -> str | None:
    """The attempt whose state the service may have; None for a state that is not with it."""
    if resume is None:
        return None
    try:
        return str(json.loads(resume.read_bytes())["attempt"])
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        log.warning("the state %s is none of an engine service: the run starts anew", resume)
        return None
