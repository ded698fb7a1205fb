"""A log of what the bot called."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

from bot.playground.events import Events

KEPT_CALLS = 5000


@dataclass(frozen=True, slots=True)
class Call:
    """One call and how it ended; `status` is 0 when the connection was cut."""

    seq: int
    at: float
    method: str
    chat: int | None
    message: int | None
    status: int
    description: str
    fault: str | None


class Calls:
    """The latest calls, oldest first."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._calls: deque[Call] = deque(maxlen=KEPT_CALLS)
        self._seq = 0

    def record(
        self,
        method: str,
        *,
        chat: int | None,
        message: int | None,
        status: int,
        description: str = "",
        fault: str | None = None,
    ) -> None:
        """Note a call and tell the page."""
        self._seq += 1
        call = Call(self._seq, time.time(), method, chat, message, status, description, fault)
        self._calls.append(call)
        self._events.publish("call", asdict(call))

    def after(self, seq: int) -> list[dict[str, Any]]:
        """The calls later than that number."""
        return [asdict(call) for call in self._calls if call.seq > seq]
