"""The one who takes the steps of a run: stage by stage, and back when a step was too bold."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor
from torch.nn import functional

from engine.errors import InvalidInput
from engine.features import Extractor
from engine.inputs import Canvas, Inputs, prepare
from engine.networks.sight import Network, Sight
from engine.objective import Objective, objective_for
from engine.optimizers import Adam, Lbfgs, Optimizer
from engine.options import Options
from engine.plan import Plan
from engine.recipes import Recipe, Stage
from engine.runner import Losses
from engine.settings import Settings
from engine.state import UNKNOWN, State

MOST_ROLLBACKS = 3


@dataclass(frozen=True, slots=True)
class Run:
    """All that is decided before the first step; the seed is drawn."""

    inputs: Inputs
    settings: Settings
    options: Options
    recipe: Recipe
    network: Network
    stages: tuple[Stage, ...]
    should_stop: Callable[[], bool]
    _canvases: dict[float, Canvas] = field(default_factory=dict)

    def canvas(self, stage: int) -> Canvas:
        """The inputs at the size of a stage, prepared once."""
        network, share = self.network, self.stages[stage].share
        if share not in self._canvases:
            given = self.inputs, self.settings, self.options
            self._canvases[share] = prepare(*given, network.device, network.dtype, share)
        return self._canvases[share]

    def optimizer(self, plan: Plan) -> Optimizer:
        """The recipe's."""
        if self.recipe.optimizer == "lbfgs":
            return Lbfgs(plan.history)
        options = self.options
        return Adam(self.settings.learning_rate, options.beta1, options.beta2, options.eps)


class Painter:
    """Takes one step after another; keeps the targets of the stage that it works at."""

    def __init__(self, run: Run, plan: Plan) -> None:
        self.run = run
        self.plan = plan
        self._stage: int | None = None
        self._objective: Objective
        self._size: tuple[int, int]

    def step(self, state: State) -> State:
        """The state one step on.

        Raises Cancelled, and InvalidInput when the painting diverges: a loss or a gradient that is
        not finite takes it back to the best picture, with half the step; the fourth time is too
        much.
        """
        # Never back to a coarser one: a run resumed for more steps has later stages.
        number = max(state.stage, self._stage_of(state.step + 1))
        if number != self._stage:
            self._enter(number)
        optimizer = self.run.optimizer(self.plan)
        if state.stage != number:
            state = _enlarged(state, number, self._size, optimizer)
        losses, gradient = self._objective.evaluate(state.image)
        while not (math.isfinite(losses.total) and bool(gradient.isfinite().all())):
            state = _taken_back(state, optimizer)
            losses, gradient = self._objective.evaluate(state.image)
        caution = 0.5**state.rollbacks
        image, memory = optimizer.step(state.image, gradient, state.memory, caution=caution)
        following = replace(state, step=state.step + 1, image=image, losses=losses, memory=memory)
        following = _with_best(following, state.image, losses)
        if following.step == self.run.settings.iterations:
            # Nothing would ever measure the last picture, which is mostly the best one.
            following = _with_best(following, image, self._objective.losses(image))
        return following

    def replan(self, plan: Plan) -> None:
        """Work by another plan from now on."""
        self.plan = plan
        self._stage = None

    def _stage_of(self, step: int) -> int:
        return next(n for n, stage in enumerate(self.run.stages) if step <= stage.last)

    def _enter(self, number: int) -> None:
        run = self.run
        canvas = run.canvas(number)
        dtype = None if run.network.dtype == torch.float64 else self.plan.dtype
        sight = Sight(run.settings.pooling, run.recipe.padding, dtype)
        extractor = Extractor(run.network, sight, self.plan.tile, run.should_stop)
        self._objective = objective_for(canvas, run.settings, extractor, run.recipe.style_loss)
        self._size, self._stage = canvas.size, number


def _enlarged(state: State, stage: int, size: tuple[int, int], optimizer: Optimizer) -> State:
    """The state at the beginning of a finer stage: its picture enlarged, all else forgotten."""
    width, height = size
    image = functional.interpolate(
        state.image, (height, width), mode="bicubic", align_corners=False
    )
    image = image.contiguous(memory_format=torch.channels_last)
    memory = optimizer.begin(image)
    return replace(state, stage=stage, image=image, best=image, best_losses=UNKNOWN, memory=memory)


def _taken_back(state: State, optimizer: Optimizer) -> State:
    """The best picture so far, to go on from with more caution."""
    if state.rollbacks == MOST_ROLLBACKS or state.best_losses == UNKNOWN:
        raise InvalidInput(
            "The painting diverged: its loss is no number any more. "
            "A lower learning rate or smaller weights help."
        )
    memory = optimizer.begin(state.best)
    return replace(state, image=state.best, memory=memory, rollbacks=state.rollbacks + 1)


def _with_best(state: State, image: Tensor, losses: Losses) -> State:
    if losses.total < state.best_losses.total:
        return replace(state, best=image, best_losses=losses)
    return state
