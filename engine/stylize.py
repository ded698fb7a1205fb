"""A painting as an iterator of steps: what the command line, the worker and the tests consume."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from functools import partial
from typing import TypeVar

import torch

from engine.errors import Cancelled, InvalidInput, OutOfMemory
from engine.inputs import Inputs, StylePicture, canvas_size
from engine.memory import held_bytes, return_large_blocks
from engine.networks.sight import Network, never
from engine.options import Options
from engine.painter import Painter, Run
from engine.plan import Plan
from engine.planner import needed, planned, smaller, work_of
from engine.recipes import RECIPES, Recipe
from engine.settings import MAX_SEED, Settings
from engine.start import starting_picture
from engine.state import UNKNOWN, State
from engine.step import Step

__all__ = ["Inputs", "Options", "Painting", "Step", "StylePicture", "stylize"]

# The words of torch's allocator and of oneDNN: neither has a class for it.
CPU_OUT_OF_MEMORY = (
    "DefaultCPUAllocator: can't allocate memory",
    "could not create a primitive",
    "could not create a memory object",
)
MOST_REPLANS = 3
Result = TypeVar("Result")


class Painting(Iterator[Step]):
    """The steps of a run, with what it will compute and how; closing it abandons the run.

    `bytes` is what the process will hold at most on its device.
    """

    def __init__(self, run: Run, plan: Plan, resume: State | None) -> None:
        self.plan = plan
        self.work = replace(work_of(run), tile=plan.tile)
        self.bytes = held_bytes(run.network.device) + needed(run, plan)
        begin = _begin(run, plan)
        state = begin if resume is None else resume.of_run(begin)
        self._steps = _steps(Painter(run, plan), state)

    def __next__(self) -> Step:
        return next(self._steps)

    def close(self) -> None:
        """Give the memory back before the last step."""
        self._steps.close()


def stylize(
    inputs: Inputs,
    settings: Settings,
    network: Network,
    *,
    device: torch.device | str | None = None,
    options: Options | None = None,
    recipe: Recipe | None = None,
    resume: State | None = None,
    failures: int = 0,
    should_stop: Callable[[], bool] = never,
) -> Painting:
    """Paint the content in the style of the styles (Gatys et al. 2015), step by step.

    `recipe` replaces that of the settings. `failures` counts the attempts before this one that
    perhaps took too much memory. `should_stop` is looked at between layers and tiles: when it turns
    true, the step under way is abandoned and the iterator ends; if no step was finished, it first
    gives the start (or the state that it resumed from). `device` is the network's; naming another
    is an InvalidInput.

    Raises InvalidInput for inputs that cannot be painted, a state that is not of this run, or a
    painting that diverges, and OutOfMemory when even smaller tiles did not or would not fit.
    """
    if device is not None and not _same(torch.device(device), network.device):
        raise InvalidInput(f"The network is on {network.device}, not on {device}.")
    options, recipe = options or Options(), recipe or RECIPES[settings.recipe]
    if settings.seed is None:
        drawn = secrets.randbelow(MAX_SEED + 1) if resume is None else resume.settings.seed
        settings = settings.replace(seed=drawn)
    longest = max(canvas_size(inputs, settings, options))
    stages = recipe.stages(longest, settings.iterations)
    run = Run(inputs, settings, options, recipe, network, stages, should_stop)
    plan = planned(run, resume, failures)
    if plan.tile is not None:
        return_large_blocks()
    return Painting(run, plan, resume)


def _begin(run: Run, plan: Plan) -> State:
    """The state before the first step; its fingerprint is that of the pictures in full size."""
    first, whole = run.canvas(0), run.canvas(-1)
    given = run.settings, run.options, run.recipe, run.network
    image = starting_picture(first, *given)
    return State(
        step=0,
        image=image,
        losses=UNKNOWN,
        best=image,
        best_losses=UNKNOWN,
        memory=run.optimizer(plan).begin(image),
        settings=run.settings,
        options=run.options,
        fingerprint=f"{whole.fingerprint()}-{run.network.fingerprint}",
        network=run.network.architecture.name,
        plan={"device": run.network.device.type, **plan.facts()},
    )


def _steps(painter: Painter, begin: State) -> Generator[Step]:
    run, state, replans = painter.run, begin, 0
    size, content = run.canvas(-1).size, run.canvas(-1).content_image
    step = partial(Step, _size=size, _content=content, stages=len(run.stages))
    while state.step < run.settings.iterations:
        try:
            following = _attempt(partial(painter.step, state))
        except OutOfMemory:
            replans += 1
            if replans > MOST_REPLANS:
                raise
            painter.replan(smaller(run, painter.plan))
            return_large_blocks()
            state = replace(state, plan={**state.plan, **painter.plan.facts()})
            continue
        if following is None:
            break
        state = following
        yield step(state)
    if state.step == begin.step:
        yield step(begin)


def _attempt(work: Callable[[], Result]) -> Result | None:
    """The result of the work, or None when it was stopped. Raises OutOfMemory."""
    try:
        return work()
    except Cancelled:
        return None
    except (torch.OutOfMemoryError, MemoryError):
        pass
    except RuntimeError as error:
        if not any(words in str(error) for words in CPU_OUT_OF_MEMORY):
            raise
    # Outside the except block: there, the traceback would keep the tensors of the work alive.
    raise OutOfMemory("The picture is too large for the device's memory.")


def _same(one: torch.device, other: torch.device) -> bool:
    return one.type == other.type and (one.index or 0) == (other.index or 0)
