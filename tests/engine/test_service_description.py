"""The service is what its OpenAPI document says, whatever it is sent."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest
from aiohttp import ClientSession
from fake_runner import FakeRunner
from serving import TOKEN, asking, serving

from engine.service.server import Service
from engine.settings import SETTINGS

CONFIG = Path(__file__).parent / "schemathesis.toml"
EXAMPLES = 15  # of each operation
DEVICES = [f"cuda:{number}" for number in range(50)]
ENDPOINTS = {
    "/v1/jobs/{id}",
    "/v1/jobs/{id}/events",
    "/v1/jobs/{id}/preview",
    "/v1/jobs/{id}/result",
    "/v1/jobs/{id}/cancel",
    "/v1/queue",
    "/v1/devices",
    "/healthz",
    "/readyz",
    "/metrics",
}


async def test_every_endpoint_and_setting_is_described(session: ClientSession) -> None:
    async with session.get("/openapi.json") as answer:
        document = await answer.json()
    assert set(document["paths"]) == ENDPOINTS
    order = document["components"]["schemas"]["Order"]["properties"]
    assert list(order["settings"]["properties"]) == [setting.name for setting in SETTINGS]


@pytest.mark.slow
async def test_the_service_does_as_it_is_described(tmp_path: Path) -> None:
    async with serving(tmp_path, FakeRunner(devices=DEVICES)) as service:
        checking = await asyncio.create_subprocess_exec(
            *command(service),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=tmp_path,
        )
        told, _ = await checking.communicate()
        assert checking.returncode == 0, told.decode()
        async with asking(service) as session, session.get("/healthz") as answer:
            assert answer.status == 200


def command(service: Service) -> list[str]:
    program = str(Path(sys.executable).parent / "schemathesis")
    return [
        *(program, "--config-file", str(CONFIG), "run", f"{service.url}/openapi.json"),
        *("--header", f"Authorization: Bearer {TOKEN}"),
        *("--max-examples", str(EXAMPLES), "--request-timeout", "20", "--seed", "1"),
    ]
