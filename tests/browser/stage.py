"""The whole bot in this process, on its playground, with a painter of the test's choice."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

from fake_runner import FakeRunner
from served import running_bot

from bot.config import Config
from bot.playground import Playground


class Stage:
    """Both on an event loop of their own, since a browser is driven by blocking calls."""

    def __init__(self, folder: Path, runner: FakeRunner, **variables: Any) -> None:
        """Serve from an empty folder; `variables` are those of the configuration, in lower case."""
        self.runner = runner
        self._config = Config(data_dir=folder, devices="cpu", **variables)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._stack = AsyncExitStack()
        self.url: str = self._run(self._open())

    def close(self) -> None:
        """End the bot, then the playground, then the loop."""
        self._run(self._stack.aclose())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def _run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    async def _open(self) -> str:
        playground = Playground()
        await playground.start()
        self._stack.push_async_callback(playground.stop)
        await self._stack.enter_async_context(running_bot(self._config, self.runner, playground))
        return playground.url
