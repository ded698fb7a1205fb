"""Throws away what nobody will ask for again, so that a bot that runs for a year fills no disk.

People's pictures and results stay: they are what a job is. Only what was needed on the way goes.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta

from bot.rooms import Rooms
from storage import history, inbox, outbox
from storage.columns import utc_now
from storage.errors import StorageError

EVERY_SECONDS = 3600.0
PREVIEWS_KEPT = timedelta(hours=1)
MAIL_KEPT = timedelta(days=7)  # keys of what was sent; a week covers every repeated update
STRAYS_KEPT = timedelta(days=1)

log = logging.getLogger(__name__)


class Housekeeping:
    """Tidies at the start and then every hour."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def run(self) -> None:
        """Tidy for ever; a database that is busy or full is tried again the next time."""
        while True:
            try:
                await self.tidy()
            except StorageError as error:
                log.warning("tidying up has to wait: %s", error)
            await asyncio.sleep(EVERY_SECONDS)

    async def tidy(self) -> None:
        """Drop old previews and letters, and files that nothing refers to."""
        now = utc_now()
        async with self._rooms.database.write() as session:
            await history.prune(session, now - PREVIEWS_KEPT)
            await inbox.prune(session, now - MAIL_KEPT)
            await outbox.prune(session, now - MAIL_KEPT)
        async with self._rooms.database.write() as session:
            await self._rooms.blobs.sweep(session, now - STRAYS_KEPT)
