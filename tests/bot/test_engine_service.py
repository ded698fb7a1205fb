"""The bot with its engine elsewhere: it needs no torch, and outlives whatever the service does."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from person import Person, buttons, words
from process import TOKEN, BotProcess
from served import Picture
from service_process import ServiceProcess
from serving import TOKEN as ENGINE_TOKEN
from test_restart import DONE, first_step_after_restart, start_painting, step_of

from bot.playground import Playground

# What only easel[engine] brings, so that a machine with easel[bot] has none of it.
FORBIDDEN = ("torch", "scipy", "safetensors", "matplotlib", "tifffile", "tqdm")
BLOCKER = f"""
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {FORBIDDEN}:
            raise ImportError(f"{{name}} is not there")
sys.meta_path.insert(0, Blocker())
"""


@pytest.fixture
async def playground() -> AsyncIterator[Playground]:
    playground = Playground(token=TOKEN)
    await playground.start()
    yield playground
    await playground.stop()


@pytest.fixture
async def ada(playground: Playground) -> AsyncIterator[Person]:
    async with Person(playground.url) as ada:
        yield ada


def new_bot(playground: Playground, folder: Path, url: str, **more: str) -> BotProcess:
    """The bot where none of the engine's packages can be imported, in any process of it."""
    blocker = folder / "blocker"
    blocker.mkdir(exist_ok=True)
    (blocker / "sitecustomize.py").write_text(BLOCKER)
    path = os.pathsep.join([str(blocker), os.environ.get("PYTHONPATH", "")])
    engine = {"ENGINE_URL": url, "ENGINE_TOKEN": ENGINE_TOKEN, "PYTHONPATH": path, **more}
    return BotProcess(folder, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=playground.url, **engine)


def test_the_blocker_blocks(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(BLOCKER)
    for name in FORBIDDEN:
        done = subprocess.run(
            [sys.executable, "-c", f"import {name}"],
            env={**os.environ, "PYTHONPATH": str(tmp_path)},
            capture_output=True,
            check=False,
        )
        assert b"is not there" in done.stderr


async def test_a_bot_without_torch_gives_a_picture_and_other_colours(
    playground: Playground, ada: Person, picture: Picture, tmp_path: Path
) -> None:
    async with (
        ServiceProcess(tmp_path / "engine") as service,
        new_bot(playground, tmp_path, service.url),
    ):
        await start_painting(ada, picture, 20)
        done = await ada.wait_for_text(DONE, 60)
        assert "20 steps" in words(done)
        await ada.press(done, "Keep colours")
        await ada.wait_for(lambda message: "Style colours" in str(buttons(message)), 30)


async def test_a_service_killed_midway_is_lost_and_the_next_one_goes_on(
    playground: Playground, ada: Person, picture: Picture, tmp_path: Path
) -> None:
    engine = tmp_path / "engine"
    async with ServiceProcess(engine) as service, new_bot(playground, tmp_path, service.url) as bot:
        running = await start_painting(ada, picture, 150)
        await ada.wait_for(lambda message: step_of(message) > 30, 30)
        await service.kill()
        await ada.wait_for(lambda _: "is cut off" in bot.log, 10)
        async with ServiceProcess(engine, service.port):
            done = await ada.wait_for_text(DONE, 120)
            assert done["id"] == running["id"]
            assert "150 steps" in words(done)
            assert "forgotten the run" in bot.log
            assert first_step_after_restart(await ada.history(done)) > 10


async def test_a_bot_that_is_ended_midway_gives_the_device_back_and_goes_on_later(
    playground: Playground, ada: Person, picture: Picture, tmp_path: Path
) -> None:
    async with ServiceProcess(tmp_path / "engine") as service:
        async with new_bot(playground, tmp_path, service.url) as bot:
            running = await start_painting(ada, picture, 150)
            await ada.wait_for(lambda message: step_of(message) > 30, 30)
            started = time.monotonic()
            assert await bot.end() == 0
            assert time.monotonic() - started < 5
        assert "cancelled" in service.log
        async with new_bot(playground, tmp_path, service.url):
            done = await ada.wait_for_text(DONE, 120)
        assert done["id"] == running["id"]
        assert first_step_after_restart(await ada.history(done)) > 10


async def test_jobs_wait_while_there_is_no_service(
    playground: Playground, ada: Person, picture: Picture, tmp_path: Path
) -> None:
    async with ServiceProcess(tmp_path / "engine") as service:
        await service.end()
    async with new_bot(playground, tmp_path, service.url) as bot:
        await ada.say("/set image_size=64 iterations=20")
        await ada.wait_for_text("Steps is now", 20)
        await ada.send_album([picture("red", (128, 96)), picture("blue", (128, 96))])
        await ada.wait_for_text("Queued", 20)
        assert "nothing can be painted yet" in bot.log
        async with ServiceProcess(tmp_path / "engine", service.port):
            await ada.wait_for_text(DONE, 60)


async def test_a_token_that_the_service_refuses_ends_the_bot(
    playground: Playground, tmp_path: Path
) -> None:
    async with ServiceProcess(tmp_path / "engine") as service:
        bot = new_bot(playground, tmp_path, service.url, ENGINE_TOKEN="wrong")
        async with bot:
            await bot.ended()
    assert bot.exit_code == 2
    assert "refuses the token. Set ENGINE_TOKEN to that of the service." in bot.log
