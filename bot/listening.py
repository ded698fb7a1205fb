"""Hears the wake-up calls of other processes, where the database has such calls.

Without them, and for what is missed while the connection is down, each loop looks every second.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing

from bot.rooms import Rooms
from storage.postgresql import CHANNELS


class Listening:
    """Passes the database's calls on to the loops of this process."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def run(self) -> None:
        """Listen for ever; raises StorageError when the connection breaks, to be run again."""
        calls = self._rooms.database.notifications()
        if calls is None:
            await asyncio.Event().wait()
            return
        wakeups = (self._rooms.fetch, self._rooms.dispatch, self._rooms.send)
        bells = dict(zip(CHANNELS, wakeups, strict=True))
        self._rooms.ring_all()  # for what was called before
        async with aclosing(calls):
            async for channel in calls:
                bells[channel].ring()
