"""A language is one file: dropped into place, the bot speaks it, with nothing else changed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import fakebot
import pytest
from person import ADA, Person, words
from process import TOKEN, BotProcess
from served import Picture

from bot.playground import Playground
from bot.texts import en

# Not a language: the English words with every letter turned, and a plural form of its own for two.
PLURAL = """
def plural(number: int) -> str:
    return {1: "one", 2: "pair"}.get(number, "other")
"""


def turned(text: str) -> str:
    """Letters of ROT13 outside tags, entities and placeholders."""
    parts = re.split(r"(<[^>]*>|&\w+;|{\w+})", text)
    table = str.maketrans("abcdefghijklmnopqrstuvwxyz", "nopqrstuvwxyzabcdefghijklm")
    return "".join(part if index % 2 else part.translate(table) for index, part in enumerate(parts))


def invented(text: str | dict[str, str]) -> str | dict[str, str]:
    if isinstance(text, str):
        return turned(text)
    forms = {form: turned(words) for form, words in text.items()}
    return {**forms, "pair": f"{forms['other']} (2)"}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where the one file lies."""
    texts = {key: invented(text) for key, text in en.TEXTS.items()}
    folder = tmp_path / "texts"
    folder.mkdir()
    (folder / "zz.py").write_text(f"NAME = 'Ratyvfu'\n{PLURAL}\nTEXTS = {texts!r}\n")
    return folder


@pytest.fixture
async def ada(tmp_path: Path, folder: Path) -> AsyncIterator[Person]:
    """Ada, whose app speaks the language, with a bot that is a process of its own."""
    playground = Playground(token=TOKEN)
    await playground.start()
    program = (fakebot.__file__, "1", "3", str(folder))
    environment = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": playground.url}
    async with BotProcess(tmp_path / "data", program, **environment), Person(playground.url) as ada:
        await ada.speak("zz")
        yield ada
    await playground.stop()


async def test_one_file_is_a_language(ada: Person, picture: Picture) -> None:
    await ada.say("/start")
    await ada.wait_for(
        lambda message: "photo" in message and turned("two photos") in words(message)
    )
    commands = {
        one["command"]: one["description"] for one in (await ada.world())["users"][0]["commands"]
    }
    assert commands["settings"] == turned(en.TEXTS["command.settings"])
    album = [picture("red"), picture("blue")]
    phrase = turned("keep colours")
    await ada.send_album(album, caption=phrase)
    about = await ada.wait_for_text(turned("Colours"), 20)
    assert turned("I did not understand") not in words(about)
    for _ in range(2):
        await ada.send_album(album)
        await ada.wait_for_text(turned("Queued"), 20)
    await ada.wait_for_text("2 " + turned("pictures before yours") + ". (2)", 20)


async def test_the_settings_offer_it_by_its_own_name(ada: Person) -> None:
    await ada.say("/settings")
    settings = await ada.wait_for(lambda message: "keyboard" in message)
    for name in ("English", "Русский", "Ratyvfu"):
        await ada.press(settings, f"s:up:language:{ADA}")
        await ada.wait_for(lambda message, name=name: name in str(message.get("keyboard")))
    await ada.say("/set language xx")
    await ada.wait_for_text("auto, en, ru, zz")
