"""What happens, told to everyone who watches: numbered, kept for a while, sent as SSE."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections import deque
from typing import Any

from aiohttp import web

KEPT_EVENTS = 2000
KEEP_ALIVE_SECONDS = 15.0


class Events:
    """A ring of the latest events.

    Numbers begin at the clock, so that a page that outlives a restart notices the gap.
    """

    def __init__(self) -> None:
        self.latest = int(time.time() * 1000)
        self._ring: deque[tuple[int, str]] = deque(maxlen=KEPT_EVENTS)
        self._changed = asyncio.Event()
        self._closed = False

    def publish(self, kind: str, data: Any) -> None:
        """Tell every watcher; `data` becomes JSON now, so later changes do not show."""
        self.latest += 1
        body = f"id: {self.latest}\nevent: {kind}\ndata: {json.dumps(data)}\n\n"
        self._ring.append((self.latest, body))
        self._wake()

    def close(self) -> None:
        """End every stream."""
        self._closed = True
        self._wake()

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()

    def _after(self, cursor: int) -> list[str]:
        return [body for number, body in self._ring if number > cursor]

    def _resumes(self, cursor: int) -> bool:
        oldest = self._ring[0][0] if self._ring else self.latest + 1
        return oldest - 1 <= cursor <= self.latest

    async def stream(self, request: web.Request) -> web.StreamResponse:
        """Answer with the events as they come, from `Last-Event-ID` on when it is sent."""
        response = web.StreamResponse(headers=_HEADERS)
        await response.prepare(request)
        await response.write(b"retry: 1000\n\n")
        cursor = self.latest
        if last := request.headers.get("Last-Event-ID", ""):
            cursor = int(last) if last.isdigit() else 0
            if not self._resumes(cursor):
                cursor = self.latest
                await response.write(b"event: gap\ndata: {}\n\n")
        with contextlib.suppress(ConnectionError):  # the page is gone
            await self._follow(response, cursor)
        return response

    async def _follow(self, response: web.StreamResponse, cursor: int) -> None:
        while not self._closed:
            changed = self._changed
            if news := self._after(cursor):
                cursor = self.latest
                await response.write("".join(news).encode())
                continue
            try:
                async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                    await changed.wait()
            except TimeoutError:
                await response.write(b": still here\n\n")


_HEADERS = {"Content-Type": "text/event-stream", "Cache-Control": "no-cache"}
