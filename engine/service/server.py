"""The service as one object: started, stopped, and known by its address."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

from aiohttp import web

from engine.errors import EngineError, InvalidWeights
from engine.service.access import guard
from engine.service.attempts import KEPT_SECONDS, UNFOLLOWED_SECONDS, Attempts, Painter
from engine.service.endpoints import Endpoints
from engine.service.metrics import Metrics
from engine.service.problems import word_problems

MAX_BODY_BYTES = 64 << 10  # of anything but an order, which has bounds of its own
STOP_SECONDS = 1.0
RETRY_SECONDS = 10.0

log = logging.getLogger(__name__)


class Service:
    """Serves a painter over HTTP. Without a token it must listen on loopback only."""

    def __init__(
        self,
        painter: Painter,
        folder: Path,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        token: str | None = None,
        kept_seconds: float = KEPT_SECONDS,
        unfollowed_seconds: float = UNFOLLOWED_SECONDS,
    ) -> None:
        self._painter = painter
        self._host, self._port = host, port
        metrics = Metrics()
        self._attempts = Attempts(
            painter,
            folder,
            metrics,
            kept_seconds=kept_seconds,
            unfollowed_seconds=unfollowed_seconds,
        )
        expected = None if token is None else f"Bearer {token}".encode()
        self._endpoints = Endpoints(self._attempts, metrics, expected)
        self._app = web.Application(
            middlewares=[metrics.middleware, word_problems, guard(expected)],
            client_max_size=MAX_BODY_BYTES,
        )
        self._app.add_routes(self._endpoints.routes())
        self._app.on_shutdown.append(self._end_streams)
        self._runner = web.AppRunner(self._app, access_log=None, shutdown_timeout=STOP_SECONDS)
        self._watching: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Its address, once it listens."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    async def start(self) -> None:
        """Listen; devices get ready by `warm_up`. Raises OSError."""
        await asyncio.to_thread(self._attempts.prepare)
        await self._runner.setup()
        await web.TCPSite(self._runner, self._host, self._port).start()
        self._port = self._runner.addresses[0][1]
        self._watching = asyncio.create_task(self._attempts.watch())

    async def warm_up(self) -> None:
        """Get the devices ready, trying again for ever; raises InvalidWeights."""
        while True:
            try:
                await self._painter.start()
            except InvalidWeights:
                raise
            except EngineError as error:
                log.error("the devices do not get ready: %s", error)
                await asyncio.sleep(RETRY_SECONDS)
            else:
                self._endpoints.ready = True
                log.info("ready, painting on %s", ", ".join(self._painter.devices))
                return

    async def stop(self) -> None:
        """End every attempt and every stream, then stop listening."""
        if self._watching is not None:
            self._watching.cancel()
        await self._runner.cleanup()
        await self._attempts.close()

    async def _end_streams(self, app: web.Application) -> None:  # noqa: ARG002
        """An open stream would hold up the end of the server: each run's end closes its own."""
        await self._attempts.close()
