"""When the bot edited its messages, read from the playground's record of its calls."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot import pace
from bot.limits import QUICK_EDITS

Times = Mapping[int, Sequence[float]]


def progress_edits(calls: Iterable[Mapping[str, Any]]) -> Times:
    """The moments of the edits in each chat that succeeded, but for a message's last one."""
    messages: dict[tuple[int, int], list[float]] = defaultdict(list)
    for call in calls:
        if call["method"].startswith("edit") and call["status"] == 200:
            messages[call["chat"], call["message"]].append(call["at"])
    chats: dict[int, list[float]] = defaultdict(list)
    for (chat, _), times in messages.items():
        chats[chat] += times[:-1]
    return {chat: sorted(times) for chat, times in chats.items()}


def busiest_minute(times: Sequence[float]) -> int:
    """The most edits within any minute."""
    ends = (sum(begin <= time < begin + pace.MINUTE for time in times) for begin in times)
    return max(ends, default=0)


def lateness(chat: int, times: Sequence[float]) -> list[float]:
    """Seconds by which each edit came after the first moment that the chat's pace allows.

    The first few are left out: they may follow as fast as there is something to show.
    """
    chats, late = pace.Pace(), []
    for number, moment in enumerate(times):
        if number > QUICK_EDITS:
            late.append(moment - chats.ready_at(chat))
        chats.edited(chat, moment)
    return late
