"""A painting as an iterator of steps: what the command line, the worker and the tests consume."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import torch
from PIL import Image
from torch import Tensor

from engine.color import keep_colors
from engine.errors import Cancelled, InvalidInput, OutOfMemory
from engine.features import Extractor
from engine.inputs import Canvas, Inputs, StylePicture, prepare, to_image
from engine.networks.vgg import Vgg19, never
from engine.objective import Objective, objective_for
from engine.optimizers import Adam
from engine.options import Options
from engine.runner import Losses
from engine.settings import Settings
from engine.start import resumed, start
from engine.state import State

__all__ = ["Inputs", "Options", "Step", "StylePicture", "stylize"]

CPU_OUT_OF_MEMORY = "DefaultCPUAllocator: can't allocate memory"  # torch has no class for it
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Step:
    """One finished step; stays valid however many follow.

    `losses` are those of the picture before the step. Step 0 is the start itself, given only when
    a run was stopped before its first step; its losses are infinite, for they were never computed.
    """

    _state: State
    _content: Image.Image
    stage: int = 1
    stages: int = 1

    @property
    def step(self) -> int:
        """The number of this step, from 1."""
        return self._state.step

    @property
    def steps(self) -> int:
        """How many steps the run will have."""
        return int(self._state.settings.iterations)

    @property
    def losses(self) -> Losses:
        """The loss terms before this step."""
        return self._state.losses

    @property
    def best_losses(self) -> Losses:
        """The loss terms of the best picture."""
        return self._state.best_losses

    @property
    def seed(self) -> int:
        """The seed of the run, also when it was drawn at random."""
        assert self._state.settings.seed is not None  # drawn before the first step
        return self._state.settings.seed

    def current(self) -> Image.Image:
        """The picture after this step, RGB."""
        return self._finish(self._state.image)

    def best(self) -> Image.Image:
        """The picture with the lowest loss so far, RGB; the last step counts its own result too."""
        return self._finish(self._state.best)

    def state(self) -> State:
        """What the run can be resumed from after this step."""
        return self._state

    def _finish(self, image: Tensor) -> Image.Image:
        painted = to_image(image)
        if self._state.settings.colors == "luma":
            return keep_colors(painted, self._content)
        return painted


def stylize(
    inputs: Inputs,
    settings: Settings,
    network: Vgg19,
    *,
    device: torch.device | str | None = None,
    options: Options | None = None,
    resume: State | None = None,
    should_stop: Callable[[], bool] = never,
) -> Iterator[Step]:
    """Paint the content in the style of the styles (Gatys et al. 2015), step by step.

    `should_stop` is looked at between layers and tiles: when it turns true, the step under way is
    abandoned and the iterator ends; if no step was finished, it first gives the start (or the
    state that it resumed from). `device` is the network's; naming another is an InvalidInput.

    Raises InvalidInput for inputs that cannot be painted or a state that is not of this run, and
    OutOfMemory.
    """
    if device is not None and not _same(torch.device(device), network.device):
        raise InvalidInput(f"The network is on {network.device}, not on {device}.")
    options = options or Options()
    canvas = prepare(inputs, settings, options, network.device, network.dtype)
    if resume is not None and settings.seed is None:
        settings = settings.replace(seed=resume.settings.seed)
    begin = start(canvas, settings, options, network)
    if resume is not None:
        begin = resumed(resume, begin)
    return _steps(canvas, begin, Extractor(network, settings.pooling, options.tile, should_stop))


def _steps(canvas: Canvas, begin: State, extractor: Extractor) -> Iterator[Step]:
    state = begin
    objective = _attempt(lambda: objective_for(canvas, begin.settings, extractor))
    while objective is not None and state.step < state.settings.iterations:
        following = _attempt(partial(_advance, state, objective))
        if following is None:
            break
        state = following
        yield Step(state, canvas.content_image)
    if state is begin:
        yield Step(begin, canvas.content_image)


def _attempt(work: Callable[[], Result]) -> Result | None:
    """The result of the work, or None when it was stopped. Raises OutOfMemory."""
    try:
        return work()
    except Cancelled:
        return None
    except (torch.OutOfMemoryError, MemoryError):
        pass
    except RuntimeError as error:
        if CPU_OUT_OF_MEMORY not in str(error):
            raise
    # Outside the except block: there, the traceback would keep the tensors of the work alive.
    raise OutOfMemory("The picture is too large for the device's memory.")


def _advance(state: State, objective: Objective) -> State:
    """One step: losses and gradient of the picture now, then Adam's move away from it."""
    settings, options, step = state.settings, state.options, state.step + 1
    losses, gradient = objective.evaluate(state.image)
    adam = Adam(settings.learning_rate, options.beta1, options.beta2, options.eps)
    image, moments = adam.step(state.image, gradient, state.moments, step)
    following = replace(state, step=step, image=image, losses=losses, moments=moments)
    following = _with_best(following, state.image, losses)
    if step == settings.iterations:
        # Nothing would ever measure the last picture, which is mostly the best one.
        following = _with_best(following, image, objective.losses(image))
    return following


def _with_best(state: State, image: Tensor, losses: Losses) -> State:
    if losses.total < state.best_losses.total:
        return replace(state, best=image, best_losses=losses)
    return state


def _same(one: torch.device, other: torch.device) -> bool:
    return one.type == other.type and (one.index or 0) == (other.index or 0)
