"""Updates come in: committed to the inbox first, confirmed to Telegram second, handled third.

python-telegram-bot's own Updater confirms an update before its handler has run, so a kill in
between would lose it; this loop replaces it. Updates of one chat are handled in their order, those
of different chats side by side. One whose handler failed is handled again, three times at most.
"""

from __future__ import annotations

import asyncio
import logging

from telegram import Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.context import EaselApplication
from bot.errors import TokenRefused
from bot.heartbeat import Heartbeat
from bot.pace import seconds_asked
from bot.rooms import Rooms
from storage import inbox
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
        """Handle what was left open, then poll for ever; raises TokenRefused or Conflict."""
        await self._handle_open()
        offset, conflicts, trouble = None, 0, 0
        while True:
            self._heartbeat.beat("intake")
            try:
                updates = await self._bot.get_updates(
                    offset, timeout=POLL_SECONDS, allowed_updates=ALLOWED_UPDATES
                )
            except InvalidToken as error:
                raise TokenRefused(
                    "Telegram refused the token while the bot was running"
                ) from error
            except Conflict:
                conflicts += 1
                log.warning("another process polls with this token (%d)", conflicts)
                if conflicts >= MAX_CONFLICTS:
                    raise
                await asyncio.sleep(conflicts)
            except TelegramError as error:
                trouble += 1
                await self._wait_out(error, trouble)
            else:
                conflicts = trouble = 0
                if updates:
                    await self._record(updates)
                    offset = updates[-1].update_id + 1

    async def close(self) -> None:
        """Let the handlers under way finish."""
        await asyncio.gather(*self._tails.values(), return_exceptions=True)

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
        failed = self._application.failed
        await self._application.process_update(update)
        async with self._rooms.database.write() as session:
            row = await session.get(Inbox, (self._bot.id, update.update_id))
            if row is None or row.done_at is not None:
                return True
            if update.update_id in failed:
                return await inbox.fail(session, row, failed.pop(update.update_id))
            if row.media_group_id is None:  # an album's rows stay open until it is complete
                await inbox.finish(session, [row])
            return True
