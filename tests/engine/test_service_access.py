"""Who is let in: whoever has the token; probes, description and page are open."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest
from aiohttp import ClientSession
from fake_runner import FakeRunner
from serving import HEADERS, TOKEN, new_form, problem

from engine.service.server import Service

PATHS = ["/v1/queue", "/v1/devices", "/metrics", "/v1/jobs/a", "/v1/jobs/a/events"]
WRONG = ["", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN} ", "Bearer \udcff"]


@pytest.mark.parametrize("path", PATHS)
async def test_nothing_is_told_without_the_token(service: Service, path: str) -> None:
    async with aiohttp.ClientSession(service.url) as stranger:
        for given in WRONG:
            if given == f"Bearer {TOKEN} ":
                continue  # spaces around a header's value are no part of it
            headers = {"Authorization": given.encode(errors="surrogateescape").decode("latin-1")}
            async with stranger.get(path, headers=headers) as answer:
                assert answer.status == 401
                assert answer.headers["WWW-Authenticate"] == "Bearer"
                await problem(answer)


async def test_no_order_is_taken_without_the_token(service: Service) -> None:
    async with aiohttp.ClientSession(service.url) as stranger:
        for expect in (False, True):
            async with stranger.put("/v1/jobs/a", data=new_form(), expect100=expect) as answer:
                assert answer.status == 401


@pytest.mark.parametrize("path", ["/", "/page/page.js", "/healthz", "/readyz", "/openapi.json"])
async def test_some_pages_are_open(service: Service, path: str) -> None:
    async with aiohttp.ClientSession(service.url) as stranger, stranger.get(path) as answer:
        assert answer.status == 200


async def test_another_sites_page_may_do_nothing(session: ClientSession) -> None:
    headers = {"Origin": "http://elsewhere.example"}
    async with session.post("/v1/jobs/a/cancel", headers=headers) as answer:
        assert answer.status == 403
        await problem(answer)


async def test_the_right_token_opens_everything(session: ClientSession) -> None:
    assert HEADERS["Authorization"].endswith(TOKEN)
    for path in ("/v1/queue", "/v1/devices", "/metrics"):
        async with session.get(path) as answer:
            assert answer.status == 200


async def test_without_a_token_a_foreign_name_is_no_way_in(tmp_path: Path) -> None:
    service = Service(FakeRunner(), tmp_path)
    await service.start()
    port = service.url.rpartition(":")[2]
    async with aiohttp.ClientSession(service.url) as anybody:
        for host, status in (("evil.example", 403), ("127.0.0.1", 200), ("localhost", 200)):
            headers = {"Host": f"{host}:{port}"}
            async with anybody.get("/v1/queue", headers=headers) as answer:
                assert answer.status == status
    await service.stop()
