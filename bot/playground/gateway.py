"""The bot's side over HTTP: `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import web

from bot.playground import faults
from bot.playground.errors import ApiError
from bot.playground.faults import Fault
from bot.playground.methods import METHODS, canonical_names
from bot.playground.parameters import Parameters, read_parameters
from bot.playground.world import World

DOWNLOAD = "download"  # what a fault calls a request for a file
_TOKEN = re.compile(r"\d+:[A-Za-z0-9_-]+")
_BAD_GATEWAY = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n</html>\r\n"


class Gateway:
    """Checks the token, lets faults act, calls the method, words the answer, notes the call."""

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self._token = token
        self._names = canonical_names()

    def routes(self) -> list[web.AbstractRouteDef]:
        """Where bots knock."""
        return [
            web.route("*", "/bot{token}/{method}", self.call),
            web.get("/file/bot{token}/{path:.+}", self.download),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        method = request.match_info["method"]
        try:
            self._check_token(request)
            method = self._name(method)
            parameters = await read_parameters(request)
        except ApiError as error:
            return self._refused(_Trace(method), error)
        trace = _Trace(method, self._chat(parameters), parameters.number("message_id") or None)
        fault = self._world.faults.take(method, trace.chat)
        if fault is None:
            return await self._carry_out(trace, parameters)
        return await self._suffer(fault, trace, request, parameters)

    async def download(self, request: web.Request) -> web.StreamResponse:
        """Give a file by the path that getFile named."""
        try:
            self._check_token(request)
        except ApiError as error:
            return _answer(error)
        fault = self._world.faults.take(DOWNLOAD, None)
        if fault is not None:
            return await self._suffer(fault, _Trace(DOWNLOAD), request, None)
        return await self._file(request)

    async def _file(self, request: web.Request) -> web.Response:
        files = self._world.files
        body = await files.read(files.at(request.match_info["path"]))
        if body is None:
            return _answer(ApiError(404, "Not Found"))
        return web.Response(body=body, content_type="application/octet-stream")

    async def _carry_out(self, trace: _Trace, parameters: Parameters) -> web.Response:
        try:
            result = await METHODS[trace.method](self._world, parameters)
        except ApiError as error:
            return self._refused(trace, error)
        self._note(trace.resulting(result), 200)
        return web.json_response({"ok": True, "result": result})

    async def _suffer(
        self, fault: Fault, trace: _Trace, request: web.Request, parameters: Parameters | None
    ) -> web.StreamResponse:
        trace.fault = fault.kind
        if refusal := faults.refusal(fault):
            return self._refused(trace, refusal)
        if fault.kind == "502":
            self._note(trace, 502, "Bad Gateway")
            return web.Response(status=502, text=_BAD_GATEWAY, content_type="text/html")
        if fault.kind == "dropped" and parameters is not None:
            await self._carry_out(trace, parameters)
            return faults.reset(request)
        self._note(trace, 0)
        if fault.kind == "hang":
            await faults.hang(fault, self._world.stopping)
        return faults.reset(request)

    def _check_token(self, request: web.Request) -> None:
        token = request.match_info["token"]
        if not _TOKEN.fullmatch(token):
            raise ApiError(404, "Not Found")
        if token != self._token:
            raise ApiError(401, "Unauthorized")

    def _name(self, method: str) -> str:
        try:
            return self._names[method.lower()]
        except KeyError:
            raise ApiError(404, "Not Found: method not found") from None

    def _chat(self, parameters: Parameters) -> int | None:
        press = self._world.presses.place(parameters.text("callback_query_id"))
        return press.chat if press else parameters.number("chat_id") or None

    def _refused(self, trace: _Trace, error: ApiError) -> web.Response:
        self._note(trace, error.code, error.description)
        return _answer(error)

    def _note(self, trace: _Trace, status: int, description: str = "") -> None:
        if trace.method == "getUpdates":
            return
        self._world.calls.record(
            trace.method,
            chat=trace.chat,
            message=trace.message,
            status=status,
            description=description,
            fault=trace.fault,
        )


class _Trace:
    """What the log shall say about a call under way."""

    def __init__(self, method: str, chat: int | None = None, message: int | None = None) -> None:
        self.method = method
        self.chat = chat
        self.message = message
        self.fault: str | None = None

    def resulting(self, result: Any) -> _Trace:
        """Take the new message's id over, for an album the first one's."""
        first = result[0] if isinstance(result, list) and result else result
        if isinstance(first, dict) and "message_id" in first:
            self.message = first["message_id"]
        return self


def _answer(error: ApiError) -> web.Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": error.code,
        "description": error.description,
    }
    headers = {}
    if error.parameters:
        body["parameters"] = error.parameters
    if "retry_after" in error.parameters:
        headers["Retry-After"] = str(error.parameters["retry_after"])
    return web.json_response(body, status=error.code, headers=headers)
