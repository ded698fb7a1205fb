"""What can be asked of the service."""

from __future__ import annotations

import asyncio
import json
import re
from pathlib import Path
from typing import Any

from aiohttp import hdrs, web

from engine.service.access import admit
from engine.service.attempt import Attempt
from engine.service.attempts import Attempts
from engine.service.metrics import CONTENT_TYPE, Metrics
from engine.service.openapi import description
from engine.service.problems import Problem, busy
from engine.service.stream import cursor_of, event_number, stream
from engine.service.upload import Upload, link_state, received
from engine.service.views import attempt_view, devices_view, known, queue_view
from engine.wire import ATTEMPT

PAGE = Path(__file__).parent / "page"
FROM_NAME = "from.safetensors"  # the state that an attempt goes on from
MAX_STREAMS = 1000
PAGE_HEADERS = {
    "Cache-Control": "no-cache",
    "Content-Security-Policy": "default-src 'self'; img-src 'self' blob: data:",
}


class Endpoints:
    """Handlers; Problem becomes an answer by itself. `ready` is set once devices can paint."""

    def __init__(self, attempts: Attempts, metrics: Metrics, expected: bytes | None) -> None:
        self.ready = False
        self._attempts = attempts
        self._metrics = metrics
        self._expected = expected
        self._streams = 0
        metrics.watch("devices", "Devices.", lambda: len(attempts.painter.devices))
        metrics.watch("running", "Attempts that are painted.", lambda: len(attempts.running))
        waiting = "Attempts that ask for a device in vain."
        metrics.watch("waiting", waiting, lambda: len(attempts.turns.waiting()))
        metrics.watch("streams", "Open streams of events.", lambda: self._streams)

    def routes(self) -> list[web.AbstractRouteDef]:
        """Where to ask."""
        job = "/v1/jobs/{id}"
        return [
            web.put(job, self.put, expect_handler=self.expect),
            web.get(job, self.job, allow_head=False),
            web.get(f"{job}/events", self.events, allow_head=False),
            web.get(f"{job}/preview", self.preview, allow_head=False),
            web.get(f"{job}/result", self.result, allow_head=False),
            web.post(f"{job}/cancel", self.cancel),
            web.get("/v1/queue", self.queue, allow_head=False),
            web.get("/v1/devices", self.devices, allow_head=False),
            web.get("/healthz", self.health),
            web.get("/readyz", self.readiness),
            web.get("/metrics", self.exposition, allow_head=False),
            web.get("/openapi.json", self.openapi, allow_head=False),
            web.get("/", self.page),
            web.static("/page", PAGE),
        ]

    async def expect(self, request: web.Request) -> None:
        """Refuse an order before its pictures are sent; no middleware has seen the request yet."""
        try:
            if request.headers.get(hdrs.EXPECT, "").lower() != "100-continue":
                raise Problem(417, "The only thing to expect is 100-continue.")
            admit(request, self._expected)
            await self._check_turn(request.match_info["id"])
        except Problem as problem:
            self._metrics.refused(problem.status)
            raise
        await request.writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
        request.writer.output_size = 0  # the answer's head is still to come

    async def put(self, request: web.Request) -> web.Response:
        """Accept an order, or recognise one that was accepted before."""
        attempt_id = request.match_info["id"]
        if not re.fullmatch(ATTEMPT, attempt_id):
            raise Problem(422, f"The id of an attempt matches {ATTEMPT}.")
        await self._check_turn(attempt_id)
        async with received(request, self._attempts.uploads) as upload:
            return await self._decide(attempt_id, upload)

    async def _check_turn(self, attempt_id: str) -> None:
        """Raise Problem when no device is free for a new attempt."""
        attempts = self._attempts
        if attempts.get(attempt_id) is not None:
            return
        if not self.ready or attempts.closed:
            raise busy("The devices are not ready yet, or no more.")
        if attempts.free <= 0:
            await attempts.supersede(attempt_id)
        if not attempts.turns.may(attempt_id, attempts.free):
            raise busy("No device is free.")

    async def _decide(self, attempt_id: str, upload: Upload) -> web.Response:
        resume = None
        if upload.order.resume is not None:
            source = self._attempts.state_of(upload.order.resume)
            resume = await asyncio.to_thread(link_state, source, upload, FROM_NAME)
        await self._check_turn(attempt_id)  # another may have been quicker with its upload
        attempt = self._attempts.get(attempt_id)
        if attempt is None:
            attempt = self._attempts.accept(attempt_id, upload, resume)
            await self._attempts.supersede(attempt_id)
            where = {"Location": f"/v1/jobs/{attempt_id}"}
            return web.json_response(attempt_view(attempt), status=201, headers=where)
        if attempt.digest != upload.digest:
            raise Problem(409, "That id belongs to another order.")
        return web.json_response(attempt_view(attempt))

    def _attempt(self, request: web.Request) -> Attempt:
        return known(self._attempts, request.match_info["id"])

    async def job(self, request: web.Request) -> web.Response:
        """Where an attempt stands."""
        attempt = self._attempt(request)
        attempt.touch()
        holders = {job: device for device, job in self._attempts.painter.occupants.items()}
        return web.json_response(attempt_view(attempt, holders.get(attempt.id)))

    async def events(self, request: web.Request) -> web.StreamResponse:
        """Its events, to the end."""
        attempt, cursor = self._attempt(request), cursor_of(request)
        if self._streams >= MAX_STREAMS:
            raise busy(f"{MAX_STREAMS} streams are open, which is the most.", 5)
        self._streams += 1
        try:
            with attempt.followed():
                return await stream(request, attempt.journal, cursor)
        finally:
            self._streams -= 1

    async def preview(self, request: web.Request) -> web.Response:
        """A preview as JPEG: the latest, or that of an event."""
        attempt = self._attempt(request)
        event = request.query.get("event")
        jpeg = attempt.preview(None if event is None else event_number(event))
        if jpeg is None:
            raise Problem(404, "There is no such preview, not yet or not any more.")
        headers = {"Cache-Control": "no-store"}
        return web.Response(body=jpeg, content_type="image/jpeg", headers=headers)

    async def result(self, request: web.Request) -> web.StreamResponse:
        """The result as PNG, or with ?painted=1 as it was before it got the photo's colours."""
        attempt = self._attempt(request)
        attempt.touch()
        painted = request.query.get("painted", "0")
        if painted not in ("0", "1"):
            raise Problem(400, "painted takes 0 or 1.")
        result = attempt.result
        path = None
        if result is not None:
            path = result.painted if painted == "1" else result.path
        if path is None or not await asyncio.to_thread(path.is_file):
            raise Problem(404, "There is no such picture, not yet or not any more.")
        headers = {"Content-Type": "image/png", "Cache-Control": "no-store"}
        return web.FileResponse(path, headers=headers)

    async def cancel(self, request: web.Request) -> web.Response:
        """End it early, with the best picture so far or with none."""
        attempt = self._attempt(request)
        await self._attempts.cancel(attempt, keep_best=await _keep_best(request))
        return web.json_response(attempt_view(attempt), status=202)

    async def queue(self, request: web.Request) -> web.Response:  # noqa: ARG002
        """What is painted and who waits."""
        return web.json_response(queue_view(self._attempts))

    async def devices(self, request: web.Request) -> web.Response:  # noqa: ARG002
        """The devices and their speed."""
        ready = self.ready and not self._attempts.closed
        return web.json_response(devices_view(self._attempts, ready=ready))

    async def health(self, request: web.Request) -> web.Response:  # noqa: ARG002
        """Whether the process lives."""
        return web.json_response({"status": "alive"})

    async def readiness(self, request: web.Request) -> web.Response:  # noqa: ARG002
        """Whether orders may come."""
        if not self.ready or self._attempts.closed:
            raise busy("The devices are not ready yet, or no more.")
        return web.json_response({"status": "ready"})

    async def exposition(self, request: web.Request) -> web.Response:  # noqa: ARG002
        """Figures for Prometheus."""
        headers = {"Content-Type": CONTENT_TYPE}
        return web.Response(body=self._metrics.exposition(), headers=headers)

    async def openapi(self, request: web.Request) -> web.Response:  # noqa: ARG002
        """The description of all this for programs."""
        return web.json_response(description())

    async def page(self, request: web.Request) -> web.FileResponse:  # noqa: ARG002
        """Devices, queue and running attempts for people."""
        return web.FileResponse(PAGE / "index.html", headers=PAGE_HEADERS)


async def _keep_best(request: web.Request) -> bool:
    """What the body says; without one, nothing is kept."""
    text = await request.read()
    if not text:
        return False
    try:
        values: Any = json.loads(text)
    except (ValueError, RecursionError):
        raise Problem(400, "The body is not valid JSON.") from None
    keep = values.get("keep_best", False) if isinstance(values, dict) else None
    if not isinstance(keep, bool):
        raise Problem(422, 'The body is a JSON object: {"keep_best": true} or false.')
    return keep
