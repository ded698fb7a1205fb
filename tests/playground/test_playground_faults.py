"""Every fault, as python-telegram-bot meets it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import aiohttp
import pytest
from clients import Paint
from panel import Refused
from person import ADA, BORIS, Person
from telegram import Bot
from telegram.error import Forbidden, NetworkError, RetryAfter, TimedOut

from bot.playground import Playground


async def test_429_says_how_long_to_wait(bot: Bot, ada: Person) -> None:
    await ada.fault("429", retry_after=7)
    with pytest.raises(RetryAfter) as wait:
        await bot.send_message(ADA, "x")
    assert wait.value.retry_after.total_seconds() == 7
    assert await ada.messages() == []


async def test_403_says_that_the_bot_was_blocked(bot: Bot, ada: Person) -> None:
    await ada.fault("403")
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(ADA, "x")


async def test_502_is_an_html_page(playground: Playground, bot: Bot, ada: Person) -> None:
    await ada.fault("502")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(ADA, "x")
    url = f"{playground.base_url}{playground.token}/getMe"
    async with aiohttp.ClientSession() as session, session.get(url) as answer:
        assert (answer.status, answer.content_type) == (502, "text/html")


async def test_a_hang_gives_no_answer(bot: Bot, ada: Person) -> None:
    await ada.fault("hang", count=1)
    with pytest.raises(TimedOut):
        await bot.send_message(ADA, "x", read_timeout=0.2)
    assert await ada.messages() == []


async def test_a_hang_ends_with_a_cut_after_its_seconds(bot: Bot, ada: Person) -> None:
    await ada.fault("hang", seconds=0.3)
    start = time.monotonic()
    with pytest.raises(NetworkError):
        await bot.send_message(ADA, "x")
    assert 0.25 < time.monotonic() - start < 10


async def test_stopping_ends_a_hang(playground: Playground, bot: Bot, ada: Person) -> None:
    await ada.fault("hang")
    call = asyncio.create_task(bot.send_message(ADA, "x"))
    await asyncio.sleep(0.1)
    start = time.monotonic()
    await playground.stop()
    with pytest.raises(NetworkError):
        await call
    assert time.monotonic() - start < 2


async def test_a_reset_happens_before_anything(bot: Bot, ada: Person) -> None:
    await ada.fault("reset", count=1)
    with pytest.raises(NetworkError, match="ReadError"):
        await bot.send_message(ADA, "x")
    assert await ada.messages() == []


async def test_a_dropped_call_took_effect(bot: Bot, ada: Person, paint: Paint) -> None:
    sent = await bot.send_message(ADA, "x")
    await ada.fault("dropped", count=2)
    with pytest.raises(NetworkError, match="ReadError"):
        await bot.send_photo(ADA, paint())
    with pytest.raises(NetworkError, match="ReadError"):
        await bot.edit_message_text("y", chat_id=ADA, message_id=sent.message_id)
    text, photo = await ada.messages()
    assert text["text"] == "y"
    assert photo["photo"]


async def test_a_download_can_be_cut_too(bot: Bot, ada: Person, paint: Paint) -> None:
    await ada.send_photo(paint())
    (update,) = await bot.get_updates()
    assert update.message
    file = await update.message.photo[0].get_file()
    for kind in ("502", "reset", "dropped"):
        await ada.fault(kind, method="download", count=1)
        with pytest.raises(NetworkError):
            await file.download_as_bytearray()
    assert await file.download_as_bytearray()


async def test_a_poll_meets_faults_as_well(bot: Bot, ada: Person) -> None:
    await ada.say("x")
    await ada.fault("dropped", method="getUpdates", count=1)
    with pytest.raises(NetworkError):
        await bot.get_updates()
    assert len(await bot.get_updates()) == 1


async def test_a_fault_meets_only_its_chat_and_method(bot: Bot, ada: Person) -> None:
    await ada.fault("429", chat=BORIS, method="sendMessage")
    await bot.send_message(ADA, "x")
    await bot.send_chat_action(BORIS, "typing")
    with pytest.raises(RetryAfter):
        await bot.send_message(BORIS, "x")


async def test_a_fault_ends_after_its_count(bot: Bot, ada: Person) -> None:
    await ada.fault("403", count=2)
    for _ in range(2):
        with pytest.raises(Forbidden):
            await bot.send_message(ADA, "x")
    await bot.send_message(ADA, "x")
    assert await ada.faults() == []


async def test_faults_are_listed_and_switched_off(bot: Bot, ada: Person) -> None:
    first = await ada.fault("403", chat=ADA)
    await ada.fault("429", count=3)
    with pytest.raises(Forbidden):
        await bot.send_message(ADA, "x")
    assert [fault["kind"] for fault in await ada.faults()] == ["403", "429"]
    await ada.mend(first)
    with pytest.raises(RetryAfter):
        await bot.send_message(ADA, "x")
    (left,) = await ada.faults()
    assert left["count"] == 2
    await ada.mend()
    await bot.send_message(ADA, "x")


async def test_calls_are_logged_with_their_faults(bot: Bot, ada: Person) -> None:
    sent = await bot.send_message(ADA, "x")
    for kind in ("429", "502", "reset", "dropped"):
        await ada.fault(kind, count=1)
        with pytest.raises(NetworkError if kind != "429" else RetryAfter):
            await bot.send_message(ADA, "x")
    await bot.get_updates()
    calls = await ada.calls("sendMessage")
    assert [(call["status"], call["fault"]) for call in calls] == [
        (200, None),
        (429, "429"),
        (502, "502"),
        (0, "reset"),
        (200, "dropped"),
    ]
    assert (calls[0]["chat"], calls[0]["message"]) == (ADA, sent.message_id)
    assert calls[1]["description"] == "Too Many Requests: retry after 5"
    assert calls[-1]["message"] == sent.message_id + 1
    assert await ada.calls("getUpdates") == []
    assert await ada.calls(after=calls[-2]["seq"]) == calls[-1:]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ({}, "The kind of a fault is one of"),
        ({"kind": "earthquake"}, "The kind of a fault is one of"),
        ({"kind": "429", "retry_after": "soon"}, "The retry_after of a fault is a whole number."),
        ({"kind": "hang", "seconds": "long"}, "The seconds of a fault is a number."),
        ({"kind": "429", "chat": True}, "The chat of a fault is a whole number."),
        ({"kind": "429", "count": 0}, "The count of a fault is at least 1."),
        ({"kind": "429", "method": 3}, "The method of a fault is text."),
        ({"kind": "429", "colour": "red"}, "A fault has no colour."),
    ],
)
async def test_senseless_faults_are_refused(
    ada: Person, body: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence) as refused:
        await ada.request("POST", "/api/faults", json=body)
    assert refused.value.status == 400


async def test_an_unknown_fault_cannot_be_switched_off(ada: Person) -> None:
    with pytest.raises(Refused, match="There is no such fault"):
        await ada.mend(5)
