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
_SWITCHES = ("kind", "chat", "method", "count", "retry_after", "seconds")


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
        if unknown := set(given) - set(_SWITCHES):
            raise PersonError(400, f"A fault has no {', '.join(sorted(unknown))}.")
        kind = str(given.pop("kind", ""))
        if kind not in KINDS:
            raise PersonError(400, f"The kind of a fault is one of {', '.join(KINDS)}.")
        for name, value in given.items():
            if name == "method" and not isinstance(value, str):
                raise PersonError(400, "The method of a fault is text.")
            if name != "method" and (isinstance(value, bool) or not isinstance(value, int | float)):
                raise PersonError(400, f"The {name} of a fault is a number.")
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
