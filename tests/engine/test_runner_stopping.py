"""How every Runner ends a run early, at a wish or when nobody follows it."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from pathlib import Path

import pytest
from runs import LONG, drain, events_of, first, new_job

from engine import images
from engine.errors import Cancelled
from engine.runner import Progress, Result, Runner

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_stopping_keeps_the_best_picture(runner: Runner, tmp_path: Path) -> None:
    job = new_job(tmp_path, "stopped", LONG)
    run = runner.run(job)
    await first(run, Progress)
    started = time.monotonic()
    await runner.stop(job.id, keep_best=True)
    result = [event async for event in run][-1]
    assert isinstance(result, Result)
    assert result.stopped
    assert 1 <= result.step < LONG
    assert images.load(result.path).size == (64, 48)
    assert time.monotonic() - started < 3


async def test_stopping_to_discard_cancels(runner: Runner, tmp_path: Path) -> None:
    job = new_job(tmp_path, "cancelled", LONG)
    run = runner.run(job)
    await first(run, Progress)
    await runner.stop(job.id, keep_best=False)
    with pytest.raises(Cancelled):
        await drain(run)
    assert not (job.folder / "result.png").exists()


async def test_a_second_press_discards(runner: Runner, tmp_path: Path) -> None:
    job = new_job(tmp_path, "twice", LONG)
    run = runner.run(job)
    await first(run, Progress)
    await runner.stop(job.id, keep_best=True)
    await runner.stop(job.id, keep_best=False)
    with pytest.raises(Cancelled):
        await drain(run)


async def test_stopping_what_does_not_run_is_no_error(runner: Runner) -> None:
    await runner.stop("unheard of", keep_best=True)


async def test_closing_the_iterator_frees_the_device(runner: Runner, tmp_path: Path) -> None:
    async with aclosing(runner.run(new_job(tmp_path, "left", LONG))) as run:
        await first(run, Progress)
    async with asyncio.timeout(30):
        events = await events_of(runner, new_job(tmp_path, "next", 3))
    assert isinstance(events[-1], Result)


async def test_a_cancelled_task_frees_the_device(runner: Runner, tmp_path: Path) -> None:
    task = asyncio.create_task(events_of(runner, new_job(tmp_path, "left", LONG)))
    await asyncio.sleep(0.5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(30):
        assert isinstance((await events_of(runner, new_job(tmp_path, "next", 3)))[-1], Result)


async def test_a_waiting_job_can_be_cancelled(runner: Runner, tmp_path: Path) -> None:
    long, short = new_job(tmp_path, "long", LONG), new_job(tmp_path, "short", 3)
    async with aclosing(runner.run(long)) as running:
        await first(running, Progress)
        waiting = asyncio.create_task(events_of(runner, short))
        await asyncio.sleep(0.1)
        await runner.stop(short.id, keep_best=True)
        with pytest.raises(Cancelled):
            await waiting
