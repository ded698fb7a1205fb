"""What is kept of a person, and forgetting it: /privacy and /forget."""

from __future__ import annotations

import asyncio
import shutil

from telegram import Update

from bot.callbacks import ErasePress
from bot.context import Context
from bot.housekeeping import MAIL_KEPT, PREVIEWS_KEPT
from bot.keyboards import erase_keyboard
from bot.rooms import Rooms
from bot.texts import Html
from bot.turn import Turn
from storage import users
from storage.users import Forgotten


async def privacy(update: Update, context: Context) -> None:
    """Say what is kept and for how long, as the operator has set it."""
    async with context.turn(update) as turn:
        texts, days = turn.texts, context.rooms.config.retention_days
        pictures = texts("privacy.pictures", n=days) if days else texts("privacy.always")
        await turn.say(
            texts(
                "privacy",
                pictures=Html(pictures),
                previews=Html(texts.duration(PREVIEWS_KEPT.total_seconds())),
                mail=Html(texts("privacy.days", n=MAIL_KEPT.days)),
            )
        )


async def forget(update: Update, context: Context) -> None:
    """Ask before everything goes."""
    async with context.turn(update) as turn:
        await turn.say(turn.texts("forget.ask"), erase_keyboard(turn.user.id, turn.texts))


async def press(turn: Turn, press: ErasePress, message_id: int) -> str | None:
    """Erase the person's rows, or do not; the files go once that is committed."""
    texts = turn.texts
    if press.owner != turn.user.id:
        return texts.plain("answer.foreign_question")
    if press.answer != "yes":
        await turn.edit(message_id, texts("forget.kept"), None)
        return None
    turn.forgotten = await users.forget(turn.session, turn.user.id)
    await turn.edit(message_id, texts("forget.done"), None)
    return None


async def erase_files(rooms: Rooms, forgotten: Forgotten) -> None:
    """Remove what only the forgotten person used; after a kill in between, housekeeping does."""
    for job_id in forgotten.jobs:
        await asyncio.to_thread(shutil.rmtree, rooms.job_folder(job_id), ignore_errors=True)
    async with rooms.database.write() as session:
        await rooms.blobs.remove_unused(session, forgotten.blobs)
