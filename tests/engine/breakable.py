"""A way to a server that can be cut and mended."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Self


class Line:
    """A TCP proxy on loopback; `url` leads through it. Started with `async with`."""

    def __init__(self, url: str) -> None:
        host, port = url.removeprefix("http://").split(":")
        self._target = host, int(port)
        self._writers: set[asyncio.StreamWriter] = set()
        self._whole = True

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self.cut()
        self._server.close()
        await self._server.wait_closed()

    def cut(self) -> None:
        """Break every connection, and let none be made."""
        self._whole = False
        for writer in self._writers:
            writer.transport.abort()

    def mend(self) -> None:
        """Let connections be made again."""
        self._whole = True

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if not self._whole:
            writer.transport.abort()
            return
        back, forth = await asyncio.open_connection(*self._target)
        ours = {writer, forth}
        self._writers |= ours
        try:
            await asyncio.gather(_pump(reader, forth), _pump(back, writer))
        finally:
            self._writers -= ours


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with contextlib.suppress(ConnectionError):
        while chunk := await reader.read(1 << 16):
            writer.write(chunk)
            await writer.drain()
    writer.close()
