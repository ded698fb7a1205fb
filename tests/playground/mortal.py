"""A playground in a process of its own, on one folder and one port through every death."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Self

from bot.playground import Playground

PROGRAM = """
import asyncio, pathlib, sys
from bot.playground import Playground

async def main():
    playground = Playground(port=int(sys.argv[1]), folder=pathlib.Path(sys.argv[2]))
    await playground.start()
    print(playground.url, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


class MortalPlayground:
    """`address` is a playground that is not started, of the same URLs."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = Playground(port=0)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    async def start(self) -> None:
        """Start it, at the port it had before if it had one."""
        port = self.address.url.rpartition(":")[2]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, port, str(self.folder), stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout
        line = await asyncio.wait_for(self._process.stdout.readline(), 30)
        assert line, "the playground ended before it listened"
        self.address = Playground(port=int(line.decode().rpartition(":")[2]))

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def restart(self) -> None:
        """Kill it and start it again."""
        await self.kill()
        await self.start()
