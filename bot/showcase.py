"""Messages that show styles by number: the sheets of the gallery, and a person's own.

They are drawn when they are sent: a sheet of own styles takes their bytes, which no handler waits
for, and a late edit shows what is there by then. Their modes: `page` uses a style for the waiting
photo, `delete` deletes one, `own` stands in place of the gallery.
"""

from __future__ import annotations

import asyncio
import io
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, InputMediaPhoto
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.gallery import CELL_PX, Cell, contact_sheet
from bot.keyboards import gallery_keyboard, styles_keyboard
from bot.refusals import is_harmless
from bot.rooms import Rooms
from bot.texts import Html, Texts
from bot.words import texts_of
from engine.errors import InvalidPicture
from engine.inspection import to_jpeg
from storage import styles, users
from storage.models import Style

PER_PAGE = 12
THUMBNAIL_PX = 2 * CELL_PX
THUMBNAIL_BYTES = 100_000
THUMBNAILS_KEPT = 200
TEXT_OF_MODE = {"page": "styles", "delete": "styles.delete", "own": "styles.own"}


class Showcase:
    """Sends and edits such messages; `methods` are those of outbox rows."""

    def __init__(self, bot: Bot, rooms: Rooms) -> None:
        self._bot = bot
        self._rooms = rooms
        self._thumbnails: dict[str, bytes] = {}

    @property
    def methods(self) -> dict[str, Callable[[int, dict[str, Any]], Awaitable[int | None]]]:
        """What each method of a row does."""
        return {
            "send_styles": self._send_styles,
            "edit_styles": self._edit_styles,
            "edit_gallery": self._edit_gallery,
        }

    async def _send_styles(self, chat_id: int, payload: dict[str, Any]) -> int:
        texts, words, sheet, keyboard = await self._styles(payload)
        if sheet is None:
            message = await self._bot.send_message(
                chat_id, texts("styles.none"), parse_mode=ParseMode.HTML
            )
        else:
            message = await self._bot.send_photo(
                chat_id, sheet, caption=words, parse_mode=ParseMode.HTML, reply_markup=keyboard
            )
        return message.message_id

    async def _edit_styles(self, chat_id: int, payload: dict[str, Any]) -> None:
        texts, words, sheet, keyboard = await self._styles(payload)
        if sheet is not None:
            await self._edit(chat_id, payload["message_id"], sheet, words, keyboard)
            return
        try:
            await self._bot.edit_message_caption(
                chat_id, payload["message_id"], caption=texts("styles.none"), parse_mode="HTML"
            )
        except BadRequest as error:
            if not is_harmless(error):
                raise

    async def _edit_gallery(self, chat_id: int, payload: dict[str, Any]) -> None:
        owner = payload["owner"]
        async with self._rooms.database.read() as session:
            texts = texts_of(await users.get(session, owner))
            own = await styles.count(session, owner) > 0
        sheets = self._rooms.sheet_blobs[texts.language]
        pages = len(sheets)
        page = min(payload["page"], pages - 1)
        keyboard = gallery_keyboard(
            self._rooms.gallery_page(page), owner, texts, page=page, pages=pages, own=own
        )
        path = self._rooms.blobs.path(sheets[page])
        sheet = await asyncio.to_thread(path.read_bytes)
        await self._edit(chat_id, payload["message_id"], sheet, texts("gallery"), keyboard)

    async def _edit(
        self,
        chat_id: int,
        message_id: int,
        sheet: bytes,
        words: str,
        keyboard: InlineKeyboardMarkup | None,
    ) -> None:
        media = InputMediaPhoto(sheet, caption=words, parse_mode=ParseMode.HTML)
        try:
            await self._bot.edit_message_media(media, chat_id, message_id, reply_markup=keyboard)
        except BadRequest as error:
            if not is_harmless(error):
                raise

    async def _styles(
        self, payload: dict[str, Any]
    ) -> tuple[Texts, str, bytes | None, InlineKeyboardMarkup | None]:
        """The language, words, sheet and buttons of a page; no sheet when there are no styles."""
        owner, mode = payload["owner"], payload["mode"]
        async with self._rooms.database.read() as session:
            texts = texts_of(await users.get(session, owner))
            mine = await styles.of(session, owner)
        if not mine:
            return texts, "", None, None
        pages = -(-len(mine) // PER_PAGE)
        page = min(payload["page"], pages - 1)
        first = page * PER_PAGE + 1
        shown = mine[first - 1 : first - 1 + PER_PAGE]
        numbers = {style.id: number for number, style in enumerate(shown, start=first)}
        keyboard = styles_keyboard(numbers, owner, texts, mode=mode, page=page, pages=pages)
        names = Html("\n".join(f"{numbers[style.id]}. <b>{style.name}</b>" for style in shown))
        return (
            texts,
            texts(TEXT_OF_MODE[mode], names=names),
            await self._sheet(shown, first),
            keyboard,
        )

    async def _sheet(self, shown: Sequence[Style], first: int) -> bytes:
        cells: list[Cell] = [(await self._thumbnail(style), style.name) for style in shown]
        return await asyncio.to_thread(contact_sheet, cells, first)

    async def _thumbnail(self, style: Style) -> io.BytesIO | None:
        """The style made small in a process of its own; None while it is being fetched."""
        if style.blob is None:
            return None
        if style.blob not in self._thumbnails:
            path = self._rooms.blobs.path(style.blob)
            try:
                jpeg = await to_jpeg(path, max_edge=THUMBNAIL_PX, max_bytes=THUMBNAIL_BYTES)
            except InvalidPicture:
                return None
            while len(self._thumbnails) >= THUMBNAILS_KEPT:
                del self._thumbnails[next(iter(self._thumbnails))]
            self._thumbnails[style.blob] = jpeg
        return io.BytesIO(self._thumbnails[style.blob])
