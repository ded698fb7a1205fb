"""A program of ours as a process of its own, ready when its log says so."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import Self

READY_SECONDS = 60
END_SECONDS = 15


class Child:
    """Started with `async with`; ended by SIGTERM at the end, or earlier by `kill` or `end`."""

    def __init__(self, program: Sequence[str], ready: str, environment: Mapping[str, str]) -> None:
        self._program = program
        self._ready_line = ready
        self._environment = {**os.environ, **environment}
        self._log: list[str] = []
        self._ready = asyncio.Event()

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *self._program, stderr=asyncio.subprocess.PIPE, env=self._environment
        )
        self._reading = asyncio.create_task(self._read())
        await asyncio.wait_for(self._ready.wait(), READY_SECONDS)
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.terminate()
        await asyncio.wait_for(self._process.wait(), END_SECONDS)
        await self._reading

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return "".join(self._log)

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

    @property
    def exit_code(self) -> int | None:
        """The exit code, once it has ended."""
        return self._process.returncode

    async def ended(self) -> Self:
        """Wait until it ends by itself."""
        await self._process.wait()
        await asyncio.shield(self._reading)
        return self

    async def kill(self) -> None:
        """End it as a power cut would."""
        self._process.send_signal(signal.SIGKILL)
        await self._process.wait()

    async def end(self) -> int:
        """End it as an operator would; the exit code."""
        self._process.terminate()
        return await self._process.wait()

    async def _read(self) -> None:
        assert self._process.stderr is not None
        async for line in self._process.stderr:
            self._log.append(line.decode())
            if self._ready_line in self._log[-1]:
                self._ready.set()
        self._ready.set()
