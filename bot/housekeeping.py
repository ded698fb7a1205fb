"""Throws away what nobody will ask for again, so that a bot that runs for a year fills no disk.

People's pictures and results stay for as long as the operator has set; what was needed on the way
goes earlier.
"""

from __future__ import annotations

import asyncio
import logging
import shutil
from datetime import datetime, timedelta
from pathlib import Path

from bot.rooms import Rooms
from storage import drafts, history, inbox, outbox, quotas
from storage.columns import utc_now
from storage.errors import StorageError

EVERY_SECONDS = 3600.0
PREVIEWS_KEPT = timedelta(hours=1)
# Keys of what was sent, and photos that wait for a style; a week covers every repeated update.
MAIL_KEPT = timedelta(days=7)
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
            await drafts.prune(session, now - MAIL_KEPT)
            await quotas.prune(session)
        await self._drop_old_jobs(now)
        async with self._rooms.database.write() as session:
            await self._rooms.blobs.sweep(session, now - STRAYS_KEPT)
        await self._drop_stray_folders(now - STRAYS_KEPT)

    async def _drop_old_jobs(self, now: datetime) -> None:
        days = self._rooms.config.retention_days
        if not days:
            return
        async with self._rooms.database.write() as session:
            old = await history.drop_jobs(session, now - timedelta(days=days))
        for job_id in old:
            await self._drop_folder(job_id)

    async def _drop_stray_folders(self, before: datetime) -> None:
        """Folders of jobs that were forgotten, where a kill kept them from going with the job."""
        moment = before.timestamp()
        folders = await asyncio.to_thread(_older, self._rooms.job_folder("x").parent, moment)
        async with self._rooms.database.read() as session:
            strays = await history.unknown_jobs(session, folders)
        for job_id in strays:
            await self._drop_folder(job_id)

    async def _drop_folder(self, job_id: str) -> None:
        folder = self._rooms.job_folder(job_id)
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _older(folder: Path, moment: float) -> list[str]:
    return [path.name for path in folder.glob("*") if path.stat().st_mtime < moment]
