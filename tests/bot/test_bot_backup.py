"""A backup taken while the bot paints and talks is one that another bot goes on from."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import sys
from pathlib import Path

from person import Person
from process import TOKEN, BotProcess
from served import Picture

from bot.playground import Playground


async def storage(data_dir: Path, *arguments: str) -> None:
    command = [sys.executable, "-m", "storage", *arguments]
    process = await asyncio.create_subprocess_exec(
        *command, env={**os.environ, "DATA_DIR": str(data_dir)}, stdout=asyncio.subprocess.DEVNULL
    )
    assert await process.wait() == 0


async def chatter(ada: Person) -> None:
    for number in range(10_000):
        await ada.say(f"/set iterations={100 + number % 900}")
        await asyncio.sleep(0.05)


def finished(file: Path) -> int:
    with contextlib.closing(sqlite3.connect(file)) as connection:
        query = "SELECT COUNT(*) FROM job WHERE status = 'SUCCEEDED'"
        return int(connection.execute(query).fetchone()[0])


async def test_a_bot_goes_on_from_a_backup_of_a_busy_one(picture: Picture, tmp_path: Path) -> None:
    playground = Playground(token=TOKEN)
    await playground.start()
    telegram = {"TELEGRAM_BOT_TOKEN": TOKEN, "TELEGRAM_API_URL": playground.url}
    first, second, backup = (tmp_path / name for name in ("first", "second", "backup"))
    try:
        async with Person(playground.url) as ada:
            async with BotProcess(first, **telegram):
                await ada.say("/set image_size=64 iterations=400")
                await ada.wait_for_text("Steps is now", 20)
                await ada.send_album([picture("red"), picture("blue")])
                await ada.wait_for(lambda message: "photo" in message, 60)
                talking = asyncio.create_task(chatter(ada))
                await storage(first, "backup", str(backup))
                talking.cancel()
            await storage(second, "restore", str(backup))
            assert finished(second / "easel.db") == 0
            async with BotProcess(second, **telegram):
                async with asyncio.timeout(120):
                    while finished(second / "easel.db") == 0:
                        await asyncio.sleep(0.2)
    finally:
        await playground.stop()
