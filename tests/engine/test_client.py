"""The client when the line to the service breaks, or the service has forgotten."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from breakable import Line
from contract import only
from fake_runner import FakeRunner
from runs import LONG, drain, first, new_job
from runs import events_of as run_of
from serving import TOKEN, asking, serving

from engine import remote
from engine.client import ServiceRunner
from engine.errors import Cancelled, InvalidInput, WorkerLost
from engine.runner import Event, Preview, Progress, Result
from engine.service.server import Service


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "RETRY_SECONDS", 0.1)


@pytest.fixture
async def slow(tmp_path: Path) -> AsyncIterator[Service]:
    """A service on which a picture takes 3 s."""
    async with serving(tmp_path / "engine", FakeRunner(seconds=3)) as service:
        yield service


@pytest.fixture
async def line(slow: Service) -> AsyncIterator[Line]:
    async with Line(slow.url) as line:
        yield line


@pytest.fixture
async def runner(line: Line) -> AsyncIterator[ServiceRunner]:
    runner = ServiceRunner(line.url, TOKEN)
    await runner.start()
    yield runner
    await runner.close()


async def test_a_run_that_is_cut_off_is_taken_up_again_without_a_loss(
    runner: ServiceRunner, line: Line, tmp_path: Path
) -> None:
    following = asyncio.create_task(run_of(runner, new_job(tmp_path, "cut", 30)))
    for _ in range(3):
        await asyncio.sleep(0.6)
        line.cut()
        await asyncio.sleep(0.3)
        line.mend()
    seen = await following
    assert [event.step for event in only(seen, Progress)] == list(range(1, 31))
    assert len(only(seen, Preview)) == 11
    assert len(only(seen, Result)) == 1


async def test_a_run_waits_for_a_service_out_of_reach(
    runner: ServiceRunner, line: Line, tmp_path: Path
) -> None:
    line.cut()
    running = asyncio.create_task(run_of(runner, new_job(tmp_path, "waits", 3)))
    await asyncio.sleep(0.5)
    assert not running.done()
    line.mend()
    assert isinstance((await running)[-1], Result)


@pytest.mark.parametrize("accepted", [True, False])
async def test_a_run_out_of_reach_can_be_discarded(
    runner: ServiceRunner, line: Line, tmp_path: Path, accepted: bool
) -> None:
    job = new_job(tmp_path, "cut", LONG)
    if not accepted:
        line.cut()
    run = runner.run(job)
    if accepted:
        await first(run, Progress)
        line.cut()
    draining = asyncio.create_task(drain(run))
    await asyncio.sleep(0.3)
    await runner.stop(job.id, keep_best=False)
    with pytest.raises(Cancelled):
        await draining


async def test_a_stop_is_passed_on_when_the_line_is_mended(
    runner: ServiceRunner, line: Line, tmp_path: Path
) -> None:
    job = new_job(tmp_path, "cut", LONG)
    run = runner.run(job)
    await first(run, Progress)
    line.cut()
    draining = asyncio.create_task(_last(run))
    await runner.stop(job.id, keep_best=True)
    await asyncio.sleep(0.3)
    line.mend()
    result = await draining
    assert isinstance(result, Result)
    assert result.stopped


async def _last(run: AsyncIterator[Event]) -> Event:
    return [event async for event in run][-1]


async def test_a_run_that_the_service_has_forgotten_is_lost(
    slow: Service, runner: ServiceRunner, line: Line, tmp_path: Path
) -> None:
    run = runner.run(new_job(tmp_path, "forgotten", LONG))
    await first(run, Progress)
    line.cut()
    slow._attempts._attempts.clear()  # as a service that was started anew
    line.mend()
    with pytest.raises(WorkerLost, match="forgotten"):
        await drain(run)


async def test_a_service_that_is_stopped_says_so(
    slow: Service, runner: ServiceRunner, tmp_path: Path
) -> None:
    run = runner.run(new_job(tmp_path, "stopped", LONG))
    await first(run, Progress)
    stopping = asyncio.create_task(slow.stop())
    with pytest.raises(WorkerLost, match="service was stopped"):
        await drain(run)
    await stopping


async def test_a_runner_that_is_closed_loses_its_runs(
    runner: ServiceRunner, tmp_path: Path
) -> None:
    run = runner.run(new_job(tmp_path, "closed", LONG))
    await first(run, Progress)
    await runner.close()
    with pytest.raises(WorkerLost, match="closed"):
        await drain(run)


async def test_the_devices_are_those_of_the_service(slow: Service) -> None:
    runner = ServiceRunner(slow.url + "/", TOKEN)
    assert runner.devices == ()
    await runner.start()
    assert runner.devices == ("cpu",)
    await runner.close()


async def test_a_wrong_token_and_a_service_out_of_reach_are_told_apart(
    slow: Service, line: Line
) -> None:
    wrong, far = ServiceRunner(slow.url, "wrong"), ServiceRunner(line.url, TOKEN)
    line.cut()
    with pytest.raises(InvalidInput, match="refuses the token"):
        await wrong.start()
    with pytest.raises(WorkerLost, match="The engine service at http"):
        await far.start()
    await wrong.close()
    await far.close()


async def test_a_state_that_is_not_the_services_begins_the_run_anew(
    runner: ServiceRunner, tmp_path: Path
) -> None:
    for number, text in enumerate((b"\0", b"[]", b"{}", json.dumps({"attempt": "gone"}).encode())):
        state = tmp_path / "state"
        state.write_bytes(text)
        job = new_job(tmp_path, f"anew{number}", LONG)
        run = runner.run(job, resume=state)
        assert (await first(run, Progress)).step == 1
        await run.aclose()


async def test_a_picture_that_is_gone_is_no_crash(runner: ServiceRunner, tmp_path: Path) -> None:
    job = new_job(tmp_path, "gone")
    job.content.unlink()
    with pytest.raises(WorkerLost, match="cannot be read"):
        await run_of(runner, job)


async def test_the_service_keeps_no_picture_that_was_fetched(
    slow: Service, runner: ServiceRunner, tmp_path: Path
) -> None:
    await run_of(runner, new_job(tmp_path, "fetched", 3))
    engine = tmp_path / "engine"
    assert [path for path in engine.rglob("*") if path.is_file()] == []
    async with asking(slow) as session, session.get("/v1/queue") as answer:
        assert (await answer.json())["running"] == []


async def test_a_result_that_was_to_be_discarded_is_not_given(
    slow: Service, runner: ServiceRunner, tmp_path: Path
) -> None:
    job = new_job(tmp_path, "late", LONG)
    run = runner.run(job)
    await first(run, Progress)
    await runner.stop(job.id, keep_best=True)
    async with asking(slow) as session:
        while (await (await session.get("/v1/queue")).json())["running"]:
            await asyncio.sleep(0.02)
    await runner.stop(job.id, keep_best=False)
    with pytest.raises(Cancelled):
        await drain(run)
