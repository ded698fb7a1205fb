"""Updates come in: committed to the inbox first, confirmed to Telegram second, handled third.

python-telegram-bot's own Updater confirms an update before its handler has run, so a kill in
between would lose it; this loop replaces it. Updates of one chat are handled in their order, those
of different chats side by side. One whose handler failed is handled again, three times at most.
"""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.context import EaselApplication
from bot.errors import TokenInUse, TokenRefused
from bot.heartbeat import Heartbeat
from bot.pace import seconds_asked
from bot.rooms import Rooms
from bot.words import texts_of
from storage import inbox, outbox, users
from storage.models import Inbox

POLL_SECONDS = 20
ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]
AT_ONCE = 50
MAX_CONFLICTS = 5
RETRY_SECONDS = 1.0

log = logging.getLogger(__name__)


class Intake:
    """Polls Telegram, and hands each update to the application."""

    def __init__(self, rooms: Rooms, application: EaselApplication, heartbeat: Heartbeat) -> None:
        self._rooms = rooms
        self._application = application
        self._bot = application.bot
        self._heartbeat = heartbeat
        self._slots = asyncio.Semaphore(AT_ONCE)
        self._tails: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Handle what was left open, then poll for ever; raises StartError."""
        await self._handle_open()
        offset, conflicts, trouble = None, 0, 0
        while True:
            self._heartbeat.beat("intake")
            try:
                updates = await self._bot.get_updates(
                    offset, timeout=POLL_SECONDS, allowed_updates=ALLOWED_UPDATES
                )
            except InvalidToken as error:
                raise TokenRefused("Telegram no longer accepts the token.") from error
            except Conflict as error:
                conflicts += 1
                log.warning("another process polls with this token (%d)", conflicts)
                if conflicts >= MAX_CONFLICTS:
                    raise TokenInUse(
                        "Another process polls with this token. End it, or use another token."
                    ) from error
                await asyncio.sleep(conflicts)
            except TelegramError as error:
                trouble += 1
                await self._wait_out(error, trouble)
            else:
                conflicts = trouble = 0
                if updates:
                    await self._record(updates)
                    offset = updates[-1].update_id + 1

    async def close(self, seconds: float) -> None:
        """Let handlers under way finish, for so long at most; the next start does the rest."""
        if self._tails:
            _, late = await asyncio.wait(self._tails.values(), timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _wait_out(self, error: TelegramError, trouble: int) -> None:
        seconds = min(30.0, 0.5 * 2 ** min(trouble, 6))
        if isinstance(error, RetryAfter):
            seconds = seconds_asked(error)
        level = logging.INFO if isinstance(error, NetworkError) else logging.WARNING
        log.log(level, "polling failed, next try in %.0f s: %s", seconds, error)
        await asyncio.sleep(seconds)

    async def _record(self, updates: tuple[Update, ...]) -> None:
        new = []
        async with self._rooms.database.write() as session:
            for update in updates:
                message = update.effective_message
                fresh = await inbox.record(
                    session,
                    self._bot.id,
                    update.update_id,
                    update.to_dict(),
                    update.effective_chat.id if update.effective_chat else None,
                    update.message.media_group_id if update.message else None,
                    message_id=message.message_id if message else None,
                )
                if fresh:
                    new.append(update)
        for update in new:
            self._line_up(update)

    async def _handle_open(self) -> None:
        async with self._rooms.database.read() as session:
            rows = await inbox.pending(session, self._bot.id)
        for row in rows:
            self._line_up(Update.de_json(row.payload, self._bot))

    def _line_up(self, update: Update) -> None:
        chat_id = update.effective_chat.id if update.effective_chat else 0
        before = self._tails.get(chat_id)
        task = asyncio.create_task(self._after(before, update))
        self._tails[chat_id] = task
        task.add_done_callback(lambda done: self._forget(chat_id, done))

    def _forget(self, chat_id: int, done: asyncio.Task[None]) -> None:
        if self._tails.get(chat_id) is done:
            del self._tails[chat_id]

    async def _after(self, before: asyncio.Task[None] | None, update: Update) -> None:
        if before is not None:
            await asyncio.wait([before])
        async with self._slots:
            while not await self._handle(update):
                await asyncio.sleep(RETRY_SECONDS)

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
