"""Who may ask: whoever has the token; without one, this machine only."""

from __future__ import annotations

import hmac
import ipaddress

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from engine.service.problems import Problem

OPEN = ("/", "/healthz", "/readyz", "/openapi.json")
OPEN_FOLDER = "/page/"


def is_loopback(host: str) -> bool:
    """Whether only this machine can reach an address."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:  # a name
        return host == "localhost"


def guard(expected: bytes | None) -> Middleware:
    """Refuse those without the header that is expected, and what another site's page sends."""

    @web.middleware
    async def check(request: web.Request, handler: Handler) -> web.StreamResponse:
        admit(request, expected)
        return await handler(request)

    return check


def admit(request: web.Request, expected: bytes | None) -> None:
    """Raise Problem unless the request may be answered."""
    if request.path in OPEN or request.path.startswith(OPEN_FOLDER):
        return
    origin = request.headers.get("Origin")
    if origin and origin.partition("://")[2] != request.host:
        raise Problem(403, "Only the service's own page may do that.")
    if expected is None:
        # A foreign name that leads to this machine is the way of another site's page to us.
        if not is_loopback(request.url.host or ""):
            raise Problem(403, "Without a token only this machine may ask, by its own name.")
        return
    given = request.headers.get("Authorization", "").encode(errors="surrogateescape")
    if not hmac.compare_digest(given, expected):
        raise Problem(
            401,
            "The service wants its token, as `Authorization: Bearer …`.",
            {"WWW-Authenticate": "Bearer"},
        )
