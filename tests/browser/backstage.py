"""The playground and a real bot that polls it, for tests that look at the page."""

from __future__ import annotations

import asyncio
import io
import shutil
import threading
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, TypeVar

from PIL import Image
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update

from bot.playground import Playground

ADA, BORIS, GROUP = 1001, 1002, -2001
TOKEN = "4242:PLAYGROUND"
Value = TypeVar("Value")


class Backstage:
    """Both on an event loop of their own, since a browser is driven by blocking calls.

    `answers` says how the bot answers a press: callback data to the arguments of
    `answer_callback_query`. `updates` is everything the bot has heard.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.answers: dict[str, dict[str, Any]] = {}
        self.updates: list[Update] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self.run(self._start())

    def run(self, coroutine: Coroutine[Any, Any, Value]) -> Value:
        """Run something on the loop and wait for it."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(30)

    async def _start(self, port: int = 0) -> None:
        self.playground = Playground(port=port, token=TOKEN, folder=self._folder)
        await self.playground.start()
        self.bot = Bot(
            TOKEN, base_url=self.playground.base_url, base_file_url=self.playground.base_file_url
        )
        await self.bot.initialize()
        self._polling = asyncio.create_task(self._poll())

    async def _poll(self) -> None:
        offset = 0
        while True:
            for update in await self.bot.get_updates(offset, timeout=5):
                offset = update.update_id + 1
                self.updates.append(update)
                if (query := update.callback_query) and query.data in self.answers:
                    await query.answer(**self.answers[query.data])

    def restart(self, *, forgetting: bool = False) -> None:
        """End the playground and begin another at the same address, with what it knew or not."""
        self.run(self._stop())
        if forgetting:
            shutil.rmtree(self._folder)
        self.run(self._start(int(self.playground.url.rpartition(":")[2])))

    def close(self) -> None:
        """Stop the bot, then the playground, then the loop."""
        self.run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _stop(self) -> None:
        self._polling.cancel()
        await asyncio.wait([self._polling])
        await self.bot.shutdown()
        await self.playground.stop()

    def heard(self) -> list[tuple[int, str | None]]:
        """Who wrote what to the bot, in order; None for a message without text or caption."""
        messages = [update.message for update in self.updates if update.message]
        return [(m.from_user.id, m.text or m.caption) for m in messages if m.from_user]


def keyboard(*rows: list[InlineKeyboardButton]) -> InlineKeyboardMarkup:
    """An inline keyboard of these rows."""
    return InlineKeyboardMarkup(rows)


def picture(color: str, width: int = 320, height: int = 240) -> bytes:
    """A small PNG of one colour."""
    buffer = io.BytesIO()
    Image.new("RGB", (width, height), color).save(buffer, "PNG")
    return buffer.getvalue()
