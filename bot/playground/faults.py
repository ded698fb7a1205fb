"""Faults a person switches on, and the ones a bot's call meets."""

from __future__ import annotations

import asyncio
import itertools
import socket
import struct
from dataclasses import asdict, dataclass
from typing import Any

from aiohttp import web

from bot.playground.errors import ApiError, PersonError

KINDS = ("429", "403", "502", "hang", "reset", "dropped")
_WHOLE, _NUMBER, _TEXT = (int,), (int, float), (str,)
_SWITCHES: dict[str, tuple[type, ...]] = {
    "chat": _WHOLE,
    "method": _TEXT,
    "count": _WHOLE,
    "retry_after": _WHOLE,
    "seconds": _NUMBER,
}
_IN_WORDS: dict[tuple[type, ...], str] = {
    _WHOLE: "a whole number",
    _NUMBER: "a number",
    _TEXT: "text",
}


@dataclass(slots=True)
class Fault:
    """A fault for the next `count` calls of a method in a chat; None stands for any or all."""

    id: int
    kind: str
    chat: int | None = None
    method: str | None = None
    count: int | None = None
    retry_after: int = 5
    seconds: float = 60.0

    def meets(self, method: str, chat: int | None) -> bool:
        """Whether a call of that method in that chat is concerned."""
        same_method = self.method is None or self.method.lower() == method.lower()
        return same_method and self.chat in (None, chat)


class Faults:
    """The switches in force, oldest first."""

    def __init__(self) -> None:
        self._faults: dict[int, Fault] = {}
        self._ids = itertools.count(1)

    def add(self, body: dict[str, Any]) -> Fault:
        """Switch a fault on; raises PersonError when it makes no sense."""
        given = {name: value for name, value in body.items() if value is not None}
        kind = str(given.pop("kind", ""))
        if kind not in KINDS:
            raise PersonError(400, f"The kind of a fault is one of {', '.join(KINDS)}.")
        if unknown := set(given) - set(_SWITCHES):
            raise PersonError(400, f"A fault has no {', '.join(sorted(unknown))}.")
        for name, value in given.items():
            if type(value) not in _SWITCHES[name]:
                raise PersonError(400, f"The {name} of a fault is {_IN_WORDS[_SWITCHES[name]]}.")
        if given.get("count", 1) < 1:
            raise PersonError(400, "The count of a fault is at least 1.")
        fault = Fault(next(self._ids), kind, **given)
        self._faults[fault.id] = fault
        return fault

    def remove(self, fault_id: int) -> bool:
        """Switch one off; False when there is none of that id."""
        return self._faults.pop(fault_id, None) is not None

    def clear(self) -> None:
        """Switch all off."""
        self._faults.clear()

    def view(self) -> list[dict[str, Any]]:
        """The faults in force, `count` being what is left."""
        return [asdict(fault) for fault in self._faults.values()]

    def take(self, method: str, chat: int | None) -> Fault | None:
        """The fault a call meets, used up by one."""
        met = next((fault for fault in self._faults.values() if fault.meets(method, chat)), None)
        if met is not None and met.count is not None:
            met.count -= 1
            if met.count < 1:
                self.remove(met.id)
        return met


def refusal(fault: Fault) -> ApiError | None:
    """The error that a fault of words stands for; None for one of the connection."""
    if fault.kind == "429":
        after = fault.retry_after
        return ApiError(429, f"Too Many Requests: retry after {after}", {"retry_after": after})
    if fault.kind == "403":
        return ApiError(403, "Forbidden: bot was blocked by the user")
    return None


async def hang(fault: Fault, stopping: asyncio.Event) -> None:
    """Wait as long as the fault says, or until the playground stops."""
    try:
        async with asyncio.timeout(fault.seconds):
            await stopping.wait()
    except TimeoutError:
        return


def reset(request: web.Request) -> web.Response:
    """Reset the connection; the answer that is returned goes nowhere."""
    if request.transport is not None:
        peer = request.transport.get_extra_info("socket")
        # Lingering for no time at all makes the system send RST instead of FIN.
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        request.transport.abort()
    return web.Response()
