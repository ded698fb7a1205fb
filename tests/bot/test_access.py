"""Who is served: everyone, or only those the operator names; strangers hear nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from person import ADA, BORIS, Person

from bot.config import Config


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(data_dir=tmp_path, devices="cpu", allowed_telegram_user_ids=frozenset({ADA}))


async def test_a_stranger_is_ignored(ada: Person) -> None:
    boris = ada.also(user=BORIS, chat=BORIS)
    await boris.say("/start")
    await ada.say("/start")
    await ada.wait_for_text("Send me two photos")
    assert await boris.answers() == []


async def test_the_first_message_has_a_picture_that_shows_what_to_do(ada: Person) -> None:
    await ada.say("/start")
    hello = await ada.wait_for_text("Send me two photos")
    assert hello["photo"]


async def test_help_names_every_command(ada: Person) -> None:
    await ada.say("/help")
    message = await ada.wait_for_text("How to paint")
    for command in (await ada.world())["bot"]["commands"]:
        assert f"/{command['command']}" in message["text"]


async def test_other_words_get_a_hint(ada: Person) -> None:
    await ada.say("hello?")
    await ada.wait_for_text("I paint photos")
