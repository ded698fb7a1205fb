"""The whole bot on a playground, painting with the fake runner: everything real but the engine."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from fake_runner import FakeRunner
from person import Person
from PIL import Image
from served import Picture, running_bot

from bot.config import Config
from bot.playground import Playground
from bot.rooms import Rooms


@pytest.fixture
def picture() -> Picture:
    """`picture("red")`: an encoded picture of one colour with a gradient across it."""

    def picture(color: str = "red", size: tuple[int, int] = (96, 64), form: str = "JPEG") -> bytes:
        gradient = Image.linear_gradient("L").resize(size)
        image = Image.composite(Image.new("RGB", size, color), Image.new("RGB", size), gradient)
        buffer = io.BytesIO()
        image.save(buffer, form)
        return buffer.getvalue()

    return picture


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    playground = Playground()
    await playground.start()
    yield playground
    await playground.stop()


@pytest.fixture
def runner() -> FakeRunner:
    """Tests that need another pace change it before the first photo."""
    return FakeRunner(seconds=0.5)


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(data_dir=tmp_path, devices="cpu")


@pytest.fixture
async def rooms(config: Config, runner: FakeRunner, playground: Playground) -> AsyncIterator[Rooms]:
    async with running_bot(config, runner, playground) as rooms:
        yield rooms


@pytest.fixture
async def ada(playground: Playground, rooms: Rooms) -> AsyncIterator[Person]:  # noqa: ARG001
    """Ada, in her private chat with the running bot, with few steps to a picture."""
    async with Person(playground.url) as ada:
        await ada.say("/set iterations 20")
        await ada.wait_for_text("Steps is now")
        yield ada
