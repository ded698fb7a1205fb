"""Asks Telegram for updates, in one process a token.

python-telegram-bot's own Updater confirms an update before its handler has run, so a kill in
between would lose it; this loop replaces it.
"""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.errors import TokenInUse, TokenRefused
from bot.heartbeat import Heartbeat
from bot.intake import Intake
from bot.pace import seconds_asked

POLL_SECONDS = 20
ALLOWED_UPDATES = ["message", "callback_query", "my_chat_member"]
MAX_CONFLICTS = 5

log = logging.getLogger(__name__)


class Polling:
    """Polls Telegram; the next poll confirms what the last one brought."""

    def __init__(self, bot: Bot, intake: Intake, heartbeat: Heartbeat) -> None:
        self._bot = bot
        self._intake = intake
        self._heartbeat = heartbeat

    async def run(self) -> None:
        """Handle what was left open, then poll for ever; raises StartError."""
        await self._intake.take_up_open()
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
                await self._wait_for_sole_use(error, conflicts)
            except TelegramError as error:
                trouble += 1
                await self._wait_out(error, trouble)
            else:
                conflicts = trouble = 0
                if updates:
                    await self._intake.take(updates)
                    offset = updates[-1].update_id + 1

    async def _wait_for_sole_use(self, error: Conflict, conflicts: int) -> None:
        """A webhook of an earlier time is taken away; another poller is waited for, not long."""
        if "webhook" in str(error):
            log.info("a webhook is set for this token; it is taken away, for this process polls")
            await self._bot.delete_webhook()
            return
        log.warning("another process polls with this token (%d)", conflicts)
        if conflicts >= MAX_CONFLICTS:
            raise TokenInUse(
                "Another process polls with this token. End it, or use another token."
            ) from error
        await asyncio.sleep(conflicts)

    async def _wait_out(self, error: TelegramError, trouble: int) -> None:
        seconds = min(30.0, 0.5 * 2 ** min(trouble, 6))
        if isinstance(error, RetryAfter):
            seconds = seconds_asked(error)
        level = logging.INFO if isinstance(error, NetworkError) else logging.WARNING
        log.log(level, "polling failed, next try in %.0f s: %s", seconds, error)
        await asyncio.sleep(seconds)
