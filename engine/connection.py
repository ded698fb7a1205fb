"""The calls to an engine service, each once: whoever makes them decides what to try again."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import aiohttp

from engine.errors import InvalidInput
from engine.forecast import DeviceSpeed
from engine.messages import Measured, Message, read
from engine.runner import Job
from engine.wire import (
    CONTENT,
    INITIAL,
    NOT_UNDERSTOOD,
    ORDER,
    STYLE,
    read_event,
    refusal,
    write_order,
)

CONNECT_SECONDS = 10.0
SILENCE_SECONDS = 45.0  # a stream says every 15 s that it is still there
CALL_SECONDS = 60.0
PREVIEW_SECONDS = 10.0  # then the next one is worth more
UPLOAD_SECONDS = 300.0
MOST_RETRY_SECONDS = 30.0


class Unreachable(Exception):
    """The service did not answer, or is not able to just now."""


class Forgotten(Exception):
    """The service answered that it does not know the attempt, or not any more."""


class Connection:
    """One service; every call raises Unreachable when the network or the service breaks."""

    def __init__(self, url: str, token: str | None) -> None:
        self._url = url.rstrip("/")
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}
        self._session: aiohttp.ClientSession | None = None
        self._closed = False

    async def close(self) -> None:
        """Hang up; calls under way raise Unreachable."""
        self._closed = True
        if self._session is not None:
            await self._session.close()

    async def devices(self) -> tuple[tuple[str, ...], DeviceSpeed | None]:
        """The devices that can paint now, and their speed.

        Raises InvalidInput when the service refuses the token.
        """
        async with self._call("GET", "/v1/devices") as response:
            if response.status in (401, 403):
                raise InvalidInput("The engine service refuses the token.")
            view = await _document(response)
        try:
            return _read_devices(view)
        except NOT_UNDERSTOOD:
            raise Unreachable("it speaks of devices in another version's way") from None

    async def put(self, attempt_id: str, job: Job, resume: str | None) -> float | None:
        """Send an order; None when it was accepted, else the seconds to wait.

        Raises the error of the engine that refuses it. The pictures are sent only when a device
        is free.
        """
        with contextlib.ExitStack() as files:
            form = aiohttp.FormData()
            order = write_order(job, resume)
            form.add_field(ORDER, order, content_type="application/json")
            for name, path in _pictures(job):
                file = files.enter_context(path.open("rb"))
                form.add_field(name, file, filename=name)
            path = f"/v1/jobs/{attempt_id}"
            async with self._call("PUT", path, UPLOAD_SECONDS, data=form, expect100=True) as answer:
                if answer.status in (200, 201):
                    return None
                if answer.status == 503:
                    return _retry_after(answer)
                raise refusal(await _document(answer), answer.status)

    async def events(
        self, attempt_id: str, cursor: int
    ) -> AsyncGenerator[tuple[int, Message | None], None]:
        """The numbered events after the cursor; ends with the attempt.

        Raises Forgotten, and WorkerLost for an event of another version.
        """
        timeout = aiohttp.ClientTimeout(sock_connect=CONNECT_SECONDS, sock_read=SILENCE_SECONDS)
        path, after = f"/v1/jobs/{attempt_id}/events", {"after": str(cursor)}
        async with self._call("GET", path, timeout, params=after) as response:
            _check(response)
            while not response.content.at_eof():
                block = await response.content.readuntil(b"\n\n")
                if not block.endswith(b"\n\n"):
                    break  # cut off within an event
                fields = _fields(block.decode())
                if "id" in fields:
                    yield int(fields["id"]), read_event(fields["event"], fields["data"])

    async def preview(self, attempt_id: str, event: int) -> bytes | None:
        """The JPEG of a preview's event; None when it cannot be had any more."""
        path, query = f"/v1/jobs/{attempt_id}/preview", {"event": str(event)}
        try:
            async with self._call("GET", path, PREVIEW_SECONDS, params=query) as response:
                return await response.read() if response.status == 200 else None
        except Unreachable:
            return None

    async def result(self, attempt_id: str, *, painted: bool) -> bytes:
        """A picture of an attempt that succeeded, as PNG. Raises Forgotten."""
        path, query = f"/v1/jobs/{attempt_id}/result", {"painted": str(int(painted))}
        async with self._call("GET", path, UPLOAD_SECONDS, params=query) as response:
            _check(response)
            return await response.read()

    async def cancel(self, attempt_id: str, *, keep_best: bool) -> None:
        """End an attempt early, or drop what is left of it. Raises Forgotten."""
        path, wish = f"/v1/jobs/{attempt_id}/cancel", {"keep_best": keep_best}
        async with self._call("POST", path, json=wish) as response:
            _check(response)

    @contextlib.asynccontextmanager
    async def _call(
        self,
        method: str,
        path: str,
        limit: float | aiohttp.ClientTimeout = CALL_SECONDS,
        **more: Any,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        if self._closed:
            raise Unreachable("The connection was closed")
        if self._session is None:
            connector = aiohttp.TCPConnector(limit=0)  # each run holds a stream open
            self._session = aiohttp.ClientSession(headers=self._headers, connector=connector)
        if not isinstance(limit, aiohttp.ClientTimeout):
            limit = aiohttp.ClientTimeout(limit, sock_connect=CONNECT_SECONDS)
        url = f"{self._url}{path}"
        try:
            async with self._session.request(method, url, timeout=limit, **more) as response:
                yield response
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise Unreachable(str(error) or type(error).__name__) from error
        except RuntimeError as error:
            if not self._closed:
                raise
            raise Unreachable("The connection was closed") from error


def _read_devices(view: dict[str, Any]) -> tuple[tuple[str, ...], DeviceSpeed | None]:
    names = tuple(device["name"] for device in view["devices"]) if view["ready"] else ()
    if view["speed"] is None:
        return names, None
    measured = read({"type": Measured.__name__, "speed": view["speed"]})
    assert isinstance(measured, Measured)
    return names, measured.speed


def _check(response: aiohttp.ClientResponse) -> None:
    if response.status == 404:
        raise Forgotten
    if response.status >= 400:
        raise Unreachable(f"it answers with status {response.status}")


def _pictures(job: Job) -> list[tuple[str, Any]]:
    named = [(CONTENT, job.content), *((STYLE, style.path) for style in job.styles)]
    return named if job.initial is None else [*named, (INITIAL, job.initial)]


def _retry_after(response: aiohttp.ClientResponse) -> float:
    text = response.headers.get("Retry-After", "1")
    return min(float(text) if text.isdigit() else 1.0, MOST_RETRY_SECONDS)


def _fields(block: str) -> dict[str, str]:
    """The fields of an event; a line that begins with a colon is a comment."""
    pairs = (line.partition(": ") for line in block.splitlines())
    return {name: value for name, _, value in pairs if name}


async def _document(response: aiohttp.ClientResponse) -> dict[str, Any]:
    """The JSON of an answer; whatever is none was not said by an engine service."""
    try:
        document = json.loads(await response.read())
    except ValueError:
        document = None
    if not isinstance(document, dict):
        raise Unreachable(f"it answers with status {response.status} and no JSON")
    return document
