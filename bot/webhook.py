"""Lets Telegram bring the updates: an HTTP server that several processes may run behind one proxy.

Telegram calls again until it is answered with 200, and that answer follows the commit to the inbox.
Nothing is read from whoever does not know the secret.
"""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
import os
from typing import Any
from urllib.parse import urlsplit

from aiohttp import web
from telegram import Bot, Update
from telegram.error import BadRequest, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.config import Config
from bot.errors import StartError, TokenRefused
from bot.heartbeat import Heartbeat
from bot.intake import Intake
from bot.pace import seconds_asked
from bot.polling import ALLOWED_UPDATES
from storage.errors import StorageError

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_BODY_BYTES = 1 << 20  # the largest updates have some ten kilobytes
BODY_SECONDS = 10.0
STOP_SECONDS = 2.0
LOOK_SECONDS = 5.0
RETRY_SECONDS = 3.0
MAX_UPDATE_ID = 2**63 - 1

log = logging.getLogger(__name__)


class Webhook:
    """Listens, and tells Telegram where."""

    def __init__(self, config: Config, bot: Bot, intake: Intake, heartbeat: Heartbeat) -> None:
        assert config.webhook_url is not None  # it is what chooses this loop
        self._url = config.webhook_url
        self._secret = config.webhook_token
        self._host, self._port = config.webhook_address
        self._bot = bot
        self._intake = intake
        self._heartbeat = heartbeat

    async def run(self) -> None:
        """Take updates for ever; raises StartError when the port or the address is no good."""
        runner = web.AppRunner(self._app(), access_log=None, shutdown_timeout=STOP_SECONDS)
        await runner.setup()
        try:
            await self._listen(runner)
            await self._register()
            await self._intake.take_up_open(abandoned=True)
            while True:
                self._heartbeat.beat("intake")
                await asyncio.sleep(LOOK_SECONDS)
                await self._intake.take_up_open(abandoned=True)
        finally:
            await runner.cleanup()

    async def _listen(self, runner: web.AppRunner) -> None:
        try:
            await web.TCPSite(runner, self._host, self._port).start()
        except OSError as error:
            raise StartError(
                f"The webhook cannot listen on {self._host}:{self._port} "
                f"({os.strerror(error.errno or 0)}). Set WEBHOOK_LISTEN to a free host:port."
            ) from error

    async def _register(self) -> None:
        """Tell Telegram the address; every process does, for all tell the same."""
        while True:
            self._heartbeat.beat("intake")
            try:
                await self._bot.set_webhook(
                    self._url, allowed_updates=ALLOWED_UPDATES, secret_token=self._secret
                )
            except InvalidToken as error:
                raise TokenRefused("Telegram no longer accepts the token.") from error
            except BadRequest as error:
                raise StartError(
                    f"Telegram refuses the webhook's address: {error}. Check WEBHOOK_URL."
                ) from error
            except RetryAfter as error:
                await asyncio.sleep(seconds_asked(error))
            except (NetworkError, TelegramError) as error:
                log.warning("the webhook is not set yet, trying again: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                return

    def _app(self) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY_BYTES)
        app.add_routes([web.post(urlsplit(self._url).path or "/", self._take)])
        return app

    async def _take(self, request: web.Request) -> web.Response:
        """Answer 200 for a committed update, 503 for one that Telegram shall bring again."""
        given = request.headers.get(SECRET_HEADER, "").encode(errors="surrogateescape")
        if not hmac.compare_digest(given, self._secret.encode()):
            return web.Response(status=403, text="The secret is wrong.\n")
        try:
            update = read_update(await _body(request), self._bot)
        except ValueError as error:
            return web.Response(status=400, text=f"{error}\n")
        try:
            await self._intake.take([update])
        except StorageError as error:
            log.error("an update is not taken: %s", error)
            return web.Response(status=503, text="Try again later.\n")
        return web.Response()


async def _body(request: web.Request) -> bytes:
    """All of it; raises HTTP errors for one that is too large or too slow."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError as error:
        raise web.HTTPRequestTimeout(text="The body was too slow.\n") from error


def read_update(body: bytes, bot: Bot) -> Update:
    """The update in a body; raises ValueError, with a sentence, for anything else."""
    try:
        data: Any = json.loads(body)
        if not isinstance(data, dict):
            raise ValueError("no object")
        number = data.get("update_id")
        if type(number) is not int or not 0 <= number <= MAX_UPDATE_ID:
            raise ValueError("no update_id")
        return Update.de_json(data, bot)
    # Whatever the library stumbles over: the types within are as free as JSON is.
    except (
        ValueError,
        TypeError,
        KeyError,
        AttributeError,
        RecursionError,
        OverflowError,
    ) as error:
        raise ValueError("The body is no update of the Bot API.") from error
