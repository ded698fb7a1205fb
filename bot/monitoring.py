"""Serves the metrics over HTTP, on the address that the operator named."""

from __future__ import annotations

import contextlib
import logging
import os
from collections.abc import AsyncIterator

from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from bot.errors import StartError
from bot.figures import Gauges, gather
from bot.rooms import Rooms
from storage.errors import StorageError

PATH = "/metrics"
CLOSE_SECONDS = 1.0

log = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def serving_metrics(rooms: Rooms) -> AsyncIterator[str | None]:
    """Serve while the block runs; the URL, or None when no address is set. Raises StartError."""
    address = rooms.config.metrics_address
    if address is None:
        yield None
        return
    host, port = address
    runner = web.AppRunner(_app(rooms), access_log=None, shutdown_timeout=CLOSE_SECONDS)
    await runner.setup()
    try:
        try:
            await web.TCPSite(runner, host, port).start()
        except OSError as error:
            reason = os.strerror(error.errno or 0)
            raise StartError(
                f"Metrics cannot be served on {host}:{port} ({reason}). "
                "Set METRICS_LISTEN to a free port, or unset it."
            ) from error
        url = f"http://{host}:{runner.addresses[0][1]}{PATH}"
        log.info("metrics at %s", url)
        yield url
    finally:
        await runner.cleanup()


def _app(rooms: Rooms) -> web.Application:
    gauges = Gauges(rooms.metrics)

    async def answer(_request: web.Request) -> web.Response:
        try:
            async with rooms.database.read() as session:
                gauges.show(await gather(rooms, session))
        except StorageError as error:
            log.warning("the database gives no figures: %s", error)
            gauges.show(None)
        text = generate_latest(rooms.metrics.registry)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})

    app = web.Application()
    app.router.add_get(PATH, answer)
    return app
