"""The real network, loaded once for all tests of the engine, and a folder to paint in."""

import os
import tempfile
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
import pytest_asyncio
import torch
from aiohttp import ClientSession
from fake_runner import FakeRunner
from runs import events_of, new_job
from scenes import scene
from service_process import ServiceProcess
from serving import TOKEN, asking, serving

from engine.client import ServiceRunner
from engine.local import LocalRunner
from engine.networks import Vgg19, load_network
from engine.runner import Event, Runner
from engine.service.server import Service

# Speeds measured by tests are no one's but theirs.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="easel-cache-")


@pytest.fixture(scope="session")
def network() -> Vgg19:
    """VGG-19 as jobs use it."""
    return load_network()


@pytest.fixture(scope="session")
def exact_network() -> Vgg19:
    """The same in float64, where rounding hides nothing."""
    return load_network(dtype=torch.float64)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder with a photo and two styles."""
    for name, seed in (("photo.png", 1), ("a.png", 2), ("b.png", 3)):
        scene((32, 24), seed).save(tmp_path / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


async def fake_runner(stack: AsyncExitStack, folder: Path) -> Runner:  # noqa: ARG001
    return FakeRunner(seconds=0.3)


async def local_runner(stack: AsyncExitStack, folder: Path) -> Runner:  # noqa: ARG001
    return LocalRunner(["cpu"])


async def service_runner(stack: AsyncExitStack, folder: Path) -> Runner:
    service = await stack.enter_async_context(ServiceProcess(folder))
    runner = ServiceRunner(service.url, TOKEN)
    await runner.start()
    return runner


RUNNERS = {"fake": fake_runner, "local": local_runner, "service": service_runner}


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=RUNNERS)
async def runner(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Runner]:
    """Each Runner there is, with the real network but for the fake one."""
    async with AsyncExitStack() as stack:
        made = await RUNNERS[request.param](stack, tmp_path_factory.mktemp("runner"))
        stack.push_async_callback(made.close)
        yield made


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def painted(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    """The events of one whole run."""
    return await events_of(runner, new_job(tmp_path_factory.mktemp("painted"), "whole"))


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[Service]:
    """A service with one device, on which a picture takes 0.2 s."""
    async with serving(tmp_path / "engine", FakeRunner()) as service:
        yield service


@pytest.fixture
async def session(service: Service) -> AsyncIterator[ClientSession]:
    """Whoever has its token."""
    async with asking(service) as session:
        yield session
