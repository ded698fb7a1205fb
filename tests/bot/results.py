"""A finished picture as a test of its buttons needs it: painted, pressed, looked at."""

from __future__ import annotations

import asyncio
import io
from typing import Any

import numpy as np
from person import LOOK_AGAIN_SECONDS, Person, words
from PIL import Image
from served import Picture

from bot.rooms import Rooms
from storage import jobs
from storage.models import Job

DONE = " px, "
Message = dict[str, Any]


async def painted(ada: Person, picture: Picture, size: tuple[int, int] = (800, 600)) -> Message:
    await ada.say("/set image_size 256")
    await ada.wait_for_text("Size is now")
    await ada.send_album([picture("red", size), picture("blue", size)])
    return await ada.wait_for_text(DONE, 30)


async def next_done(ada: Person, before: Message) -> Message:
    return await ada.wait_for(lambda one: one["id"] > before["id"] and DONE in words(one), 30)


async def job_of(rooms: Rooms, message: Message) -> Job:
    """The job that a message shows; the bot notes which that is just after it sent the message."""
    async with asyncio.timeout(10):
        while True:
            async with rooms.database.read() as session:
                job = await jobs.shown_in(session, message["chat"], message["id"])
            if job is not None:
                return job
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def said(ada: Person, message: Message, button: str) -> str:
    answer = await ada.press(message, button)
    return str(answer["text"]) if answer else ""


async def pixels(ada: Person, message: Message) -> Any:
    image = Image.open(io.BytesIO(await ada.download(message["photo"])))
    return np.asarray(image.convert("RGB"), float)
