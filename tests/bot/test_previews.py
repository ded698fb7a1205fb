"""A real job's previews: all different, in one message, of falling loss, and soon there."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from person import Person
from process import TOKEN, BotProcess
from sqlalchemy import select

from bot.gallery import FOLDER
from bot.playground import Playground
from storage.database import Database
from storage.models import EventKind, JobEvent

PICTURES = ("summertime.jpg", "great-wave.jpg")


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    playground = Playground(token=TOKEN)
    await playground.start()
    yield playground
    await playground.stop()


async def test_a_job_shows_ever_better_pictures_in_one_message(
    playground: Playground, tmp_path: Path
) -> None:
    environment = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": playground.url}
    async with BotProcess(tmp_path, **environment), Person(playground.url) as ada:
        await ada.say("/set image_size=256 iterations=20")
        await ada.wait_for_text("Steps is now", 20)
        sent = time.monotonic()
        await ada.send_album([(FOLDER / name).read_bytes() for name in PICTURES])
        await ada.wait_for(lambda message: "photo" in message, 60)
        assert time.monotonic() - sent < 60  # 10 s on two quiet cores; see docs/engine.md
        done = await ada.wait_for_text(" px, ", 120)
        shown = [one["photo"]["sha256"] for one in await ada.history(done) if "photo" in one]
    assert len(set(shown)) >= 3
    losses = await preview_losses(tmp_path)
    assert len(losses) >= 3
    assert losses == sorted(losses, reverse=True)


async def preview_losses(folder: Path) -> list[float]:
    """The total loss of each preview, in their order."""
    database = Database(f"sqlite:///{folder / 'easel.db'}")
    query = select(JobEvent).where(JobEvent.kind == EventKind.PREVIEW).order_by(JobEvent.seq)
    async with database.read() as session:
        events = list(await session.scalars(query))
    await database.close()
    return [sum((event.losses or {}).values()) for event in events]
