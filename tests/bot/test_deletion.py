"""Delete under a result: it asks, it can be taken back, and then all is gone."""

from __future__ import annotations

import asyncio

import pytest
from fake_runner import FakeRunner
from person import Person, buttons, words
from results import Message, job_of, painted, pixels, said
from served import Picture, running_bot
from telegram.error import BadRequest
from telegram.ext import ExtBot

from bot.config import Config
from bot.playground import Playground
from bot.rooms import Rooms
from storage import jobs


async def test_delete_removes_message_and_result(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    done = await painted(ada, picture)
    job = await job_of(rooms, done)
    await ada.press(done, "Delete")
    await ada.wait_for(lambda one: "Yes, delete" in str(buttons(one)), 5)
    assert await said(ada, done, "Yes, delete") == "Deleted."
    async with rooms.database.read() as session:
        after = await jobs.get(session, job.id)
    assert after is not None
    assert after.result_blob is None
    await gone(ada, done)


async def test_a_result_too_old_to_be_deleted_is_blanked(
    ada: Person, picture: Picture, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(*_: object, **__: object) -> bool:
        raise BadRequest("Message can't be deleted for everyone")

    done = await painted(ada, picture)
    before = await pixels(ada, done)
    monkeypatch.setattr(ExtBot, "delete_message", refuse)
    await ada.press(done, "Delete")
    await ada.wait_for(lambda one: "Yes, delete" in str(buttons(one)), 5)
    await ada.press(done, "Yes, delete")
    blanked = await ada.wait_for(lambda one: words(one) == "Deleted.", 5)
    assert blanked["id"] == done["id"]
    assert (await pixels(ada, blanked)).shape != before.shape
    assert buttons(blanked) == []


async def test_a_first_press_asks_and_a_second_at_the_same_place_keeps_the_picture(
    ada: Person, picture: Picture, rooms: Rooms
) -> None:
    done = await painted(ada, picture)
    before = done["keyboard"]
    assert await said(ada, done, "Delete") == "Delete it for good?"
    asked = await ada.wait_for(lambda one: "Yes, delete" in str(buttons(one)), 5)
    assert asked["id"] == done["id"]
    assert asked["keyboard"][:-1] == before[:-1]
    assert [button["text"] for button in asked["keyboard"][-1]] == ["Yes, delete", "Keep it"]
    assert await said(ada, done, "Keep it") == "It stays."
    kept = await ada.wait_for(lambda one: one.get("keyboard") == before, 5)
    assert kept["id"] == done["id"]
    assert (await job_of(rooms, done)).result_blob is not None
    assert await said(ada, done, "Original PNG") == "Here it comes."


async def test_the_question_outlives_the_process(
    config: Config, runner: FakeRunner, playground: Playground, picture: Picture
) -> None:
    async with Person(playground.url) as ada:
        async with running_bot(config, runner, playground):
            done = await painted(ada, picture)
            await ada.press(done, "Delete")
            await ada.wait_for(lambda one: "Yes, delete" in str(buttons(one)), 5)
        async with running_bot(config, runner, playground):
            assert await said(ada, done, "Yes, delete") == "Deleted."
            await gone(ada, done)


async def gone(ada: Person, message: Message) -> None:
    for _ in range(100):
        if all(one["id"] != message["id"] for one in await ada.answers()):
            return
        await asyncio.sleep(0.05)
    raise AssertionError("the message is still there")
