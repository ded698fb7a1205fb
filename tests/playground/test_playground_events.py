"""The stream of events that the page follows."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
from person import ADA, Person
from telegram import Bot

from bot.playground import Playground
from bot.playground.events import KEPT_EVENTS, Events


class Stream:
    """Reads server-sent events."""

    def __init__(self, answer: aiohttp.ClientResponse) -> None:
        self.answer = answer
        self.last_id = ""

    async def next(self) -> tuple[str, Any]:
        """The name and the data of the next event."""
        async with asyncio.timeout(5):
            while True:
                block = (await self.answer.content.readuntil(b"\n\n")).decode().splitlines()
                fields = dict(line.split(": ", 1) for line in block if line and line[0] != ":")
                if "event" in fields:
                    self.last_id = fields.get("id", self.last_id)
                    return fields["event"], json.loads(fields["data"])


@asynccontextmanager
async def follow(playground: Playground, last_id: str = "") -> AsyncIterator[Stream]:
    headers = {"Last-Event-ID": last_id} if last_id else {}
    url = f"{playground.url}/api/events"
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        assert answer.content_type == "text/event-stream"
        yield Stream(answer)


async def test_everything_that_happens_is_told(
    playground: Playground, bot: Bot, ada: Person
) -> None:
    async with follow(playground) as stream:
        hello = await ada.say("hello")
        assert await stream.next() == ("message", hello)
        await bot.send_chat_action(ADA, "typing")
        assert await stream.next() == ("action", {"chat": ADA, "action": "typing"})
        name, call = await stream.next()
        assert (name, call["method"], call["status"]) == ("call", "sendChatAction", 200)
        await bot.set_message_reaction(ADA, hello["id"], "👀")
        name, message = await stream.next()
        assert (name, message["reactions"]) == ("message", ["👀"])
        await stream.next()  # the call
        await ada.delete(hello)
        assert await stream.next() == ("delete", {"chat": ADA, "id": hello["id"]})
        await ada.speak("ru")
        name, world = await stream.next()
        assert (name, world["users"][0]["language"]) == ("world", "ru")


async def test_a_stream_resumes_after_the_last_event_seen(
    playground: Playground, ada: Person
) -> None:
    async with follow(playground) as stream:
        await ada.say("a")
        await stream.next()
    await ada.say("b")
    await ada.say("c")
    async with follow(playground, stream.last_id) as stream:
        assert [(await stream.next())[1]["text"] for _ in range(2)] == ["b", "c"]


@pytest.mark.parametrize("last_id", ["5", "99999999999999999", "nonsense"])
async def test_a_cursor_that_cannot_be_resumed_is_told_of_the_gap(
    playground: Playground, ada: Person, last_id: str
) -> None:
    await ada.say("a")
    async with follow(playground, last_id) as stream:
        assert await stream.next() == ("gap", {})
        await ada.say("b")
        assert (await stream.next())[1]["text"] == "b"


def test_events_that_are_no_longer_kept_leave_a_gap() -> None:
    events = Events()
    start = events.latest
    for number in range(KEPT_EVENTS + 1):
        events.publish("action", number)
    assert not events._resumes(start)
    assert events._resumes(start + 1)
    assert events._resumes(events.latest)


async def test_stopping_ends_every_stream(playground: Playground) -> None:
    async with follow(playground) as stream:
        await stream.answer.content.readuntil(b"\n\n")  # the stream is open
        start = time.monotonic()
        await playground.stop()
        assert await stream.answer.content.read() == b""
        assert time.monotonic() - start < 2
