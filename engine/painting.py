"""One attempt in the worker: the steps of `stylize` become the events of a run."""

from __future__ import annotations

import logging
import time
from collections.abc import Generator, Iterator
from functools import partial
from pathlib import Path

from engine.errors import Cancelled, InvalidInput
from engine.images import (
    encode_jpeg,
    fit,
    load,
    load_layers,
    load_with_alpha,
    save_png,
    settings_text,
    with_alpha,
)
from engine.networks import Network
from engine.pace import Pace, SaveTimer, StopFlag, preview_steps
from engine.runner import Event, Job, Preview, Progress, Result, StateSaved
from engine.state import State
from engine.stylize import Inputs, Step, StylePicture, stylize

PREVIEW_EDGE = 1280  # px
PREVIEW_QUALITY = 85
RESULT_NAME = "result.png"
PAINTED_NAME = "painted.png"
STATE_NAME = "state.safetensors"

logger = logging.getLogger(__name__)


def paint(job: Job, resume: Path | None, network: Network, stop: StopFlag) -> Iterator[Event]:
    """One attempt at a job, as the events of `engine.runner`; the last is the Result.

    Raises InvalidInput, OutOfMemory, and Cancelled when it was stopped to be discarded.
    """
    started = time.monotonic()
    step = yield from _events(job, _steps(job, resume, network, stop))
    if stop() and not stop.keep_best:
        raise Cancelled("The run was stopped.")
    path, painted = _save_result(job, step)
    yield Result(
        path,
        step.step,
        step.steps,
        step.best_losses,
        seconds=time.monotonic() - started,
        stopped=step.step < step.steps,
        painted=painted,
    )


def _save_result(job: Job, step: Step) -> tuple[Path, Path | None]:
    """The files of the best picture, and of what it was before it got the photo's colours."""
    settings = job.settings.replace(seed=step.seed)
    _, alpha = load_with_alpha(job.content)
    path = job.folder / RESULT_NAME
    save_png(with_alpha(step.best(), alpha), path, text=settings_text(settings))
    before = step.best_painted()
    if before is None:
        return path, None
    painted = job.folder / PAINTED_NAME
    text = settings_text(settings.replace(colors="style"))
    save_png(with_alpha(before, alpha), painted, text=text)
    return path, painted


def _steps(job: Job, resume: Path | None, network: Network, stop: StopFlag) -> Iterator[Step]:
    """The steps from the saved state on, or from the start when the state is of no use."""
    inputs = Inputs(
        content=load(job.content),
        styles=tuple(StylePicture(load(s.path), s.weight, s.scale) for s in job.styles),
        # Painted below its alpha too; on white, that would have to be painted again.
        initial=None if job.initial is None else load_layers(job.initial)[0],
    )
    begin = partial(stylize, inputs, job.settings, network, failures=job.failures, should_stop=stop)
    if resume is not None:
        try:
            steps = begin(resume=State.load(resume))
            first = next(steps)
        except InvalidInput as error:
            # Damaged, or of another version: a person's job must not fail for it.
            logger.warning("job %s starts anew: %s", job.id, error)
        else:
            yield first
            yield from steps
            return
    yield from begin()


def _events(job: Job, steps: Iterator[Step]) -> Generator[Event, None, Step]:
    """Progress of each step, and what is due after it; returns the last step."""
    pace, timer = Pace(), SaveTimer()
    for step in steps:
        if step.step == 0:  # stopped before the first step: the start is all there is
            continue
        pace.step_done()
        left = pace.seconds_left(step.steps - step.step)
        yield Progress(step.step, step.steps, step.losses, left, step.stage, step.stages)
        if step.step in preview_steps(step.steps, job.preview_percent):
            jpeg = encode_jpeg(fit(step.current(), PREVIEW_EDGE), PREVIEW_QUALITY)
            yield Preview(step.step, step.steps, step.losses, jpeg)
        if timer.is_due():
            yield _save(step, job.folder / STATE_NAME, timer)
    return step


def _save(step: Step, path: Path, timer: SaveTimer) -> StateSaved:
    started = time.monotonic()
    step.state().save(path)
    timer.saved(time.monotonic() - started)
    return StateSaved(step.step, path)
