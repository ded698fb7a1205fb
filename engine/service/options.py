"""What the operator of a service decides: flags, environment, and the secret."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from engine.errors import InvalidInput
from engine.service.access import is_loopback

PORT = 8780


@dataclass(frozen=True, slots=True)
class Options:
    """`token` None lets everybody on this machine in."""

    host: str
    port: int
    devices: tuple[str, ...]
    weights: Path | None
    folder: Path
    token: str | None = field(repr=False)


def read_options(
    arguments: Sequence[str] | None = None, environ: Mapping[str, str] = os.environ
) -> Options:
    """Flags go before the environment. Raises InvalidInput; argparse's own refusals exit."""
    parser = _parser(environ)
    given = parser.parse_args(arguments)
    token = read_token(environ)
    if token is None and not is_loopback(given.host):
        raise InvalidInput(
            f"On {given.host} others can reach the service: set ENGINE_TOKEN or ENGINE_TOKEN_FILE."
        )
    if not 0 <= given.port <= 65535:
        raise InvalidInput(f"--port takes a number from 0 to 65535, not {given.port}.")
    if given.network is not None and not given.network.is_file():
        raise InvalidInput(f"There are no weights {given.network}.")
    devices = tuple(re.split(r"[,\s]+", given.devices.strip())) if given.devices else ()
    return Options(given.host, given.port, devices, given.network, given.folder, token)


def _parser(environ: Mapping[str, str]) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine.service", description=__doc__)
    parser.add_argument(
        "--host",
        default=environ.get("ENGINE_HOST") or "127.0.0.1",
        help="address to listen on; others than loopback need a token (ENGINE_HOST; %(default)s)",
    )
    parser.add_argument(
        "--port",
        type=int,
        default=environ.get("ENGINE_PORT") or str(PORT),
        help="port to listen on; 0 takes any (ENGINE_PORT; %(default)s)",
    )
    parser.add_argument(
        "--devices",
        default=environ.get("DEVICES"),
        help="e.g. cpu or cuda:0,cuda:1 (DEVICES; all GPUs, else the CPU)",
    )
    parser.add_argument(
        "--network",
        type=Path,
        default=environ.get("NETWORK_FILE") or None,
        help="weights of VGG-19 instead of those built in (NETWORK_FILE)",
    )
    parser.add_argument(
        "--folder",
        type=Path,
        default=environ.get("ENGINE_DIR") or "data/engine",
        help="where pictures and states are while they are needed (ENGINE_DIR; %(default)s)",
    )
    return parser


def read_token(environ: Mapping[str, str]) -> str | None:
    """ENGINE_TOKEN, or what the file ENGINE_TOKEN_FILE holds. Raises InvalidInput."""
    token, name = environ.get("ENGINE_TOKEN"), environ.get("ENGINE_TOKEN_FILE")
    if token and name:
        raise InvalidInput("ENGINE_TOKEN and ENGINE_TOKEN_FILE are both set; keep one.")
    if name:
        try:
            token = Path(name).read_text()
        except (OSError, UnicodeError) as error:
            raise InvalidInput(f"ENGINE_TOKEN_FILE cannot be read: {error}.") from None
        if not token.strip():
            raise InvalidInput("The file of ENGINE_TOKEN_FILE is empty.")
    return token.strip() if token else None
