"""The service as a process of its own, with a real worker: its speed, its signals, its deaths."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from aiohttp import ClientSession
from processes import is_alive, worker_pids
from runs import LONG, drain, first, new_job
from service_process import ServiceProcess
from serving import HEADERS, TOKEN, new_form

from engine.client import ServiceRunner
from engine.errors import WorkerLost
from engine.runner import Progress, StateSaved

pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def process(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServiceProcess]:
    async with ServiceProcess(tmp_path_factory.mktemp("engine")) as process:
        yield process


async def test_the_first_event_is_there_within_a_tenth_of_a_second(process: ServiceProcess) -> None:
    async with ClientSession(process.url, headers=HEADERS) as session:
        seconds = [await first_event(session, f"first{number}") for number in range(3)]
    assert min(seconds) < 0.1


async def first_event(session: ClientSession, name: str) -> float:
    started = time.monotonic()
    async with session.put(f"/v1/jobs/{name}", data=new_form()) as answer:
        assert answer.status == 201
    async with session.get(f"/v1/jobs/{name}/events") as answer:
        await answer.content.readuntil(b"\n\n")
        seconds = time.monotonic() - started
        await answer.read()
    return seconds


async def test_a_kill_of_the_service_leaves_no_worker_and_the_state_to_go_on_from(
    tmp_path: Path,
) -> None:
    engine, job = tmp_path / "engine", new_job(tmp_path, "killed", LONG)
    async with ServiceProcess(engine) as process:
        runner = ServiceRunner(process.url, TOKEN)
        run = runner.run(job)
        saved = await first(run, StateSaved)
        (worker,) = worker_pids(process.pid)
        await process.kill()
    async with ServiceProcess(engine, process.port):
        with pytest.raises(WorkerLost, match="forgotten"):
            await drain(run)
        assert not is_alive(worker)
        again = runner.run(job, resume=saved.path)
        assert (await first(again, Progress)).step > saved.step
        await again.aclose()
        await runner.close()


async def test_a_signal_ends_the_service_while_it_paints(tmp_path: Path) -> None:
    async with ServiceProcess(tmp_path / "engine") as process:
        runner = ServiceRunner(process.url, TOKEN)
        run = runner.run(new_job(tmp_path, "ended", LONG))
        await first(run, Progress)
        started = time.monotonic()
        assert await process.end() == 0
        assert time.monotonic() - started < 5
        with pytest.raises(WorkerLost, match="stopped"):
            await drain(run)
        await runner.close()


async def test_a_killed_worker_is_replaced_for_the_next_attempt(process: ServiceProcess) -> None:
    async with ClientSession(process.url, headers=HEADERS) as session:
        await session.put("/v1/jobs/killed", data=new_form(settings={"iterations": 5000}))
        async with session.get("/v1/jobs/killed/events") as answer:
            while b"Progress" not in await answer.content.readuntil(b"\n\n"):
                pass
            for pid in worker_pids(process.pid):
                os.kill(pid, signal.SIGKILL)
            assert b'"error": "WorkerLost"' in await answer.read()
        async with session.put("/v1/jobs/next", data=new_form()) as answer:
            assert answer.status == 201
        async with session.get("/v1/jobs/next/events") as answer:
            assert b"event: Result" in await answer.read()
