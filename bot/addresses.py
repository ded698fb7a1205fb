"""Addresses in the operator's settings, checked before anything listens or is told."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

TELEGRAM_PORTS = (443, 80, 88, 8443)
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def host_and_port(text: str) -> tuple[str, int]:
    """`127.0.0.1:8080` or `[::1]:8080` in two; raises ValueError."""
    try:
        parts = urlsplit(f"//{text}")
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
    if not host or not port or parts.netloc != text or parts.username is not None:
        raise ValueError("takes host:port, for example 127.0.0.1:8080, with a port from 1 to 65535")
    return host, port


def check_webhook_url(url: str, *, local_server: bool) -> None:
    """Raise ValueError for an address that Telegram would not call; a local server is freer."""
    try:
        parts = urlsplit(url)
        port = parts.port or (443 if parts.scheme == "https" else 80)
    except ValueError as error:
        raise ValueError("is no address; it should look like https://bot.example/easel") from error
    if parts.scheme not in ("https", "http") or not parts.hostname or parts.username is not None:
        raise ValueError("should look like https://bot.example/easel")
    if parts.query or parts.fragment:
        raise ValueError("takes an address without ? and #")
    if not local_server and (parts.scheme != "https" or port not in TELEGRAM_PORTS):
        raise ValueError("needs https, on port 443, 80, 88 or 8443: Telegram calls no other")
