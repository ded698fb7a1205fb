"""When messages that grow are edited, over the playground, with minutes of six seconds."""

from __future__ import annotations

import asyncio
import functools

import pytest
from fake_runner import FakeRunner
from person import BORIS, CLEO, PAINTERS, Person
from rhythm import busiest_minute, lateness, progress_edits
from served import Picture
from telegram.ext import AIORateLimiter

from bot import attempt, bridge, pace

ADA_AND_GROUP = {1001: 20, PAINTERS: 10}  # the most edits in a minute
MAX_LATE_SECONDS = 1.0


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> FakeRunner:
    """Three devices that take two and a half of the short minutes."""
    for name in ("MINUTE", "PRIVATE_EDIT_SECONDS", "GROUP_EDIT_SECONDS", "QUICK_EDIT_SECONDS"):
        monkeypatch.setattr(pace, name, getattr(pace, name) / 10)
    monkeypatch.setattr(attempt, "EVENT_SECONDS", 0.1)
    limiter = functools.partial(AIORateLimiter, group_time_period=pace.MINUTE)
    monkeypatch.setattr(bridge, "AIORateLimiter", limiter)
    return FakeRunner(seconds=15, devices=("a", "b", "c"))


async def test_a_held_chat_delays_no_other_and_none_is_edited_too_often(
    ada: Person, picture: Picture
) -> None:
    boris, cleo = ada.also(user=BORIS, chat=BORIS), ada.also(user=CLEO, chat=PAINTERS)
    await ada.say("/set iterations 200")
    await ada.wait_for_text("Steps is now 200")
    album = [picture("red"), picture("blue")]
    for person, caption in ((ada, ""), (boris, ""), (cleo, "@easel_bot")):
        await person.send_album(album, caption=caption)
    await boris.wait_for(lambda message: "photo" in message, 20)
    await ada.fault("429", chat=BORIS, count=1, retry_after=60)
    await asyncio.gather(ada.wait_for_text(" px, ", 120), cleo.wait_for_text(" px, ", 120))
    calls = await ada.calls()
    held = [call["status"] for call in calls if call["chat"] == BORIS]
    assert held.index(429) == len(held) - 1
    times = progress_edits(calls)
    for chat, limit in ADA_AND_GROUP.items():
        assert limit / 2 < busiest_minute(times[chat]) <= limit
        assert max(lateness(chat, times[chat])) < MAX_LATE_SECONDS
