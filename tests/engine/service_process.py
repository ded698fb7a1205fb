"""`python -m engine.service` as a process of its own, with one CPU worker."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
from pathlib import Path
from typing import Self

from serving import TOKEN


class ServiceProcess:
    """Started with `async with`, ready when entered; ended by SIGTERM, or earlier by `kill`."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self._arguments = ("--folder", str(folder), "--port", str(port), "--devices", "cpu")
        self._log: list[str] = []
        self._ready = asyncio.Event()
        self.url = ""

    async def __aenter__(self) -> Self:
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "engine.service", *self._arguments),
            stderr=asyncio.subprocess.PIPE,
            env={**os.environ, "ENGINE_TOKEN": TOKEN},
        )
        self._reading = asyncio.create_task(self._read())
        await asyncio.wait_for(self._ready.wait(), 60)
        assert self.url, self.log
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._process.returncode is None:
            self._process.terminate()
        await asyncio.wait_for(self._process.wait(), 15)
        await self._reading

    @property
    def log(self) -> str:
        """What it has logged so far."""
        return "".join(self._log)

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.url.rpartition(":")[2])

    @property
    def pid(self) -> int:
        """The number of the process."""
        return self._process.pid

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
            if found := re.search(r"serving at (\S+)", self._log[-1]):
                self.url = found[1]
            if "ready, painting" in self._log[-1]:
                self._ready.set()
        self._ready.set()
