"""The two ends of the socket between a caller and its worker: frames in order, or its end.

The worker's end is blocking and used from several threads; the caller's end is asyncio's. Both read
None when the other side is gone, however it went.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import threading

from engine.messages import PREFIX, Message, pack, unpack


class WorkerEnd:
    """The blocking end, in the worker: any thread may send, one thread receives."""

    def __init__(self, sock: socket.socket) -> None:
        self._socket = sock
        self._file = sock.makefile("rb")
        self._lock = threading.Lock()

    def send(self, message: Message) -> None:
        """Send one frame whole; raises OSError when the caller is gone."""
        frame = pack(message)
        with self._lock:
            self._socket.sendall(frame)

    def receive(self) -> Message | None:
        """The next message, or None when the caller is gone."""
        with contextlib.suppress(OSError, ValueError):  # half a frame is no message
            prefix = self._file.read(PREFIX.size)
            if len(prefix) == PREFIX.size:
                header, body = PREFIX.unpack(prefix)
                return unpack(self._file.read(header), self._file.read(body))
        return None

    def close(self) -> None:
        """Hang up."""
        self._file.close()
        self._socket.close()


class CallerEnd:
    """The asyncio end, in whoever wants pictures."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    @classmethod
    async def open(cls, sock: socket.socket) -> CallerEnd:
        """Take over one end of a socket pair."""
        return cls(*await asyncio.open_unix_connection(sock=sock))

    async def send(self, message: Message) -> None:
        """Send one frame; a worker that is gone is noticed by `receive`, not here."""
        with contextlib.suppress(ConnectionError):
            self._writer.write(pack(message))
            await self._writer.drain()

    async def receive(self) -> Message | None:
        """The next message, or None when the worker is gone."""
        # A death with unread data is a reset instead of an end.
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            header, body = PREFIX.unpack(await self._reader.readexactly(PREFIX.size))
            return unpack(
                await self._reader.readexactly(header), await self._reader.readexactly(body)
            )
        return None

    async def close(self) -> None:
        """Hang up; the worker exits when it reads the end."""
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
