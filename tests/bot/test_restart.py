"""Real processes, a real engine, real signals: whatever happens, the job is finished."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import AsyncIterator
from itertools import pairwise
from pathlib import Path

import pytest
from person import Person, words
from process import TOKEN, BotProcess
from served import Picture

from bot.playground import Playground

DONE = " px, "


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


@pytest.fixture
def bot(playground: Playground, tmp_path: Path) -> BotProcess:
    return new_process(playground, tmp_path)


def new_process(playground: Playground, folder: Path) -> BotProcess:
    return BotProcess(folder, TELEGRAM_BOT_TOKEN=TOKEN, TELEGRAM_API_URL=playground.url)


async def start_painting(ada: Person, picture: Picture, iterations: int) -> dict[str, object]:
    await ada.say(f"/set image_size=64 iterations={iterations}")
    await ada.wait_for_text("Steps is now", 20)
    await ada.send_album([picture("red", (128, 96)), picture("blue", (128, 96))])
    return await ada.wait_for(lambda message: "photo" in message, 60)


def step_of(version: dict[str, object]) -> int:
    found = re.search(r"Step (\d+) of", words(version))
    return int(found[1]) if found else 0


def first_step_after_restart(history: list[dict[str, object]]) -> int:
    """The job went back to the last saved state at most, so its steps fall once at most."""
    steps = [step_of(version) for version in history if step_of(version)]
    falls = [after for before, after in pairwise(steps) if after < before]
    return falls[0] if falls else steps[-1]


async def test_a_job_killed_midway_is_finished_by_the_next_process(
    ada: Person, picture: Picture, bot: BotProcess, playground: Playground, tmp_path: Path
) -> None:
    async with bot:
        running = await start_painting(ada, picture, 150)
        await ada.wait_for(lambda message: step_of(message) > 30, 30)
        await bot.kill()
    assert DONE not in words(await ada.message(int(str(running["id"]))))
    async with new_process(playground, tmp_path):
        done = await ada.wait_for_text(DONE, 120)
    assert done["id"] == running["id"]
    assert "150 steps" in words(done)
    assert first_step_after_restart(await ada.history(done)) > 10


async def test_an_update_taken_before_the_kill_is_answered_after_it(
    ada: Person, picture: Picture, bot: BotProcess, playground: Playground, tmp_path: Path
) -> None:
    async with bot:
        await ada.send_album([picture("red", (128, 96)), picture("blue", (128, 96))])
        await asyncio.sleep(0.4)  # the album is in the inbox, and not complete yet
        await bot.kill()
    async with new_process(playground, tmp_path):
        await ada.wait_for_text("In the style of your picture", 20)
        await ada.wait_for(lambda message: "photo" in message, 60)
        assert len([one for one in await ada.answers() if "In the style" in words(one)]) == 1


async def test_sigterm_gives_the_job_back_quickly_and_exits_with_0(
    ada: Person, picture: Picture, bot: BotProcess, playground: Playground, tmp_path: Path
) -> None:
    async with bot:
        await start_painting(ada, picture, 150)
        asked = time.monotonic()
        assert await bot.end() == 0
        assert time.monotonic() - asked < 8
    async with new_process(playground, tmp_path):
        await ada.wait_for_text(DONE, 120)


async def test_the_token_is_in_no_line_of_the_log(ada: Person, bot: BotProcess) -> None:
    async with bot:
        await ada.say("/start")
        await ada.wait_for_text("Send me two photos", 20)
    assert TOKEN.split(":")[1] not in bot.log


async def test_of_two_bots_with_one_token_one_ends_with_a_sentence(
    ada: Person, bot: BotProcess, playground: Playground, tmp_path: Path
) -> None:
    async with bot, new_process(playground, tmp_path / "other") as other:
        done, _ = await asyncio.wait(
            [asyncio.create_task(one.ended()) for one in (bot, other)],
            timeout=60,
            return_when=asyncio.FIRST_COMPLETED,
        )
        ended = next(iter(done)).result()
        await ada.say("/start")
        await ada.wait_for_text("Send me two photos", 20)
    assert ended.exit_code == 2
    assert ended.log.splitlines()[-1].startswith("easel: Another process polls with this token")
