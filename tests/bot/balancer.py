"""A reverse proxy that deals requests out in turn, as one before several processes does."""

from __future__ import annotations

from itertools import count
from typing import Self

import aiohttp
from aiohttp import web


class Balancer:
    """Passes each request on to the next of its ports that answers."""

    def __init__(self, *ports: int) -> None:
        self.ports = list(ports)
        self.passed: dict[int, int] = dict.fromkeys(ports, 0)
        self._numbers = count()

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.add_routes([web.post("/{path:.*}", self._pass)])
        self._session = aiohttp.ClientSession()
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._runner.cleanup()
        await self._session.close()

    @property
    def url(self) -> str:
        """Where updates are to be brought."""
        return f"http://127.0.0.1:{self._runner.addresses[0][1]}/easel"

    async def _pass(self, request: web.Request) -> web.Response:
        body = await request.read()
        for _ in self.ports:
            port = self.ports[next(self._numbers) % len(self.ports)]
            url = f"http://127.0.0.1:{port}{request.path}"
            try:
                async with self._session.post(url, data=body, headers=request.headers) as answer:
                    self.passed[port] += 1
                    return web.Response(status=answer.status, body=await answer.read())
            except aiohttp.ClientError:
                continue
        return web.Response(status=502)
