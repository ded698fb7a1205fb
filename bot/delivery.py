"""One outbox row becomes one call of the Bot API: what each method of a row means."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.limits import MAX_CAPTION_CHARS
from bot.living import Living, render
from bot.media import goes_as_file, photo_of, read
from bot.recoloring import keep_colors
from bot.refusals import is_gone, is_harmless
from bot.removal import Removal
from bot.rooms import Rooms
from bot.showcase import Showcase
from storage import jobs
from storage.models import Job, Outbox, Status

FILE_NAME = "easel.png"
LIVING = ("send_living", "edit_living", "edit_colors")  # methods that bring a message up to date


class Delivery:
    """Carries out outbox rows; raises telegram.error.TelegramError for its caller to judge."""

    def __init__(self, bot: Bot, rooms: Rooms) -> None:
        self._bot = bot
        self._rooms = rooms
        self._file_ids: dict[str, str] = {}
        self._methods: dict[str, Callable[[int, dict[str, Any]], Awaitable[int | None]]] = {
            "send_text": self._send_text,
            "send_photo": self._send_photo,
            "send_document": self._send_document,
            "edit_text": self._edit_text,
            "edit_keyboard": self._edit_keyboard,
            "react": self._react,
            **Removal(bot, rooms).methods,
            **Showcase(bot, rooms).methods,
        }

    async def carry_out(self, row: Outbox) -> int | None:
        """Make the row's call; the id of the message it sent, if it sent one."""
        if row.job_id is not None and row.method in LIVING:
            if row.method == "edit_colors":
                await keep_colors(self._rooms, row.job_id)
            return await self._show_anyway(row.job_id)
        return await self._methods[row.method](row.chat_id, row.payload)

    async def show(self, job_id: str) -> Status | None:
        """Bring a job's living message up to date, if there is one; the status that it shows."""
        job, living = await self._look(job_id)
        if job is None or living is None or job.message_id is None:
            return None
        try:
            await self._edit_living(job, job.message_id, living)
        except BadRequest as error:
            if not is_harmless(error):
                raise
        return job.status

    async def _show_anyway(self, job_id: str) -> int | None:
        """The same, but send a message where there is none, or none any more; its id then."""
        job, living = await self._look(job_id)
        if job is None or living is None:
            return None
        try:
            if job.message_id is not None:
                await self._edit_living(job, job.message_id, living)
                return None
        except BadRequest as error:
            if not is_harmless(error):
                raise
            if not is_gone(error):
                return None
        message_id = await self._send_living(job, living)
        async with self._rooms.database.write() as session:
            await jobs.show_in(session, job.id, message_id)
        return message_id

    async def _look(self, job_id: str) -> tuple[Job | None, Living | None]:
        async with self._rooms.database.read() as session:
            job = await jobs.get(session, job_id)
            speed = self._rooms.runner.speed if self._rooms.runner else None
            return job, await render(session, job, speed) if job else None

    async def _send_living(self, job: Job, living: Living) -> int:
        reply = _reply(job.reply_to)
        blobs = self._rooms.blobs
        if living.result and goes_as_file(blobs, job, living.result):
            sent = await self._send_file(
                job.chat_id, living.result, living.words, reply, living.keyboard
            )
            return sent.message_id
        picture = await photo_of(blobs, living)
        if picture is None:
            message = await self._bot.send_message(
                job.chat_id,
                living.words,
                parse_mode=ParseMode.HTML,
                reply_markup=living.keyboard,
                reply_parameters=reply,
            )
        else:
            message = await self._bot.send_photo(
                job.chat_id,
                picture,
                caption=living.words,
                parse_mode=ParseMode.HTML,
                reply_markup=living.keyboard,
                reply_parameters=reply,
            )
        return message.message_id

    async def _edit_living(self, job: Job, message_id: int, living: Living) -> None:
        media: InputMediaPhoto | InputMediaDocument
        blobs = self._rooms.blobs
        if living.result and goes_as_file(blobs, job, living.result):
            data = await read(blobs.path(living.result))
            media = InputMediaDocument(
                data, caption=living.words, parse_mode=ParseMode.HTML, filename=FILE_NAME
            )
        else:
            picture = await photo_of(blobs, living)
            if picture is None:
                await self._edit_words(job.chat_id, message_id, living)
                return
            media = InputMediaPhoto(picture, caption=living.words, parse_mode=ParseMode.HTML)
        await self._bot.edit_message_media(
            media, job.chat_id, message_id, reply_markup=living.keyboard
        )

    async def _edit_words(self, chat_id: int, message_id: int, living: Living) -> None:
        """Edit text or caption, whichever the message has: the server knows, we need not."""
        try:
            await self._bot.edit_message_text(
                living.words,
                chat_id,
                message_id,
                parse_mode=ParseMode.HTML,
                reply_markup=living.keyboard,
            )
        except BadRequest as error:
            if "no text in the message" not in str(error):
                raise
            await self._bot.edit_message_caption(
                chat_id,
                message_id,
                caption=living.words[:MAX_CAPTION_CHARS],
                parse_mode=ParseMode.HTML,
                reply_markup=living.keyboard,
            )

    async def _send_text(self, chat_id: int, payload: dict[str, Any]) -> int:
        message = await self._bot.send_message(
            chat_id,
            payload["text"],
            parse_mode=ParseMode.HTML,
            reply_markup=_keyboard(payload),
            reply_parameters=_reply(payload.get("reply_to")),
        )
        return message.message_id

    async def _send_photo(self, chat_id: int, payload: dict[str, Any]) -> int:
        blob = payload["blob"]
        photo = self._file_ids.get(blob) or await read(self._rooms.blobs.path(blob))
        message = await self._bot.send_photo(
            chat_id,
            photo,
            caption=payload["text"],
            parse_mode=ParseMode.HTML,
            reply_markup=_keyboard(payload),
            reply_parameters=_reply(payload.get("reply_to")),
        )
        if message.photo:
            self._file_ids[blob] = message.photo[-1].file_id
        return message.message_id

    async def _send_document(self, chat_id: int, payload: dict[str, Any]) -> int:
        reply = _reply(payload.get("reply_to"))
        return (await self._send_file(chat_id, payload["blob"], payload["text"], reply)).message_id

    async def _send_file(
        self,
        chat_id: int,
        blob: str,
        words: str,
        reply: ReplyParameters | None,
        keyboard: InlineKeyboardMarkup | None = None,
    ) -> Message:
        return await self._bot.send_document(
            chat_id,
            await read(self._rooms.blobs.path(blob)),
            filename=FILE_NAME,
            caption=words,
            parse_mode=ParseMode.HTML,
            reply_markup=keyboard,
            reply_parameters=reply,
        )

    async def _edit_text(self, chat_id: int, payload: dict[str, Any]) -> None:
        try:
            await self._bot.edit_message_text(
                payload["text"],
                chat_id,
                payload["message_id"],
                parse_mode=ParseMode.HTML,
                reply_markup=_keyboard(payload),
            )
        except BadRequest as error:
            if not is_harmless(error):
                raise

    async def _edit_keyboard(self, chat_id: int, payload: dict[str, Any]) -> None:
        try:
            await self._bot.edit_message_reply_markup(
                chat_id, payload["message_id"], reply_markup=_keyboard(payload)
            )
        except BadRequest as error:
            if not is_harmless(error):
                raise

    async def _react(self, chat_id: int, payload: dict[str, Any]) -> None:
        await self._bot.set_message_reaction(chat_id, payload["message_id"], payload["emoji"])


def _keyboard(payload: dict[str, Any]) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup.de_json(payload["keyboard"]) if payload.get("keyboard") else None


def _reply(message_id: int | None) -> ReplyParameters | None:
    if message_id is None:
        return None
    return ReplyParameters(message_id, allow_sending_without_reply=True)
