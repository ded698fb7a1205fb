"""Brings the pictures of waiting jobs, and saved styles, from Telegram into the blob store.

A picture is fetched as soon as its job is committed, checked in a process of its own, and stored;
a bad one fails its job, or drops the style, with one sentence. A failed download is tried again, a
few times.
"""

from __future__ import annotations

import asyncio
import logging
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Bot
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.announcements import announce_bad_style, announce_end
from bot.limits import MAX_DOWNLOAD_BYTES
from bot.rooms import Rooms
from engine.errors import InvalidPicture
from engine.inspection import Picture as Inspected
from engine.inspection import inspect
from storage import jobs, styles
from storage.columns import JobError
from storage.models import Picture, Style

LOOK_SECONDS = 1.0
AT_ONCE = 4
MAX_TRIES = 6
_Wanted = Picture | Style
_Key = tuple[str, int, str | None]

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
        self._tries: dict[_Key, _Try] = {}
        self._busy: dict[_Key, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Fetch for ever."""
        while True:
            if len(self._busy) < AT_ONCE:
                await self._begin()
            await self._rooms.fetch.wait(LOOK_SECONDS)

    async def _begin(self) -> None:
        async with self._rooms.database.read() as session:
            wanted = await jobs.pictures_to_fetch(session)
            saved = await styles.to_fetch(session)
        pictures: list[_Wanted] = [*wanted, *saved]
        for picture in pictures:
            key = _key(picture)
            due = self._tries.setdefault(key, _Try()).next_at <= time.monotonic()
            if due and key not in self._busy and len(self._busy) < AT_ONCE:
                self._busy[key] = asyncio.create_task(self._fetch(key, picture))

    async def close(self) -> None:
        """Drop what is under way; it is fetched again at the next start."""
        for task in self._busy.values():
            task.cancel()
        await asyncio.gather(*self._busy.values(), return_exceptions=True)

    async def _fetch(self, key: _Key, picture: _Wanted) -> None:
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

    async def _bring(self, picture: _Wanted) -> None:
        assert picture.file_id is not None  # only such pictures need fetching
        file = await self._bot.get_file(picture.file_id)
        with tempfile.TemporaryDirectory(dir=self._rooms.config.data_dir) as folder:
            path = Path(folder) / "picture"
            await file.download_to_drive(path)
            found = await inspect(path)
            async with self._rooms.database.write() as session:
                blob = await self._rooms.blobs.put(session, path, "picture")
                if not await _keep(session, picture, blob, found):
                    await self._rooms.blobs.remove_unused(session, [blob])

    async def _try_again(self, key: _Key, picture: _Wanted, error: TelegramError) -> None:
        if isinstance(error, BadRequest) and "too big" in str(error).lower():
            limit = MAX_DOWNLOAD_BYTES // 1_000_000
            await self._refuse(picture, "too_many_bytes", {"megabytes": limit})
            return
        attempt = self._tries[key]
        attempt.count += 1
        attempt.next_at = time.monotonic() + 2**attempt.count
        hopeless = isinstance(error, BadRequest | InvalidToken)
        log.warning("%s not fetched (%d): %s", key, attempt.count, error)
        if hopeless or attempt.count >= MAX_TRIES:
            await self._refuse(picture, "not_fetched", {})

    async def _refuse(self, picture: _Wanted, code: str, values: dict[str, int]) -> None:
        async with self._rooms.database.write() as session:
            if isinstance(picture, Style):
                if await styles.remove(session, picture.id):
                    await announce_bad_style(session, picture, JobError(code, values))
            else:
                job = await jobs.fail_waiting(session, picture.job_id, JobError(code, values))
                if job is not None:
                    await announce_end(session, job)
                    self._rooms.metrics.failed(code)
                    self._rooms.metrics.ended(job)
        self._rooms.send.ring()


def _key(picture: _Wanted) -> _Key:
    if isinstance(picture, Style):
        return "style", picture.id, picture.file_id
    return picture.job_id, picture.position, picture.file_id


async def _keep(session: AsyncSession, picture: _Wanted, blob: str, found: Inspected) -> bool:
    """Say where the bytes are, unless another picture has taken the place meanwhile."""
    if isinstance(picture, Style):
        return await styles.set_blob(session, picture.id, blob)
    return await jobs.set_blob(
        session,
        picture.job_id,
        picture.position,
        blob,
        file_id=picture.file_id,
        width=found.width,
        height=found.height,
    )
