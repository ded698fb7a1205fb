"""A fresh playground for each test, the library's own Bot on one side and a person on the other."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from clients import Paint, new_bot
from person import Person
from PIL import Image
from telegram import Bot

from bot.playground import Playground


@pytest.fixture
def paint() -> Paint:
    """Encoded pictures of noise: `paint(width, height, "PNG")`."""

    def paint(width: int = 40, height: int = 30, form: str = "JPEG", mode: str = "RGB") -> bytes:
        buffer = io.BytesIO()
        Image.effect_noise((width, height), 60).convert(mode).save(buffer, form)
        return buffer.getvalue()

    return paint


@pytest.fixture(autouse=True)
def _timedeltas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Opt in to the library's coming type of `retry_after`; without, it warns at each 429."""
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Where a playground that outlives its process keeps its world."""
    return tmp_path / "world"


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    playground = Playground(first_retry_seconds=0.05)
    await playground.start()
    yield playground
    await playground.stop()


@pytest.fixture
async def bot(playground: Playground) -> AsyncIterator[Bot]:
    async with new_bot(playground) as bot:
        yield bot


@pytest.fixture
async def ada(playground: Playground) -> AsyncIterator[Person]:
    async with Person(playground.url) as ada:
        yield ada
