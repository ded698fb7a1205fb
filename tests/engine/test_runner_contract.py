"""What every Runner paints and tells, for each of those in `conftest.RUNNERS`."""

from __future__ import annotations

import dataclasses
from contextlib import aclosing
from pathlib import Path

import numpy as np
import pytest
from contract import only
from pictures import difference, encoded, gradient
from PIL import Image
from runs import STEPS, events_of, first, new_job, new_settings

from engine import images
from engine.inspection import recolor
from engine.runner import Event, Preview, Progress, Result, Runner, StateSaved

pytestmark = pytest.mark.asyncio(loop_scope="module")


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
