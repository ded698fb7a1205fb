"""The real bot as a process whose devices only pretend: `fakebot.py DEVICES SECONDS [TEXTS]`.

Its environment is that of `python -m bot`. Each job takes SECONDS; TEXTS is a folder with files of
languages that are found as if they lay in `bot/texts/`.
"""

from __future__ import annotations

import asyncio
import signal
import sys
from pathlib import Path

sys.path.append(str(Path(__file__).parents[1] / "engine"))  # where the runner is

from fake_runner import FakeRunner

import bot.texts


async def run(devices: int, seconds: float) -> None:
    """Serve until SIGTERM."""
    from bot.app import open_rooms, serve  # which look for the languages
    from bot.config import read_config
    from bot.logs import set_up_logging

    config = read_config()
    set_up_logging(config.log_level)
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    runner = FakeRunner(seconds=seconds, devices=[f"fake:{number}" for number in range(devices)])
    async with open_rooms(config) as rooms:
        await serve(rooms, runner, stop, None)


if __name__ == "__main__":
    bot.texts.__path__ += sys.argv[3:]
    asyncio.run(run(int(sys.argv[1]), float(sys.argv[2])))
