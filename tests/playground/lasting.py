"""Playgrounds on a folder, in this process, one after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from person import Person

from bot.playground import Playground


@asynccontextmanager
async def running(
    folder: Path | None, *, most_messages: int = 1000, most_bytes: int = 1 << 30
) -> AsyncIterator[tuple[Playground, Person]]:
    """A playground with Ada before it."""
    playground = Playground(folder=folder, most_messages=most_messages, most_bytes=most_bytes)
    await playground.start()
    try:
        async with Person(playground.url) as ada:
            yield playground, ada
    finally:
        await playground.stop()


async def said(ada: Person) -> list[str]:
    """The texts in Ada's chat, "" for other messages."""
    return [message.get("text", "") for message in await ada.messages()]


def stored(folder: Path) -> set[str]:
    """The names of the files that hold bytes."""
    return {path.name for path in (folder / "files").iterdir()}
