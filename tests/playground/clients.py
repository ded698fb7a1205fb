"""The library's client of the playground, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import aiohttp
from telegram import Bot
from telegram.request import HTTPXRequest

from bot.playground import Playground

Paint = Callable[..., bytes]


def new_bot(playground: Playground, token: str | None = None) -> Bot:
    """A bot that is not initialised yet, of the playground's token unless another is given."""
    return Bot(
        token or playground.token,
        base_url=playground.base_url,
        base_file_url=playground.base_file_url,
        request=_plain(connection_pool_size=8),
        get_updates_request=_plain(connection_pool_size=4),
    )


def _plain(connection_pool_size: int) -> HTTPXRequest:
    # Without TLS there is nothing to verify, and the certificates take 60 ms to load.
    return HTTPXRequest(connection_pool_size, httpx_kwargs={"verify": False})


async def call(
    playground: Playground, method: str, *, token: str | None = None, **parameters: Any
) -> dict[str, Any]:
    """What a call with a JSON body is answered: what no library would send can be sent so."""
    url = f"{playground.base_url}{token or playground.token}/{method}"
    async with aiohttp.ClientSession() as session, session.post(url, json=parameters) as answer:
        body: dict[str, Any] = await answer.json()
        assert body["ok"] or body["error_code"] == answer.status
        return body


async def refusal(playground: Playground, method: str, **parameters: Any) -> str:
    """The description of a call that must be refused with 400."""
    body = await call(playground, method, **parameters)
    assert body.get("error_code") == 400, body
    return str(body["description"]).removeprefix("Bad Request: ")
