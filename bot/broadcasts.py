"""Brings a broadcast to its readers at an even pace, and tells its author what became of it."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.rooms import Rooms
from bot.words import texts_of
from storage import broadcasts, outbox, users
from storage.columns import utc_now
from storage.operation import Broadcast

LOOK_SECONDS = 1.0
PEOPLE_A_LOOK = 15  # half of the 30 messages a second that Telegram allows a bot
PATIENCE = timedelta(minutes=10)  # with messages that are still on the way


class Broadcasts:
    """Puts a few messages into the outbox each second."""

    def __init__(self, rooms: Rooms) -> None:
        self._rooms = rooms

    async def run(self) -> None:
        """Look for ever; most of the time there is nothing to do."""
        while True:
            async with self._rooms.database.read() as session:
                waiting = await broadcasts.waiting(session)
            if waiting:
                await self._go_on()
            await asyncio.sleep(LOOK_SECONDS)

    async def _go_on(self) -> None:
        async with self._rooms.database.write() as session:
            row = await broadcasts.current(session)
            if row is None:
                return
            if row.put_at is None:
                await broadcasts.put_some(session, row, PEOPLE_A_LOOK)
            else:
                await _report(session, row)
        self._rooms.send.ring()


async def _report(session: AsyncSession, row: Broadcast) -> None:
    """Owe the author the counts, once they are final or it has taken too long."""
    counts = await broadcasts.counts(session, row)
    assert row.put_at is not None  # only then are all messages in the outbox
    if counts.open and utc_now() < row.put_at + PATIENCE:
        return
    texts = texts_of(await users.get(session, row.chat_id))
    words = texts("admin.broadcast.done", sent=counts.sent, failed=counts.failed, left=counts.open)
    payload = {"text": words, "keyboard": None, "reply_to": None}
    key = f"broadcast:{row.id}"
    await outbox.put(session, row.chat_id, "send_text", payload, dedupe_key=key)
    row.done_at, row.text = utc_now(), ""
