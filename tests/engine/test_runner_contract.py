"""What every Runner promises, for the fake one and for real workers with the real network."""

from __future__ import annotations

import asyncio
import dataclasses
import os
import signal
import time
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import TypeVar

import numpy as np
import pytest
import pytest_asyncio
from fake_runner import FakeRunner
from pictures import difference, encoded, gradient
from PIL import Image
from processes import worker_pids
from runs import LONG, STEPS, drain, events_of, first, new_job, new_settings

from engine import images
from engine.errors import Cancelled, InvalidPicture, WorkerLost
from engine.inspection import recolor
from engine.local import LocalRunner
from engine.runner import Event, Preview, Progress, Result, Runner, StateSaved

pytestmark = pytest.mark.asyncio(loop_scope="module")


Kind = TypeVar("Kind")


@pytest_asyncio.fixture(scope="module", loop_scope="module", params=["fake", "local"])
async def runner(request: pytest.FixtureRequest) -> AsyncIterator[Runner]:
    made: Runner = FakeRunner(seconds=0.3) if request.param == "fake" else LocalRunner(["cpu"])
    yield made
    await made.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def painted(runner: Runner, tmp_path_factory: pytest.TempPathFactory) -> list[Event]:
    """The events of one whole run."""
    return await events_of(runner, new_job(tmp_path_factory.mktemp("painted"), "whole"))


def only(events: list[Event], kind: type[Kind]) -> list[Kind]:
    return [event for event in events if isinstance(event, kind)]


def kill_worker(runner: Runner) -> None:
    if isinstance(runner, FakeRunner):
        runner.kill()
    for pid in worker_pids(os.getpid()):
        os.kill(pid, signal.SIGKILL)


async def test_a_run_counts_its_steps_and_ends_with_its_result(painted: list[Event]) -> None:
    assert [event.step for event in only(painted, Progress)] == list(range(1, STEPS + 1))
    assert isinstance(painted[-1], Result)
    assert len(only(painted, Result)) == 1


async def test_the_losses_fall(painted: list[Event]) -> None:
    steps = only(painted, Progress)
    assert steps[-1].losses.total < steps[0].losses.total / 2
    assert only(painted, Result)[0].losses.total <= steps[-1].losses.total


async def test_the_time_left_is_told_from_the_second_step_on(painted: list[Event]) -> None:
    times = [event.seconds_left for event in only(painted, Progress)]
    assert times[0] is None
    assert all(left is not None for left in times[1:])
    assert times[-1] == 0


async def test_previews_begin_at_once_and_differ(painted: list[Event]) -> None:
    previews = only(painted, Preview)
    assert [preview.step for preview in previews] == [1, *range(3, STEPS + 1, 3)]
    assert len({preview.jpeg for preview in previews}) == len(previews)
    assert images.load(previews[0].jpeg).size == (64, 48)


@pytest.mark.parametrize("percent", [2, 10, 50])
async def test_the_shortest_job_has_three_previews(
    runner: Runner, tmp_path: Path, percent: int
) -> None:
    job = dataclasses.replace(new_job(tmp_path, "short", 3), preview_percent=percent)
    previews = only(await events_of(runner, job), Preview)
    assert len({preview.jpeg for preview in previews}) == 3


async def test_the_result_is_a_picture_that_tells_its_settings(painted: list[Event]) -> None:
    result = only(painted, Result)[0]
    assert (result.step, result.steps, result.stopped) == (STEPS, STEPS, False)
    assert images.load(result.path).size == (64, 48)
    assert images.read_settings(result.path) == new_settings(STEPS)


async def test_the_result_is_as_transparent_as_the_photo(runner: Runner, tmp_path: Path) -> None:
    job = new_job(tmp_path, "clear", 3)
    photo, alpha = gradient(size=(128, 96)), Image.linear_gradient("L").resize((128, 96))
    job.content.write_bytes(encoded(images.with_alpha(photo, alpha), "PNG"))
    result = only(await events_of(runner, job), Result)[0]
    _, kept = images.load_with_alpha(result.path)
    assert kept is not None
    small = alpha.resize((64, 48), Image.Resampling.BICUBIC)
    assert difference(kept.convert("RGB"), small) == 0


async def test_a_run_can_start_from_a_given_picture(runner: Runner, tmp_path: Path) -> None:
    start = tmp_path / "start.png"
    start.write_bytes(encoded(Image.new("RGB", (64, 48), (0, 200, 0)), "PNG"))
    job = dataclasses.replace(new_job(tmp_path, "given", 3), initial=start)
    preview = only(await events_of(runner, job), Preview)[0]
    red, green, blue = np.asarray(images.load(preview.jpeg), float).mean((0, 1))
    assert green > 1.5 * max(red, blue)


async def test_colours_that_are_kept_are_added_to_what_was_painted(
    runner: Runner, tmp_path: Path
) -> None:
    job = new_job(tmp_path, "luma", 3)
    job = dataclasses.replace(job, settings=job.settings.replace(colors="luma"))
    result = only(await events_of(runner, job), Result)[0]
    assert result.painted is not None
    assert result.painted.read_bytes() != result.path.read_bytes()
    again = await recolor(result.painted, job.content, "luma")
    assert again == result.path.read_bytes()


async def test_a_random_seed_is_told_by_the_result(runner: Runner, tmp_path: Path) -> None:
    job = new_job(tmp_path, "random", 3)
    job = dataclasses.replace(job, settings=job.settings.replace(seed=None))
    result = only(await events_of(runner, job), Result)[0]
    settings = images.read_settings(result.path)
    assert settings is not None
    assert settings.seed is not None


async def test_a_resumed_run_goes_on_and_ends_the_same(
    runner: Runner, painted: list[Event], tmp_path: Path
) -> None:
    whole = only(painted, Result)[0]
    job = new_job(tmp_path, "broken")
    async with aclosing(runner.run(job)) as run:
        saved = await first(run, StateSaved)
    events = await events_of(runner, job, resume=saved.path)
    assert only(events, Progress)[0].step == saved.step + 1
    assert only(events, Result)[0].path.read_bytes() == whole.path.read_bytes()


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


async def test_a_waiting_job_can_be_cancelled(runner: Runner, tmp_path: Path) -> None:
    long, short = new_job(tmp_path, "long", LONG), new_job(tmp_path, "short", 3)
    async with aclosing(runner.run(long)) as running:
        await first(running, Progress)
        waiting = asyncio.create_task(events_of(runner, short))
        await asyncio.sleep(0.1)
        await runner.stop(short.id, keep_best=True)
        with pytest.raises(Cancelled):
            await waiting


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
