"""The bot, served on a playground with a runner of the test's choice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from fake_runner import FakeRunner

from bot.app import open_rooms, serve
from bot.config import Config
from bot.playground import Playground
from bot.rooms import Rooms

Picture = Callable[..., bytes]


@asynccontextmanager
async def running_bot(
    config: Config, runner: FakeRunner, playground: Playground
) -> AsyncIterator[Rooms]:
    """The bot from its start to its orderly end."""
    stop = asyncio.Event()
    async with open_rooms(config) as rooms:
        serving = asyncio.create_task(serve(rooms, runner, stop, playground))
        try:
            yield rooms
        finally:
            stop.set()
            with suppress(asyncio.CancelledError):
                await serving
