"""Messages of ours that are taken away again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot, InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.media import blank
from bot.refusals import is_too_old


class Removal:
    """Deletes messages; `methods` are those of outbox rows."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    @property
    def methods(self) -> dict[str, Callable[[int, dict[str, Any]], Awaitable[int | None]]]:
        """What each method of a row does."""
        return {"delete": self._delete, "delete_result": self._delete_result}

    async def _delete(self, chat_id: int, payload: dict[str, Any]) -> None:
        await self._bot.delete_message(chat_id, payload["message_id"])

    async def _delete_result(self, chat_id: int, payload: dict[str, Any]) -> None:
        """Delete a message, or blank one that is too old to be deleted."""
        try:
            await self._delete(chat_id, payload)
        except BadRequest as error:
            if not is_too_old(error):
                raise
            media = InputMediaPhoto(blank(), caption=payload["instead"], parse_mode=ParseMode.HTML)
            await self._bot.edit_message_media(media, chat_id, payload["message_id"])
