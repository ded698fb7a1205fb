"""How often a chat may be edited: gaps, short at first, a limit a minute, back-off after a flood.

Each chat is held on its own, so that a flooded one never delays another. Times are seconds of a
monotonic clock, given by the caller.
"""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import timedelta

from telegram.error import RetryAfter

from bot.limits import (
    GROUP_EDIT_SECONDS,
    GROUP_EDITS_PER_MINUTE,
    PRIVATE_EDIT_SECONDS,
    PRIVATE_EDITS_PER_MINUTE,
    QUICK_EDIT_SECONDS,
    QUICK_EDITS,
)

MINUTE = 60.0
MAX_SLOWDOWN = 16
RECOVERY_SECONDS = 600.0


@dataclass(slots=True)
class _Chat:
    edits: deque[float] = field(default_factory=deque)
    blocked_until: float = 0.0
    slowdown: int = 1


class Pace:
    """Tells when a chat may next be edited; negative chat ids are groups."""

    def __init__(self) -> None:
        self._chats: dict[int, _Chat] = defaultdict(_Chat)

    def ready_at(self, chat_id: int) -> float:
        """The earliest moment for a progress edit in this chat."""
        chat = self._chats[chat_id]
        gap, limit = _rules(chat_id)
        if len(chat.edits) < QUICK_EDITS and chat.slowdown == 1:
            gap = QUICK_EDIT_SECONDS
        ready = chat.blocked_until
        if chat.edits:
            ready = max(ready, chat.edits[-1] + gap * chat.slowdown)
        if len(chat.edits) >= limit:
            ready = max(ready, chat.edits[-limit] + MINUTE)
        return ready

    def blocked_until(self, chat_id: int) -> float:
        """Until when nothing at all may be sent to this chat."""
        return self._chats[chat_id].blocked_until

    def edited(self, chat_id: int, now: float) -> None:
        """Count an edit that went out; a chat that was long quiet regains its full pace."""
        chat = self._chats[chat_id]
        chat.edits.append(now)
        while chat.edits[0] < now - MINUTE:
            chat.edits.popleft()
        if now > chat.blocked_until + RECOVERY_SECONDS:
            chat.slowdown = 1

    def flooded(self, chat_id: int, now: float, retry_after: float) -> None:
        """Hold the chat for as long as Telegram asks, and go half as fast afterwards."""
        chat = self._chats[chat_id]
        chat.blocked_until = max(chat.blocked_until, now + retry_after)
        chat.slowdown = min(MAX_SLOWDOWN, chat.slowdown * 2)


def seconds_asked(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone; the library gives it in one of two types."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)


def _rules(chat_id: int) -> tuple[float, int]:
    if chat_id < 0:
        return GROUP_EDIT_SECONDS, GROUP_EDITS_PER_MINUTE
    return PRIVATE_EDIT_SECONDS, PRIVATE_EDITS_PER_MINUTE
