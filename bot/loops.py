"""The loops of the bot, each kept running for as long as there is any sense in it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Protocol

from storage.errors import StorageError

PAUSE_SECONDS = 5.0

log = logging.getLogger(__name__)


class Loop(Protocol):
    """A part of the bot that works for ever."""

    async def run(self) -> None:
        """Work until cancelled; what is raised ends the bot, unless it is a StorageError."""


async def run_until(stop: asyncio.Event, loops: Sequence[Loop]) -> None:
    """Run all loops until `stop`, or until one raises; then cancel them and raise that error."""
    tasks = [asyncio.create_task(_keep_running(loop)) for loop in loops]
    waiting = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([waiting, *tasks], return_when=asyncio.FIRST_COMPLETED)
    finally:
        waiting.cancel()
        for task in tasks:
            task.cancel()
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    for end in ends:
        if isinstance(end, Exception):
            raise end


async def _keep_running(loop: Loop) -> None:
    """Begin a loop again when the database could not be used: a full disk may have room later."""
    while True:
        try:
            await loop.run()
        except StorageError as error:
            log.error("%s has to wait: %s", type(loop).__name__, error)
            await asyncio.sleep(PAUSE_SECONDS)
