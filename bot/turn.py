"""One update's decision: everything a handler writes goes into one commit with the inbox row.

A handler opens a turn, decides, and leaves; the commit marks the update as done. Outbox rows are
keyed by the update and counted, so a handler that runs again after a crash sends nothing twice. The
update's row is locked first: of several processes that handle it, one decides.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession
from telegram import InlineKeyboardMarkup, Update

from bot.rooms import Rooms
from bot.texts import Texts
from bot.words import Chosen, texts_of
from storage import inbox, outbox, users
from storage.models import User
from storage.users import Forgotten


class Settled(Exception):
    """Another process has dealt with the update since; there is nothing left to decide."""


@dataclass(slots=True)
class Turn:
    """What a handler works with: the open session, the person, their words."""

    session: AsyncSession
    rooms: Rooms
    user: User
    chat_id: int
    message_id: int | None
    key: str
    sent: int = 0
    forgotten: Forgotten | None = None  # the person has just been erased

    @property
    def texts(self) -> Texts:
        """The words in the person's language, as chosen now."""
        return texts_of(self.user)

    @property
    def chosen(self) -> Chosen:
        """Everything the person has chosen."""
        return Chosen(self.user.settings, self.user.preferences)

    @property
    def defaults(self) -> Chosen:
        """What a new person would have."""
        return Chosen(self.rooms.default_settings, self.rooms.default_preferences)

    async def put(
        self, method: str, *, job_id: str | None = None, key: str | None = None, **payload: Any
    ) -> None:
        """Owe Telegram a call; it leaves after the commit."""
        self.sent += 1
        await outbox.put(
            self.session,
            self.chat_id,
            method,
            payload,
            dedupe_key=key or f"{self.key}:{self.sent}",
            job_id=job_id,
        )

    async def say(self, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
        """Answer in words."""
        await self.put("send_text", text=text, keyboard=_json(keyboard), reply_to=None)

    async def reply(self, text: str) -> None:
        """Answer in words, quoting what the person sent."""
        await self.put("send_text", text=text, keyboard=None, reply_to=self.message_id)

    async def show(
        self, blob: str, text: str, keyboard: InlineKeyboardMarkup | None, key: str
    ) -> None:
        """Answer with a picture."""
        await self.put(
            "send_photo",
            key=key,
            blob=blob,
            text=text,
            keyboard=_json(keyboard),
            reply_to=self.message_id,
        )

    async def edit(self, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None) -> None:
        """Change an earlier message of ours."""
        await self.put("edit_text", message_id=message_id, text=text, keyboard=_json(keyboard))

    async def offer(self, message_id: int, keyboard: InlineKeyboardMarkup) -> None:
        """Change only the buttons of an earlier message of ours."""
        await self.put("edit_keyboard", message_id=message_id, keyboard=_json(keyboard))


def _json(keyboard: InlineKeyboardMarkup | None) -> dict[str, Any] | None:
    return keyboard.to_dict() if keyboard else None


@asynccontextmanager
async def turn(rooms: Rooms, bot_id: int, *updates: Update) -> AsyncIterator[Turn]:
    """Open the turn of an update, or of all updates of an album.

    Leaving it commits, marks the updates as done, and wakes the loops. Raises Settled.
    """
    update = updates[0]
    person, chat = update.effective_user, update.effective_chat
    assert person is not None  # the access check lets no other update through
    assert chat is not None
    message = update.effective_message
    async with rooms.database.write() as session:
        rows = await inbox.lock(session, bot_id, (update.update_id for update in updates))
        if any(row.done_at is not None for row in rows):
            raise Settled(f"update {update.update_id}")
        user = await users.get_or_create(
            session,
            person.id,
            language_code=person.language_code,
            settings=rooms.default_settings,
            preferences=rooms.default_preferences,
        )
        yield Turn(
            session,
            rooms,
            user,
            chat.id,
            message.message_id if message else None,
            f"update:{bot_id}:{update.update_id}",
        )
        await inbox.finish(session, rows)
    rooms.ring_all()
