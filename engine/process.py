"""The caller's side of one worker process: spawn it, hear it, notice its death, end it."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import socket
from pathlib import Path

from engine.channel import CallerEnd
from engine.children import WAIT_POLICY, child_environ, module_command
from engine.devices import visible_to_worker
from engine.errors import EngineError, WorkerLost
from engine.forecast import DeviceSpeed
from engine.messages import Failed, Heartbeat, Measured, Message, Ready

HEARTBEAT_TIMEOUT_SECONDS = 30.0  # the worker beats each second
HANG_UP_SECONDS = 1.0  # from the end of the socket to SIGTERM, and from there to SIGKILL


class WorkerProcess:
    """A spawned worker; what it says of its runs can be received in order.

    `speed` is how fast its device paints, once the worker has said so.
    """

    def __init__(
        self, device: str, process: asyncio.subprocess.Process, end: CallerEnd, timeout: float
    ) -> None:
        self.device = device
        self.pid = process.pid
        self.speed: DeviceSpeed | None = None
        self._process = process
        self._end = end
        self._timeout = timeout
        self._messages: asyncio.Queue[Message | None] = asyncio.Queue()
        self._ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._silent = False
        self._hearing = asyncio.create_task(self._hear())

    @classmethod
    async def spawn(
        cls,
        device: str,
        *,
        weights: Path | None = None,
        heartbeat_timeout_seconds: float = HEARTBEAT_TIMEOUT_SECONDS,
    ) -> WorkerProcess:
        """Start a worker for a device; it loads torch and the network while we go on.

        Never a fork of this process: a fresh interpreter, in a session of its own, so that a
        Ctrl-C is the caller's to handle. Call it on the main thread: the kernel ends the worker
        with the thread that spawned it. Raises OSError when the machine gives no process.
        """
        ours, theirs = socket.socketpair()
        with theirs:
            descriptor = str(theirs.fileno())
            arguments = ["--channel", descriptor, "--parent", str(os.getpid())]
            arguments += ["--device", "cuda:0" if device.startswith("cuda") else device]
            arguments += ["--weights", str(weights)] if weights else []
            process = await asyncio.create_subprocess_exec(
                *module_command("engine.worker", *arguments),
                env=_environ(device),
                pass_fds=(theirs.fileno(),),
                stdin=asyncio.subprocess.DEVNULL,
                start_new_session=True,
            )
        return cls(device, process, await CallerEnd.open(ours), heartbeat_timeout_seconds)

    @property
    def alive(self) -> bool:
        """Whether it may still answer."""
        return not self._hearing.done()

    async def ready(self) -> None:
        """Wait until the network is loaded; raises InvalidWeights or WorkerLost."""
        await asyncio.shield(self._ready)

    async def send(self, message: Message) -> None:
        """Send a command; a worker that is gone is noticed by `receive`."""
        await self._end.send(message)

    async def receive(self, timeout_seconds: float) -> Message:
        """The next message; raises WorkerLost when it died, or kept silent for that long."""
        try:
            async with asyncio.timeout(timeout_seconds):
                message = await self._messages.get()
        except TimeoutError:
            raise WorkerLost(
                f"The worker for {self.device} finished no step in {timeout_seconds:g} s."
            ) from None
        if message is None:
            self._messages.put_nowait(None)
            raise WorkerLost(self._obituary())
        return message

    def signal(self, number: signal.Signals) -> None:
        """Send a signal, unless it is dead already."""
        with contextlib.suppress(ProcessLookupError):
            self._process.send_signal(number)

    async def end(self) -> None:
        """Hang up, then SIGTERM, then SIGKILL; returns when the process is gone."""
        await self._end.close()
        for number in (signal.SIGTERM, signal.SIGKILL):
            try:
                await asyncio.wait_for(self._process.wait(), HANG_UP_SECONDS)
            except TimeoutError:
                self.signal(number)
        await self._process.wait()
        await self._hearing

    async def _hear(self) -> None:
        """Sort what arrives, until the worker is gone or has been silent for too long."""
        try:
            while (message := await self._next()) is not None:
                self._sort(message)
            await self._process.wait()
        finally:
            # Also when a closing event loop cancels this: nobody shall wait for what never comes.
            self._refuse(WorkerLost(self._obituary()))
            self._messages.put_nowait(None)

    def _sort(self, message: Message) -> None:
        if isinstance(message, Heartbeat):
            return
        if isinstance(message, Measured):
            self.speed = message.speed
            return
        if self._ready.done():
            self._messages.put_nowait(message)
        elif isinstance(message, Ready):
            self._ready.set_result(None)
        elif isinstance(message, Failed):
            self._refuse(message.error)

    async def _next(self) -> Message | None:
        try:
            async with asyncio.timeout(self._timeout):
                return await self._end.receive()
        except TimeoutError:
            self._silent = True
            self.signal(signal.SIGKILL)
            return None

    def _refuse(self, error: EngineError) -> None:
        """Tell whoever waits for the start, now or later."""
        if not self._ready.done():
            self._ready.set_exception(error)
            self._ready.exception()  # seen, even when nobody waits

    def _obituary(self) -> str:
        code = self._process.returncode
        if self._silent:
            return f"The worker for {self.device} stopped answering."
        if code is not None and code < 0:
            return f"The worker for {self.device} was killed by signal {-code}."
        if code is None:
            return f"The worker for {self.device} is not listened to any more."
        return f"The worker for {self.device} exited with status {code}."


def _environ(device: str) -> dict[str, str]:
    """What must be set before torch is imported.

    OpenMP's threads spin while they wait for each other by default. Whenever anything else runs on
    the machine they so take the processor from the very thread they wait for: measured on two busy
    processors, a step of 64 px took 3 s instead of 0.25 s.
    """
    name, policy = WAIT_POLICY
    waiting = {name: os.environ.get(name, policy)}
    return child_environ(CUDA_VISIBLE_DEVICES=visible_to_worker(device), **waiting)
