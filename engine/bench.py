"""`python -m engine bench`: what runs take on this machine, beside what was foretold.

Every run is painted in a process of its own, for its own peak of memory, from noise: what a picture
shows changes nothing. Sizes and numbers of steps are others than those that the speed is measured
with.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from PIL import Image

from engine.devices import cpu_threads
from engine.errors import EngineError, InvalidInput
from engine.forecast import Speed
from engine.memory import GIGABYTE
from engine.networks import Network, load_network
from engine.options import Options
from engine.order import device_named
from engine.recipes import RECIPES
from engine.settings import Settings, preset
from engine.speed import measured
from engine.stylize import Inputs, Painting, StylePicture, stylize

Result = TypeVar("Result")
HEADS = "recipe | px | tile | precision | s a step | s, foretold | s | GB, foretold | GB"


@dataclass(frozen=True, slots=True)
class Trial:
    """A square picture to paint on a device."""

    settings: Settings
    options: Options
    device: torch.device


def main(argv: Sequence[str]) -> int:
    """Measure what the arguments name and print a table in Markdown; returns the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        trials = _trials(arguments)
        _write(f"| {HEADS} |\n|{'---|' * len(HEADS.split('|'))}")
        speeds: dict[str, Speed] = {}
        for trial in trials:
            recipe = trial.settings.recipe
            if recipe not in speeds:
                speeds[recipe] = _alone(speed_for, trial)
            _write(_alone(row, trial, speeds[recipe]))
    except EngineError as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, InvalidInput) else 1
    return 0


def _trials(arguments: argparse.Namespace) -> list[Trial]:
    """All of them, checked before the first. Raises InvalidInput."""
    device = device_named(arguments.device)
    given = {name: getattr(arguments, name) for name in ("tile", "memory")}
    return [
        Trial(
            preset(recipe).replace(iterations=arguments.steps, seed=0),
            Options(size=(edge, edge), **given),
            device,
        )
        for recipe in arguments.recipes
        for edge in arguments.edges
    ]


def speed_for(trial: Trial) -> Speed:
    """That of the device as a trial uses it. Raises EngineError."""
    painting, network = _begun(trial)
    return measured(network, painting.plan.precision)


def row(trial: Trial, speed: Speed) -> str:
    """Paint a trial; its row of the table. Raises EngineError."""
    painting, network = _begun(trial)
    began = time.perf_counter()
    times = [began, *(time.perf_counter() for _ in painting)]
    cells = (
        trial.settings.recipe,
        str(painting.work.size[0]),
        str(painting.plan.tile or "whole"),
        painting.plan.precision,
        f"{(times[-1] - times[1]) / max(1, len(times) - 2):.3f}",
        f"{speed.seconds(painting.work):.1f}",
        f"{times[-1] - began:.1f}",
        f"{painting.bytes / GIGABYTE:.2f}",
        f"{_peak_bytes(network.device) / GIGABYTE:.2f}",
    )
    return f"| {' | '.join(cells)} |"


def _begun(trial: Trial) -> tuple[Painting, Network]:
    if trial.device.type == "cpu":
        torch.set_num_threads(cpu_threads())
    network, size = load_network(device=trial.device), trial.options.size
    assert size is not None
    inputs = Inputs(_noise(1, size), (StylePicture(_noise(2, size)),))
    return stylize(inputs, trial.settings, network, options=trial.options), network


def _alone(work: Callable[..., Result], *arguments: object) -> Result:
    """The result of some work in a process of its own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(work, arguments)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine bench", description=__doc__)
    add = parser.add_argument
    add("edges", type=int, nargs="*", default=[256, 512, 768], help="px")
    add("--recipes", nargs="+", choices=RECIPES, default=["fine", "gatys"])
    add("--steps", type=int, default=12)
    add("--tile", type=int, metavar="PX")
    add("--memory", type=float, metavar="GB", help="what each process may take")
    add("--device", default="auto")
    return parser


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def _noise(seed: int, size: tuple[int, int]) -> Image.Image:
    width, height = size
    values = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(values)


def _peak_bytes(device: torch.device) -> float:
    """The most that this process ever held, on the device that it painted on."""
    if device.type == "cuda":
        return float(torch.cuda.max_memory_allocated(device))
    return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024)
