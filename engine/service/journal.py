"""The numbered events of one attempt: the latest are kept, written once for all who follow."""

from __future__ import annotations

import asyncio
from collections import deque

KEPT_EVENTS = 1000


class Journal:
    """A ring of events as they go over the wire; numbers begin at 1."""

    def __init__(self, kept: int = KEPT_EVENTS) -> None:
        self.latest = 0
        self.closing = asyncio.Event()
        self._ring: deque[bytes] = deque(maxlen=kept)
        self._changed = asyncio.Event()

    @property
    def closed(self) -> bool:
        """Whether nothing more will come."""
        return self.closing.is_set()

    @property
    def oldest(self) -> int:
        """The number of the oldest event that is kept; of the next one, when there is none."""
        return self.latest - len(self._ring) + 1

    def append(self, kind: str, data: str) -> int:
        """Note an event, whose data is one line; its number."""
        self.latest += 1
        self._ring.append(f"id: {self.latest}\nevent: {kind}\ndata: {data}\n\n".encode())
        self._wake()
        return self.latest

    def close(self) -> None:
        """Nothing more will come."""
        self.closing.set()
        self._wake()

    def reaches(self, cursor: int) -> bool:
        """Whether nothing is missing between that number and what is kept."""
        return self.oldest - 1 <= cursor <= self.latest

    def after(self, cursor: int) -> list[bytes]:
        """What came after that number, as far as it is kept."""
        count = min(self.latest - cursor, len(self._ring))
        return [self._ring[place - count] for place in range(count)] if count > 0 else []

    async def changed(self, seconds: float) -> bool:
        """Wait for the next event or the end; False when nothing came within so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._changed.wait()
        except TimeoutError:
            return False
        return True

    def _wake(self) -> None:
        self._changed.set()
        self._changed = asyncio.Event()
