"""An order as it arrives: a multipart body, read to the disk part by part, within bounds."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import BodyPartReader, web
from aiohttp.http import HttpProcessingError

from engine.errors import InvalidInput, InvalidPicture
from engine.runner import Job, Style
from engine.service.problems import Problem, busy, invalid
from engine.wire import CONTENT, INITIAL, MAX_STYLES, ORDER, STYLE, Order, read_order

MAX_ORDER_BYTES = 64 << 10
MAX_PICTURE_BYTES = 64 << 20
MAX_BYTES = 256 << 20  # of all pictures of an order
UPLOAD_SECONDS = 300.0
FULL_DISK_SECONDS = 30
BUFFER_BYTES = 1 << 20
# What aiohttp raises for a multipart body that is none.
MALFORMED = (ValueError, AssertionError, LookupError, HttpProcessingError, web.RequestPayloadError)
FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(slots=True)
class Upload:
    """A whole order in a folder; `digest` is the same for the same order and pictures."""

    folder: Path
    order: Order
    digest: str
    has_initial: bool

    def job(self, attempt_id: str, folder: Path) -> Job:
        """The runner's job, once the folder has moved to its place."""
        shares = enumerate(self.order.styles)
        return Job(
            id=attempt_id,
            content=folder / CONTENT,
            styles=tuple(Style(folder / f"{STYLE}-{n}", *share) for n, share in shares),
            settings=self.order.settings,
            folder=folder,
            preview_percent=self.order.preview_percent,
            failures=self.order.failures,
            initial=folder / INITIAL if self.has_initial else None,
        )


@contextlib.asynccontextmanager
async def received(request: web.Request, place: Path) -> AsyncIterator[Upload]:
    """Read an order into a new folder below `place`, which is removed unless it was moved away.

    Raises Problem for whatever cannot be an order, and for what is too large or too slow.
    """
    folder = Path(await asyncio.to_thread(tempfile.mkdtemp, dir=place))
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            yield await _read(request, _Parts(folder))
    except TimeoutError:
        raise Problem(408, f"The order was not there within {UPLOAD_SECONDS:g} s.") from None
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise busy("The disk of the service is full.", FULL_DISK_SECONDS) from None
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _read(request: web.Request, parts: _Parts) -> Upload:
    if request.content_type != "multipart/form-data":
        raise Problem(415, "An order is multipart/form-data: the order and its pictures.")
    try:
        reader = await request.multipart()
        async for part in reader:
            if not isinstance(part, BodyPartReader):
                raise Problem(400, "A part of the order is a multipart of its own.")
            await parts.take(part)
    except MALFORMED as error:
        raise Problem(400, "The body is not well-formed multipart/form-data.") from error
    try:
        return parts.upload()
    except InvalidInput as error:
        raise invalid(error) from None


@dataclass(slots=True)
class _Parts:
    """What has arrived so far."""

    folder: Path
    text: bytes | None = None
    digests: dict[str, str] = field(default_factory=dict)
    styles: int = 0
    size: int = 0

    async def take(self, part: BodyPartReader) -> None:
        """Read a part to its end."""
        name = part.name
        if name == ORDER and self.text is None:
            self.text = await self._text(part)
            return
        if name == STYLE and self.styles < MAX_STYLES:
            name, self.styles = f"{STYLE}-{self.styles}", self.styles + 1
        elif name not in (CONTENT, INITIAL) or name in self.digests:
            raise Problem(
                422,
                f"An order has one part {ORDER}, one {CONTENT}, 1 to {MAX_STYLES} parts {STYLE}, "
                f"and at most one {INITIAL}.",
            )
        self.digests[name] = await self._picture(part, self.folder / name)

    async def _text(self, part: BodyPartReader) -> bytes:
        text = b""
        while chunk := await part.read_chunk():
            text += chunk
            if len(text) > MAX_ORDER_BYTES:
                raise Problem(413, f"The order takes at most {MAX_ORDER_BYTES >> 10} KiB.")
        return text

    async def _picture(self, part: BodyPartReader, path: Path) -> str:
        sha256 = hashlib.sha256()
        size, buffer = 0, bytearray()
        with path.open("xb") as file:
            while chunk := await part.read_chunk():
                size, self.size = size + len(chunk), self.size + len(chunk)
                if size > MAX_PICTURE_BYTES or self.size > MAX_BYTES:
                    raise invalid(_too_large(), 413)
                sha256.update(chunk)
                buffer += chunk
                if len(buffer) >= BUFFER_BYTES:
                    await asyncio.to_thread(file.write, bytes(buffer))
                    buffer.clear()
            await asyncio.to_thread(file.write, bytes(buffer))
        return sha256.hexdigest()

    def upload(self) -> Upload:
        """The whole order. Raises InvalidInput when a part is missing or wrong."""
        if self.text is None or CONTENT not in self.digests or not self.styles:
            raise InvalidInput(f"An order needs the parts {ORDER}, {CONTENT} and {STYLE}.")
        order = read_order(self.text)
        if not order.styles:
            order = dataclasses.replace(order, styles=((1.0, 1.0),) * self.styles)
        if len(order.styles) != self.styles:
            raise InvalidInput(
                f"The order speaks of {len(order.styles)} styles and has {self.styles} pictures."
            )
        whole = json.dumps([json.loads(self.text), sorted(self.digests.items())], sort_keys=True)
        digest = hashlib.sha256(whole.encode()).hexdigest()
        return Upload(self.folder, order, digest, INITIAL in self.digests)


def _too_large() -> InvalidPicture:
    megabytes = MAX_PICTURE_BYTES >> 20
    return InvalidPicture(
        f"A picture has over {megabytes} MiB, or all together over {MAX_BYTES >> 20} MiB.",
        code="too_many_bytes",
        megabytes=megabytes,
    )


def link_state(source: Path, upload: Upload, name: str) -> Path | None:
    """Keep the state of an earlier attempt with the new one; None when there is none any more."""
    path = upload.folder / name
    try:
        os.link(source, path)
    except OSError:
        return None
    return path
