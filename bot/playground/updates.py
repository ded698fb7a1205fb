"""The bot's updates: kept until confirmed, handed to one long poll at a time."""

from __future__ import annotations

import asyncio
import itertools
import time
from collections import deque
from collections.abc import Callable, Collection, Iterable
from typing import Any

from telegram.constants import PollingLimit

from bot.playground.errors import ApiError

MAX_POLL_SECONDS = 50  # what the real server waits at most
# Kinds that must be asked for by name.
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


class Updates:
    """A queue in order of update_id.

    Ids begin at the clock, so that a bot which remembers the ids it has seen takes no update of a
    later run for an old one.
    """

    def __init__(self, confirmed: Callable[[], None] = lambda: None) -> None:
        self._confirmed = confirmed  # called when updates were, for a poll may wait long after
        self.pending: deque[dict[str, Any]] = deque()
        self.arrived = asyncio.Event()
        self.next_id = int(time.time())
        self._allowed: frozenset[str] = frozenset()
        self._waiting: asyncio.Future[None] | None = None

    @property
    def allowed(self) -> list[str]:
        """The kinds asked for, empty for the default ones."""
        return sorted(self._allowed)

    def allow(self, kinds: Collection[str]) -> None:
        """Take only these kinds from now on; none named means all but NOT_BY_DEFAULT."""
        self._allowed = frozenset(kinds)

    def restore(
        self, pending: Iterable[dict[str, Any]], next_id: int, allowed: Collection[str]
    ) -> None:
        """Take over the unconfirmed updates of an earlier run, in order."""
        self.pending.extend(pending)
        latest = self.pending[-1]["update_id"] if self.pending else 0
        self.next_id = max(self.next_id, next_id, latest + 1)
        self.allow(allowed)

    def put(self, kind: str, payload: dict[str, Any]) -> None:
        """Queue an update unless its kind is not wanted."""
        wanted = kind in self._allowed if self._allowed else kind not in NOT_BY_DEFAULT
        if not wanted:
            return
        self.pending.append({"update_id": self.next_id, kind: payload})
        self.next_id += 1
        self.arrived.set()
        self.wake()

    def confirm(self, update_id: int) -> None:
        """Forget the updates up to and including that id."""
        while self.pending and self.pending[0]["update_id"] <= update_id:
            self.pending.popleft()
        self._confirmed()

    def wake(self) -> None:
        """Let a waiting poll answer with what there is."""
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def poll(self, offset: int, limit: int, timeout_seconds: int) -> list[dict[str, Any]]:
        """The pending updates from `offset` on, waiting for one as getUpdates does.

        A negative offset keeps that many of the latest. A poll that waits already ends with 409.
        """
        self._refuse_older()
        if offset < 0:
            for _ in range(len(self.pending) + offset):
                self.pending.popleft()
        else:
            self.confirm(offset - 1)
        if not self.pending and timeout_seconds > 0:
            await self._wait(min(timeout_seconds, MAX_POLL_SECONDS))
        most = int(PollingLimit.MAX_LIMIT)
        return list(itertools.islice(self.pending, limit if 1 <= limit <= most else most))

    def _refuse_older(self) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_exception(
                ApiError(
                    409,
                    "Conflict: terminated by other getUpdates request; "
                    "make sure that only one bot instance is running",
                )
            )

    async def _wait(self, seconds: float) -> None:
        waiting = self._waiting = asyncio.get_running_loop().create_future()
        try:
            async with asyncio.timeout(seconds):
                await waiting
        except TimeoutError:
            return
        finally:
            if self._waiting is waiting:
                self._waiting = None
