"""The playground as a whole: where it listens, what it serves, that it stops."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.playground import Playground
from bot.playground.faults import KINDS
from bot.playground.methods import METHODS


async def test_it_listens_on_loopback_only(playground: Playground) -> None:
    port = int(playground.url.rsplit(":", 1)[1])
    assert playground.url == f"http://127.0.0.1:{port}"
    outside = _own_address()
    if outside is None:
        pytest.skip("this machine has no address but loopback")
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect((outside, port))


def test_every_listening_socket_is_bound_to_loopback(playground: Playground) -> None:
    assert playground._runner
    assert {address[0] for address in playground._runner.addresses} == {"127.0.0.1"}


async def test_a_wider_host_is_an_explicit_choice() -> None:
    playground = Playground(host="0.0.0.0")
    await playground.start()
    try:
        assert playground.url.startswith("http://127.0.0.1:")
        url = f"{playground.url}/api/world"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            assert answer.status == 200
    finally:
        await playground.stop()


async def test_a_port_in_use_is_an_error(playground: Playground) -> None:
    port = int(playground.url.rsplit(":", 1)[1])
    with pytest.raises(OSError, match="address already in use"):
        await Playground(port=port).start()


async def test_stopping_frees_the_port(playground: Playground) -> None:
    port = int(playground.url.rsplit(":", 1)[1])
    await playground.stop()
    again = Playground(port=port)
    await again.start()
    await again.stop()


async def test_the_page_and_its_parts_are_served_without_caching(playground: Playground) -> None:
    async with aiohttp.ClientSession(playground.url) as session:
        for path, mime in (("/", "text/html"), ("/page/theme.css", "text/css")):
            async with session.get(path) as answer:
                assert (answer.status, answer.content_type) == (200, mime)
                assert answer.headers["Cache-Control"] == "no-cache"
        async with session.get("/page/../server.py") as answer:
            assert answer.status == 404
        async with session.get("/page/%2e%2e/server.py") as answer:
            assert answer.status in (403, 404)


def test_the_urls_fit_the_library() -> None:
    playground = Playground(port=8080)
    assert playground.base_url == "http://127.0.0.1:8080/bot"
    assert playground.base_file_url == "http://127.0.0.1:8080/file/bot"


def test_importing_it_loads_neither_torch_nor_storage() -> None:
    code = "import bot.playground, sys; print({'torch', 'storage', 'engine'} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_the_docs_name_every_method_and_fault() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "playground.md").read_text()
    missing = [name for name in METHODS if not re.search(rf"\b{name}\b", docs)]
    missing += [kind for kind in KINDS if f"| `{kind}` |" not in docs]
    assert missing == []


def _own_address() -> str | None:
    """An address of this machine that others could reach; no packet is sent to find it."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))
        except OSError:
            return None
        address = str(probe.getsockname()[0])
    return None if address.startswith("127.") else address
