"""Brings the pictures of waiting jobs from Telegram into the blob store.

A picture is fetched as soon as its job is committed, checked in a process of its own, and stored;
a bad one fails its job with one sentence. A failed download is tried again, a few times.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.announcements import announce_end
from bot.limits import MAX_DOWNLOAD_BYTES
from bot.rooms import Rooms
from engine.errors import InvalidPicture
from engine.inspection import inspect
from storage import jobs
from storage.columns import JobError
from storage.models import Picture

LOOK_SECONDS = 1.0
AT_ONCE = 4
MAX_TRIES = 6

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Try:
    count: int = 0
    next_at: float = 0.0


class Fetcher:
    """Fetches pictures, a few at once."""

    def __init__(self, rooms: Rooms, bot: Bot) -> None:
        self._rooms = rooms
        self._bot = bot
        self._tries: dict[tuple[str, int], _Try] = {}
        self._busy: dict[tuple[str, int], asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Fetch for ever."""
        while True:
            async with self._rooms.database.read() as session:
                pictures = await jobs.pictures_to_fetch(session)
            for picture in pictures:
                key = (picture.job_id, picture.position)
                due = self._tries.setdefault(key, _Try()).next_at <= time.monotonic()
                if due and key not in self._busy and len(self._busy) < AT_ONCE:
                    self._busy[key] = asyncio.create_task(self._fetch(key, picture))
            await self._rooms.fetch.wait(LOOK_SECONDS)

    async def close(self) -> None:
        """Drop what is under way; it is fetched again at the next start."""
        for task in self._busy.values():
            task.cancel()
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _fetch(self, key: tuple[str, int], picture: Picture) -> None:
        try:
            await self._bring(picture)
        except InvalidPicture as error:
            await self._refuse(picture, error.code, error.values)
        except TelegramError as error:
            await self._try_again(key, picture, error)
        else:
            del self._tries[key]
            self._rooms.dispatch.ring()
        finally:
            del self._busy[key]
            self._rooms.fetch.ring()

    async def _bring(self, picture: Picture) -> None:
        assert picture.file_id is not None  # only such pictures need fetching
        file = await self._bot.get_file(picture.file_id)
        with tempfile.TemporaryDirectory(dir=self._rooms.config.data_dir) as folder:
            path = Path(folder) / "picture"
            await file.download_to_drive(path)
            found = await inspect(path)
            async with self._rooms.database.write() as session:
                blob = await self._rooms.blobs.put(session, path, "picture")
                size = {"width": found.width, "height": found.height}
                if not await jobs.set_blob(session, picture.job_id, picture.position, blob, **size):
                    await self._rooms.blobs.remove_unused(session, [blob])

    async def _try_again(
        self, key: tuple[str, int], picture: Picture, error: TelegramError
    ) -> None:
        if isinstance(error, BadRequest) and "too big" in str(error).lower():
            limit = MAX_DOWNLOAD_BYTES // 1_000_000
            await self._refuse(picture, "too_many_bytes", {"megabytes": limit})
            return
        attempt = self._tries[key]
        attempt.count += 1
        attempt.next_at = time.monotonic() + 2**attempt.count
        hopeless = isinstance(error, BadRequest | InvalidToken)
        log.warning("picture of job %s not fetched (%d): %s", key[0], attempt.count, error)
        if hopeless or attempt.count >= MAX_TRIES:
            await self._refuse(picture, "not_fetched", {})

    async def _refuse(self, picture: Picture, code: str, values: dict[str, int]) -> None:
        async with self._rooms.database.write() as session:
            job = await jobs.fail_waiting(session, picture.job_id, JobError(code, values))
            if job is not None:
                await announce_end(session, job)
        self._rooms.send.ring()
