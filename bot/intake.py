"""Updates come in: committed to the inbox first, confirmed to Telegram second, handled third.

`bot.polling` and `bot.webhook` bring updates here, and confirm one only when `take` has returned.
Updates of one chat are handled in their order, those of different chats side by side. One whose
handler failed is handled again, three times at most.

Several processes may share an inbox. Each handles what it took, and what another one left open for
long; which of them decides is settled when the turn locks the update's row (`bot.turn`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update

from bot.context import EaselApplication
from bot.rooms import Rooms
from bot.words import texts_of
from storage import inbox, outbox, users
from storage.columns import utc_now
from storage.models import Inbox

AT_ONCE = 50
RETRY_SECONDS = 1.0
# An album is complete after 5 seconds, and a handler done in far fewer.
ABANDONED = timedelta(seconds=30)
# How long an update waits for an earlier one of its chat that another process has.
PATIENCE_SECONDS = 5.0
LOOK_SECONDS = 0.1


class Intake:
    """Writes updates down, and hands each to the application."""

    def __init__(self, rooms: Rooms, application: EaselApplication) -> None:
        self._rooms = rooms
        self._application = application
        self._bot = application.bot
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tails: dict[int, asyncio.Task[None]] = {}
        self._lined_up: set[int] = set()

    async def take(self, updates: Sequence[Update]) -> None:
        """Commit updates to the inbox, then handle those that are new; raises StorageError."""
        async with self._rooms.database.write() as session:
            new = [update for update in updates if await self._record(session, update)]
        for update in new:
            self._line_up(update)

    async def take_up_open(self, *, abandoned: bool = False) -> None:
        """Handle what was left open, by an earlier process or, if `abandoned`, by any other one."""
        before = utc_now() - ABANDONED if abandoned else None
        async with self._rooms.database.read() as session:
            rows = await inbox.pending(session, self._bot.id, before)
        for row in rows:
            if row.update_id not in self._lined_up:
                self._line_up(Update.de_json(row.payload, self._bot))

    async def close(self, seconds: float) -> None:
        """Let handlers under way finish, for so long at most; the next start does the rest."""
        if self._tails:
            _, late = await asyncio.wait(self._tails.values(), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _record(self, session: AsyncSession, update: Update) -> bool:
        message = update.effective_message
        return await inbox.record(
            session,
            self._bot.id,
            update.update_id,
            update.to_dict(),
            update.effective_chat.id if update.effective_chat else None,
            update.message.media_group_id if update.message else None,
            message_id=message.message_id if message else None,
        )

    def _line_up(self, update: Update) -> None:
        self._lined_up.add(update.update_id)
        chat_id = update.effective_chat.id if update.effective_chat else 0
        before = self._tails.get(chat_id)
        task = asyncio.create_task(self._after(before, update))
        self._tails[chat_id] = task
        task.add_done_callback(lambda done: self._forget(chat_id, update.update_id, done))

    def _forget(self, chat_id: int, update_id: int, done: asyncio.Task[None]) -> None:
        self._lined_up.discard(update_id)
        if self._tails.get(chat_id) is done:
            del self._tails[chat_id]

    async def _after(self, before: asyncio.Task[None] | None, update: Update) -> None:
        if before is not None:
            await asyncio.wait([before])
        async with self._slots:
            await self._wait_for_earlier(update)
            while not await self._handle(update):
                await asyncio.sleep(RETRY_SECONDS)

    async def _wait_for_earlier(self, update: Update) -> None:
        """Let another process finish what was said before in the chat; it may have died at it."""
        loop = asyncio.get_running_loop()
        end = loop.time() + PATIENCE_SECONDS
        chat_id = update.effective_chat.id if update.effective_chat else None
        while loop.time() < end:
            async with self._rooms.database.read() as session:
                if not await inbox.is_behind(session, self._bot.id, chat_id, update.update_id):
                    return
            await asyncio.sleep(LOOK_SECONDS)

    async def _handle(self, update: Update) -> bool:
        """Run the handlers once; True when the update needs no further try."""
        async with self._rooms.database.read() as session:
            if await self._open_row(session, update) is None:
                return True
        await self._application.process_update(update)
        reason = self._application.failed.pop(update.update_id, None)
        async with self._rooms.database.read() as session:  # mostly there is nothing to write
            row = await self._open_row(session, update)
        if row is None:
            return True
        if reason is None and row.media_group_id is not None:
            return True  # an album's rows stay open until it is complete
        async with self._rooms.database.write() as session:
            if reason is not None:
                return await self._count_failure(session, row, reason)
            await inbox.finish(session, [row])
            return True

    async def _open_row(self, session: AsyncSession, update: Update) -> Inbox | None:
        row = await session.get(Inbox, (self._bot.id, update.update_id))
        return None if row is None or row.done_at is not None else row

    async def _count_failure(self, session: AsyncSession, row: Inbox, reason: str) -> bool:
        """True when there will be no further try; then the person is told so."""
        given_up = await inbox.fail(session, row, reason)
        if given_up and row.chat_id is not None:
            texts = texts_of(await users.get(session, row.chat_id))
            payload = {"text": texts("trouble")}
            key = f"trouble:{row.bot_id}:{row.update_id}"
            await outbox.put(session, row.chat_id, "send_text", payload, dedupe_key=key)
            self._rooms.send.ring()
        return given_up
