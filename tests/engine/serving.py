"""The service in this process, over real loopback HTTP, with the fake runner behind it."""

from __future__ import annotations

import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
from fake_runner import FakeRunner
from pictures import encoded, gradient
from PIL import Image

from engine.service.server import Service

TOKEN = "a token for tests"
SETTINGS = {"image_size": 64, "iterations": 20, "start": "content", "seed": 5}
PICTURE = encoded(gradient(), "PNG")
STYLE = encoded(Image.linear_gradient("L").resize((32, 32)).convert("RGB"), "PNG")
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


@asynccontextmanager
async def serving(folder: Path, runner: FakeRunner, **more: Any) -> AsyncIterator[Service]:
    """A service that is ready."""
    service = Service(runner, folder, token=TOKEN, **more)
    await service.start()
    await service.warm_up()
    try:
        yield service
    finally:
        await service.stop()


@asynccontextmanager
async def asking(service: Service) -> AsyncIterator[aiohttp.ClientSession]:
    """Whoever has the token."""
    async with aiohttp.ClientSession(service.url, headers=HEADERS) as session:
        yield session


def new_form(
    *, settings: dict[str, Any] | None = None, content: bytes = PICTURE, **order: Any
) -> aiohttp.FormData:
    """An order as the client sends it, with some values changed."""
    values = {"settings": SETTINGS | (settings or {}), **order}
    return form_of(json.dumps(values), content)


def form_of(order: str, content: bytes = PICTURE, styles: int = 1) -> aiohttp.FormData:
    """An order of any text."""
    form = aiohttp.FormData(default_to_multipart=True)
    form.add_field("order", order, content_type="application/json")
    form.add_field("content", io.BytesIO(content), filename="content")
    for _ in range(styles):
        form.add_field("style", STYLE, filename="style")
    return form


async def events_of(
    session: aiohttp.ClientSession, name: str, **more: Any
) -> list[tuple[str, int, dict[str, Any]]]:
    """The kind, number and data of each event, to the end; a gap has the number 0."""
    async with session.get(f"/v1/jobs/{name}/events", **more) as answer:
        assert answer.status == 200
        blocks = (await answer.text()).split("\n\n")
    return [read_block(block) for block in blocks if "data: " in block]


def read_block(block: str) -> tuple[str, int, dict[str, Any]]:
    fields = dict(line.split(": ", 1) for line in block.splitlines())
    return fields["event"], int(fields.get("id", 0)), json.loads(fields["data"])


async def problem(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    """The problem document that an answer is."""
    assert answer.content_type == "application/problem+json"
    document: dict[str, Any] = json.loads(await answer.text())
    assert document["status"] == answer.status
    assert {"type", "title", "detail"} <= document.keys()
    return document
