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
    port, folder, token = int(sys.argv[1]), pathlib.Path(sys.argv[2]), sys.argv[3]
    playground = Playground(port=port, folder=folder, token=token)
    await playground.start()
    print(playground.url, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


class MortalPlayground:
    """`address` is a playground that is not started, of the same URLs."""

    def __init__(self, folder: Path, token: str = "4242:PLAYGROUND") -> None:
        self.folder = folder
        self.address = Playground(token=token)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.kill()

    async def start(self) -> None:
        """Start it, at the port it had before if it had one."""
        token, port = self.address.token, self.address.url.rpartition(":")[2]
        program = sys.executable, "-c", PROGRAM, port, str(self.folder), token
        self._process = await asyncio.create_subprocess_exec(
            *program, stdout=asyncio.subprocess.PIPE
        )
        assert self._process.stdout
        line = await asyncio.wait_for(self._process.stdout.readline(), 30)
        assert line, "the playground ended before it listened"
        self.address = Playground(port=int(line.decode().rpartition(":")[2]), token=token)

    async def kill(self) -> None:
        """End it as a power cut would."""
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def restart(self) -> None:
        """Kill it and start it again."""
        await self.kill()
        await self.start()
