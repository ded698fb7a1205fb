"""Messages of ours that are taken away again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot, InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.media import blank
from bot.refusals import is_too_old
from bot.rooms import Rooms
from storage import outbox


class Removal:
    """Deletes messages; `methods` are those of outbox rows."""

    def __init__(self, bot: Bot, rooms: Rooms) -> None:
        self._bot = bot
        self._rooms = rooms

    @property
    def methods(self) -> dict[str, Callable[[int, dict[str, Any]], Awaitable[int | None]]]:
        """What each method of a row does."""
        return {"delete": self._delete, "delete_result": self._delete_result}

    async def _delete(self, chat_id: int, payload: dict[str, Any]) -> None:
        """Delete a message: the one of that id, or the one that another call of the chat sent."""
        if (message_id := payload.get("message_id")) is None:
            async with self._rooms.database.read() as session:
                message_id = await outbox.message_sent(session, payload["sent_by"])
        if message_id is not None:  # the call that was to send it may have failed
            await self._bot.delete_message(chat_id, message_id)

    async def _delete_result(self, chat_id: int, payload: dict[str, Any]) -> None:
        """Delete a message, or blank one that is too old to be deleted."""
        try:
            await self._delete(chat_id, payload)
        except BadRequest as error:
            if not is_too_old(error):
                raise
            media = InputMediaPhoto(blank(), caption=payload["instead"], parse_mode=ParseMode.HTML)
            await self._bot.edit_message_media(media, chat_id, payload["message_id"])
