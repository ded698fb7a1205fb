"""How every Runner shares its device, and what it says when a run fails."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest
from contract import kill_worker
from runs import LONG, drain, events_of, first, new_job

from engine.errors import InvalidPicture, WorkerLost
from engine.runner import Progress, Result, Runner

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_a_second_job_waits_for_the_device(runner: Runner, tmp_path: Path) -> None:
    long, short = new_job(tmp_path, "long", LONG), new_job(tmp_path, "short", 3)
    running = runner.run(long)
    await first(running, Progress)
    waiting = asyncio.create_task(events_of(runner, short))
    await asyncio.sleep(0.3)
    assert not (short.folder / "result.png").exists()
    await runner.stop(long.id, keep_best=True)
    await drain(running)
    assert isinstance((await waiting)[-1], Result)


async def test_a_bad_picture_is_refused_in_its_own_words(runner: Runner, tmp_path: Path) -> None:
    job = new_job(tmp_path, "bad")
    job.styles[0].path.write_bytes(b"not a picture")
    with pytest.raises(InvalidPicture) as caught:
        await events_of(runner, job)
    assert caught.value.code == "not_an_image"


async def test_a_killed_worker_is_noticed_at_once_and_replaced(
    runner: Runner, tmp_path: Path
) -> None:
    run = runner.run(new_job(tmp_path, "killed", LONG))
    await first(run, Progress)
    kill_worker(runner)
    started = time.monotonic()
    with pytest.raises(WorkerLost, match="signal 9"):
        await drain(run)
    assert time.monotonic() - started < 1
    assert isinstance((await events_of(runner, new_job(tmp_path, "next", 3)))[-1], Result)
