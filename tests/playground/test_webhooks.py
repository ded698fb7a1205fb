"""Webhooks: updates posted to a real server on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web
from person import Person
from telegram import Bot


class Hook:
    """A bot's server that remembers what was posted and answers with the statuses it is given."""

    def __init__(self) -> None:
        self.bodies: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.secrets: list[str | None] = []
        self.statuses: list[int] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        self.bodies.put_nowait(await request.json())
        return web.Response(status=self.statuses.pop(0) if self.statuses else 200)

    async def text(self) -> str:
        async with asyncio.timeout(5):
            return str((await self.bodies.get())["message"]["text"])


@pytest.fixture
async def hook() -> AsyncIterator[Hook]:
    hook, app = Hook(), web.Application()
    app.add_routes([web.post("/hook", hook.take)])
    runner = web.AppRunner(app, shutdown_timeout=1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    hook.url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
    yield hook
    await runner.cleanup()


async def test_updates_are_posted_with_the_secret(bot: Bot, ada: Person, hook: Hook) -> None:
    await ada.say("before")
    await bot.set_webhook(hook.url, secret_token="s3cret")
    await ada.say("after")
    assert [await hook.text(), await hook.text()] == ["before", "after"]
    assert hook.secrets == ["s3cret", "s3cret"]


async def test_an_update_is_posted_again_until_it_is_taken(
    bot: Bot, ada: Person, hook: Hook
) -> None:
    hook.statuses = [500, 404]
    await bot.set_webhook(hook.url)
    await ada.say("a")
    await ada.say("b")
    assert [await hook.text() for _ in range(4)] == ["a", "a", "a", "b"]
    info = await bot.get_webhook_info()
    assert info.last_error_message == "Wrong response from the webhook: 404 Not Found"
    assert info.last_error_date


async def test_a_server_that_is_down_is_tried_again(bot: Bot, ada: Person, hook: Hook) -> None:
    await bot.set_webhook("http://127.0.0.1:9/hook")
    await ada.say("x")
    async with asyncio.timeout(5):
        while not (info := await bot.get_webhook_info()).last_error_message:
            await asyncio.sleep(0.02)
    assert (info.pending_update_count, info.last_error_message) == (1, "Connection refused")
    await bot.set_webhook(hook.url)
    assert await hook.text() == "x"


async def test_what_is_set_can_be_read(bot: Bot, hook: Hook) -> None:
    assert not (await bot.get_webhook_info()).url
    await bot.set_webhook(hook.url, max_connections=7, allowed_updates=["callback_query"])
    info = await bot.get_webhook_info()
    assert (info.url, info.max_connections) == (hook.url, 7)
    assert info.allowed_updates == ("callback_query",)


async def test_pending_updates_can_be_dropped(bot: Bot, ada: Person, hook: Hook) -> None:
    await ada.say("old")
    await bot.set_webhook(hook.url, drop_pending_updates=True)
    await ada.say("new")
    assert await hook.text() == "new"
    await bot.delete_webhook()
    await ada.say("older")
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()
