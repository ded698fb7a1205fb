"""Button presses that wait for the bot's answer."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

WAIT_SECONDS = 5.0
# The real server does not say after how long a query is too old; reports name 15 s to a minute.
EXPIRY_SECONDS = 30.0


@dataclass(slots=True)
class Press:
    """One callback query: who pressed where, and the answer to come."""

    chat: int
    message: int
    answer: asyncio.Future[dict[str, Any]]
    expires: float = field(default_factory=lambda: time.monotonic() + EXPIRY_SECONDS)


class Presses:
    """The queries that can still be answered, by id."""

    def __init__(self) -> None:
        self._open: dict[str, Press] = {}

    def start(self, chat: int, message: int) -> tuple[str, Press]:
        """Note a press; the id is the callback query's."""
        now = time.monotonic()
        self._open = {name: press for name, press in self._open.items() if press.expires > now}
        query_id = str(secrets.randbelow(2**63))
        press = Press(chat, message, asyncio.get_running_loop().create_future())
        self._open[query_id] = press
        return query_id, press

    def place(self, query_id: str) -> Press | None:
        """The press of that query while it can be answered."""
        press = self._open.get(query_id)
        return press if press is not None and press.expires > time.monotonic() else None

    def answer(self, query_id: str, text: str, *, alert: bool) -> bool:
        """Pass the answer on, once; False when the query is too old, answered or unknown."""
        press = self.place(query_id)
        if press is None:
            return False
        del self._open[query_id]
        if not press.answer.done():
            press.answer.set_result({"text": text, "show_alert": alert})
        return True

    async def wait(self, press: Press) -> dict[str, Any] | None:
        """The answer, None when there was none in time."""
        try:
            async with asyncio.timeout(WAIT_SECONDS):
                return await asyncio.shield(press.answer)
        except TimeoutError:
            return None
