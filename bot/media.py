"""Pictures in the form that Telegram takes: as a photo where it can, else as a file."""

from __future__ import annotations

import asyncio
import io
from pathlib import Path

from PIL import Image

from bot.limits import MAX_PHOTO_BYTES, MAX_PHOTO_RATIO, MAX_PHOTO_WIDTH_PLUS_HEIGHT_PX
from bot.living import Living, wants_file
from engine.inspection import to_jpeg
from storage.blobs import Blobs
from storage.models import Job

MAX_EDGE_PX = MAX_PHOTO_WIDTH_PLUS_HEIGHT_PX // 2
BLANK_PX = 64
BLANK_GREY = 224


async def photo_of(blobs: Blobs, living: Living) -> bytes | None:
    """The photo that a living message shows, if it has one."""
    if living.result is not None and _fits_photo(blobs, living.result):
        path = blobs.path(living.result)
        return await to_jpeg(path, max_edge=MAX_EDGE_PX, max_bytes=MAX_PHOTO_BYTES)
    if living.preview is not None and _fits_photo(blobs, living.preview):
        return await read(blobs.path(living.preview))
    return None


def goes_as_file(blobs: Blobs, job: Job, result: str) -> bool:
    """Whether a result is shown as a file: by wish, or because it cannot be a photo."""
    return wants_file(job) or not _fits_photo(blobs, result)


def blank() -> bytes:
    """A small grey photo, to take the place of one that is to go."""
    buffer = io.BytesIO()
    Image.new("L", (BLANK_PX, BLANK_PX), BLANK_GREY).save(buffer, "JPEG")
    return buffer.getvalue()


async def read(path: Path) -> bytes:
    """The bytes of a file."""
    return await asyncio.to_thread(path.read_bytes)


def _fits_photo(blobs: Blobs, blob: str) -> bool:
    """Whether Telegram takes the picture as a photo: a long strip goes as a file only."""
    with Image.open(blobs.path(blob)) as image:
        short, long = sorted(image.size)
    return long <= short * MAX_PHOTO_RATIO
