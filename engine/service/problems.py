"""Refusals as problem documents (RFC 9457), whoever refuses: we, the router or the parser."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler

from engine.errors import EngineError
from engine.wire import refusal_members

MEDIA_TYPE = "application/problem+json"
KEPT_HEADERS = ("Allow", "Retry-After", "WWW-Authenticate")
log = logging.getLogger(__name__)


class Problem(web.HTTPException):
    """A refusal with its sentence, and with whatever else the caller may want to know."""

    def __init__(
        self, status: int, detail: str, headers: Mapping[str, str] | None = None, **members: Any
    ) -> None:
        self.status_code = status
        title = HTTPStatus(status).phrase
        document = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        super().__init__(
            headers=dict(headers or {}),
            text=json.dumps(document | members),
            content_type=MEDIA_TYPE,
        )


def busy(detail: str, seconds: int = 1) -> Problem:
    """The refusal that says when to try again."""
    return Problem(503, detail, {"Retry-After": str(seconds)})


def invalid(error: EngineError, status: int = 422) -> Problem:
    """The refusal for what the engine cannot use, from which a client makes the error again."""
    return Problem(status, str(error), **refusal_members(error))


@web.middleware
async def word_problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Every refusal of a handler or of aiohttp as a problem document."""
    try:
        return await handler(request)
    except Problem:
        raise
    except web.HTTPException as error:
        if error.status < 400:
            raise
        kept = {name: error.headers[name] for name in KEPT_HEADERS if name in error.headers}
        raise Problem(error.status, f"{error.reason}.", kept) from None
    except ConnectionError:
        raise
    except Exception as error:
        log.exception("%s %s", request.method, request.path)
        raise Problem(500, "The service failed; its log says how.") from error
