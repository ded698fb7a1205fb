"""Manners in a group: quiet unless called, and everybody keeps their own buttons."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest
from fake_runner import FakeRunner
from person import ADA, BORIS, CLEO, PAINTERS, Person, buttons, words
from served import Picture, running_bot

from bot.app import open_rooms
from bot.config import Config
from bot.handlers.access import ANONYMOUS_ADMIN_ID, FORWARDER_ID
from bot.playground import Playground
from bot.rooms import Rooms
from storage import inbox, users

BOT_ID = 4242


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(data_dir=tmp_path, devices="cpu", admin_user_ids=frozenset({CLEO}))


@pytest.fixture
def runner() -> FakeRunner:
    return FakeRunner(seconds=60)


@pytest.fixture
def group(ada: Person) -> Person:
    return ada.also(chat=PAINTERS)


@pytest.fixture
def boris(ada: Person) -> Person:
    return ada.also(user=BORIS, chat=PAINTERS)


async def test_talk_that_is_not_for_the_bot_is_left_alone_and_not_kept(
    group: Person, boris: Person, picture: Picture, rooms: Rooms
) -> None:
    await boris.say("what a day")
    await boris.say("@easel_bot2 paint this")
    await boris.say("/queue@other_bot")
    await boris.say("/nonsense")
    await boris.send_photo(picture("red"))
    await boris.send_photo(picture("red"), caption="for @easel_bots")
    await boris.send_album([picture("red"), picture("blue")])
    await asyncio.sleep(1.5)  # an album takes a second to be complete
    await group.say("/queue@easel_bot")
    await group.wait_for_text("Nothing of yours")
    assert len(await group.answers()) == 1
    async with rooms.database.read() as session:
        assert await users.get(session, BORIS) is None
        assert await inbox.pending(session, BOT_ID) == []


@pytest.mark.parametrize("call", ["/queue", "/queue@easel_bot", "/QUEUE@Easel_Bot"])
async def test_a_command_is_heard(group: Person, call: str) -> None:
    await group.say(call)
    await group.wait_for_text("Nothing of yours")


async def test_a_photo_with_a_mention_gets_the_gallery_and_a_reply_to_it_the_painting(
    group: Person, picture: Picture
) -> None:
    await group.send_photo(picture("red"), caption="@Easel_Bot, please")
    gallery = await group.wait_for_text("Now the style")
    await group.send_photo(picture("blue"), reply_to=gallery)
    await group.wait_for_text("▱", 20)


async def test_others_may_not_choose_from_my_gallery_nor_set_my_settings(
    group: Person, boris: Person, picture: Picture
) -> None:
    await group.send_photo(picture("red"), caption="@easel_bot")
    gallery = await group.wait_for_text("Now the style")
    answer = await boris.press(gallery, buttons(gallery)[0]["data"])
    assert answer
    assert "чужая" in answer["text"]
    await group.say("/settings")
    settings = await group.wait_for_text("Settings")
    answer = await boris.press(settings, "+")
    assert answer
    assert "чужие настройки" in answer["text"]


async def test_an_operator_may_press_anybodys_buttons(group: Person, picture: Picture) -> None:
    await group.send_album([picture("red"), picture("blue")], caption="@easel_bot")
    running = await group.wait_for_text("▱", 30)
    cleo = group.also(user=CLEO, chat=PAINTERS)
    answer = await cleo.press(running, "Good enough")
    assert answer
    assert "keeping the best picture" in answer["text"]
    await group.wait_for_text("the best picture so far", 20)


def group_update(number: int, user: int, text: str) -> dict[str, Any]:
    """An update as Telegram sends it for an account that is no person of the playground."""
    return {
        "update_id": number,
        "message": {
            "message_id": number,
            "date": int(time.time()),
            "chat": {"id": PAINTERS, "type": "supergroup", "title": "Painters"},
            "from": {
                "id": user,
                "is_bot": user == ANONYMOUS_ADMIN_ID,
                "first_name": "Group",
                "username": "GroupAnonymousBot",
            },
            "text": text,
            "entities": [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}]
            if text.startswith("/")
            else [],
        },
    }


async def test_who_writes_as_the_group_is_told_why_that_cannot_work(
    config: Config, playground: Playground, runner: FakeRunner
) -> None:
    said = [
        (ANONYMOUS_ADMIN_ID, "/settings"),
        (ANONYMOUS_ADMIN_ID, "/set@easel_bot iterations 5"),
        (ANONYMOUS_ADMIN_ID, "/settings@other_bot"),
        (ANONYMOUS_ADMIN_ID, "good morning"),
        (FORWARDER_ID, "/settings"),
    ]
    async with open_rooms(config) as rooms, rooms.database.write() as session:
        for number, (user, text) in enumerate(said, 1):
            update = group_update(number, user, text)
            await inbox.record(session, BOT_ID, number, update, PAINTERS)
    async with running_bot(config, runner, playground) as rooms, Person(playground.url, ADA) as ada:
        group = ada.also(chat=PAINTERS)
        await group.say("/queue")
        await group.wait_for_text("Nothing of yours")
        answers = [words(message) for message in await group.answers()]
        assert sum("You write as the group" in answer for answer in answers) == 2
        assert len(answers) == 3
        async with rooms.database.read() as session:
            assert await users.get(session, ANONYMOUS_ADMIN_ID) is None
            assert await users.get(session, FORWARDER_ID) is None
            assert await inbox.pending(session, BOT_ID) == []
