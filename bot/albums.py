"""Albums: their pictures arrive as separate updates, without a count and without an end.

An album is complete when it has been quiet for a second, five seconds after its first picture at
the latest. Of several processes each may hear a part of it: all ask the inbox when the last one
came. Its inbox rows stay open until its job is committed, so a kill in between loses nothing: the
rows are handled again at the next start, or by another process.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from bot.limits import ALBUM_CAP_SECONDS, ALBUM_QUIET_SECONDS

Album = tuple[int, str]  # chat and media group


class Albums:
    """Waits until an album is complete, then calls `flush` once for it."""

    def __init__(
        self,
        flush: Callable[[Album], Awaitable[None]],
        quiet_for: Callable[[Album], Awaitable[float]],
    ) -> None:
        """`quiet_for` tells how many seconds ago the latest open picture came in anywhere."""
        self._flush = flush
        self._quiet_for = quiet_for
        self._first: dict[Album, float] = {}
        self._last: dict[Album, float] = {}
        self._tasks: dict[Album, asyncio.Task[None]] = {}
        self._flushing: set[asyncio.Task[None]] = set()

    def note(self, album: Album) -> None:
        """A picture of the album has arrived."""
        now = time.monotonic()
        self._first.setdefault(album, now)
        self._last[album] = now
        if album not in self._tasks:
            self._tasks[album] = asyncio.create_task(self._wait(album))

    async def close(self) -> None:
        """Stop waiting; open albums are handled at the next start."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), *self._flushing, return_exceptions=True)

    async def _wait(self, album: Album) -> None:
        while (left := await self._left(album)) > 0:
            await asyncio.sleep(left)
        del self._first[album], self._last[album]
        task = self._tasks.pop(album)  # a picture that comes later starts an album of its own
        self._flushing.add(task)
        task.add_done_callback(self._flushing.discard)
        await self._flush(album)

    async def _left(self, album: Album) -> float:
        """Seconds until the album is complete, as far as is known now."""
        now = time.monotonic()
        quiet = self._last[album] + ALBUM_QUIET_SECONDS - now
        if quiet <= 0:
            quiet = ALBUM_QUIET_SECONDS - await self._quiet_for(album)
        return min(quiet, self._first[album] + ALBUM_CAP_SECONDS - now)
