"""Updates posted to the bot's own server, one after the other, until it takes each."""

from __future__ import annotations

import asyncio
import time
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.playground.updates import Updates

TIMEOUT = aiohttp.ClientTimeout(total=30)
MAX_RETRY_SECONDS = 60.0
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


class Webhook:
    """Delivers while a URL is set.

    The real server opens up to `max_connections` at once and keeps each chat in order; this one
    keeps all in order.
    """

    def __init__(self, updates: Updates, *, first_retry_seconds: float) -> None:
        self.url = ""
        self._secret = ""
        self._max_connections = 40
        self._updates = updates
        self._first_retry_seconds = first_retry_seconds
        self._last_error: tuple[int, str] | None = None
        self._task: asyncio.Task[None] | None = None

    async def set(self, url: str, secret: str, max_connections: int) -> None:
        """Deliver to that URL from now on, to none when empty."""
        await self.close()
        self.url, self._secret, self._max_connections = url, secret, max_connections
        self._last_error = None
        if url:
            self._task = asyncio.create_task(self._deliver())

    async def close(self) -> None:
        """Stop delivering; what is under way counts as not delivered."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])
            self._task = None

    def info(self) -> dict[str, Any]:
        """A WebhookInfo."""
        info: dict[str, Any] = {
            "url": self.url,
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.pending),
        }
        if self.url:
            info["max_connections"] = self._max_connections
        if self._last_error:
            info["last_error_date"], info["last_error_message"] = self._last_error
        if self._updates.allowed:
            info["allowed_updates"] = self._updates.allowed
        return info

    async def _deliver(self) -> None:
        wait = self._first_retry_seconds
        async with aiohttp.ClientSession(timeout=TIMEOUT) as session:
            while True:
                if not self._updates.pending:
                    self._updates.arrived.clear()
                    await self._updates.arrived.wait()
                update = self._updates.pending[0]
                if trouble := await self._post(session, update):
                    self._last_error = (int(time.time()), trouble)
                    await asyncio.sleep(wait)
                    wait = min(2 * wait, MAX_RETRY_SECONDS)
                else:
                    self._updates.confirm(update["update_id"])
                    wait = self._first_retry_seconds

    async def _post(self, session: aiohttp.ClientSession, update: dict[str, Any]) -> str | None:
        """What went wrong, None when the update was taken."""
        headers = {SECRET_HEADER: self._secret} if self._secret else {}
        try:
            async with session.post(self.url, json=update, headers=headers) as answer:
                if answer.ok:
                    return None
                phrase = HTTPStatus(answer.status).phrase
                return f"Wrong response from the webhook: {answer.status} {phrase}"
        except TimeoutError:
            return "Read timeout expired"
        except (aiohttp.ClientError, OSError):
            return "Connection refused"
