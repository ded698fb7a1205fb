"""Easel to where the original program comes: `python -m benchmarks.race [--pairs 5] [--recipes]`.

How soon Easel, with the original program's settings, is where that program is after its iterations.
With `--recipes` instead: where the recipes come with settings of their own, `draft` in 10 s at most
and `fine` in all its steps, however long they take. The objective is the original program's; the
pictures are of the kinds in `benchmarks/programs.py`. Tables in Markdown go to stdout, progress to
stderr. It needs `pip install -e '.[bench,bot,engine]'` and a machine with nothing else to do.
`--cache` keeps where the original program's iterations lead, for they take by far the longest.
"""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch

from benchmarks.pairs import Pair, read_pairs
from benchmarks.plan import SEED, Plan, comparison_parser, step_count
from benchmarks.port import Port, to_tensor
from benchmarks.programs import ORIGINAL, Easel, Painter, judged
from benchmarks.tables import print_table, tell
from benchmarks.timing import medians, timed
from engine.files import write_whole
from engine.networks import load_network
from engine.settings import preset

LOOKS = 0.05  # of the time so far passes between two looks at a picture
LIMITS = {"draft": 10.0, "fine": math.inf}  # seconds of steps

RACE = "pair | iterations | picture | objective | port, s | Easel, steps | s | times faster"
RECIPES = "pair | recipe | steps | s | objective, saved | the original program's | after | lower"


@dataclass(frozen=True, slots=True)
class RacePlan(Plan):
    """What the arguments ask for; `main` says what each is."""

    seed_iterations: list[int]
    precision: str
    start: str
    cache: Path | None
    recipes: bool


@dataclass(frozen=True, slots=True)
class Target:
    """The objective of the original program's picture after some iterations, held or saved."""

    iterations: int
    kind: str
    objective: float


def race(number: int, plan: RacePlan) -> list[str]:
    """Rows of the seconds after which Easel is where the original program's iterations lead.

    Those of the original program are the port's: as many times its median step. A dash stands
    where Easel took longer than that for the most iterations.
    """
    pair = read_pairs(plan.size)[number]
    settings = plan.settings(pair, start=plan.start)
    port = Port(pair.content, [pair.style], settings)
    # As it is held: clipping to bytes adds a loss that neither program works on.
    targets = [target for target in seed_targets(pair, plan, port) if target.kind == "held"]
    each = medians({"port": port.step}, plan.rounds)["port"]
    tell(f"{pair.name}: Easel, {plan.recipe}, to where the original program came")
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


def recipes(number: int, plan: RacePlan) -> list[str]:
    """Rows of where each recipe comes as a person gets it, with its own settings, and how soon.

    Beside it stands the picture of the original program after the fewest iterations asked for.
    """
    pair, network = read_pairs(plan.size)[number], load_network()
    judge = Port(pair.content, [pair.style], plan.settings(pair))
    saved = [target for target in seed_targets(pair, plan, judge) if target.kind == "saved"]
    theirs = min(saved, key=lambda target: target.iterations)
    rows = []
    for recipe, limit in LIMITS.items():
        tell(f"{pair.name}: Easel, {recipe}, with its own settings")
        settings = preset(recipe).replace(image_size=max(pair.content.size), seed=SEED)
        easel = Easel(pair, settings, network)
        steps, seconds = finish(easel, limit)
        ours = judge.losses(to_tensor(easel.finished())).total
        lower = "Easel" if ours < theirs.objective else "the original program"
        rows.append(
            f"| {pair.name} | {recipe} | {steps} of {settings.iterations} | {seconds:.1f} "
            f"| {ours:.4g} | {theirs.objective:.4g} | {theirs.iterations} | {lower} |"
        )
    return rows


def seed_targets(pair: Pair, plan: RacePlan, judge: Port) -> list[Target]:
    """Where the original program's iterations lead, from noise; from the cache, if it is there."""
    file = None if plan.cache is None else plan.cache / "seed.json"
    key = f"{pair.name}, {plan.size} px, {plan.precision}, {plan.seed_iterations}"
    known = _read(file)
    if key not in known:
        found = [asdict(target) for target in _run_original(pair, plan, judge)]
        known = {**_read(file), key: found}  # read again: another may have added its own meanwhile
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_whole(file, json.dumps(known, indent=1).encode())
    return [Target(**target) for target in known[key]]


def _run_original(pair: Pair, plan: RacePlan, judge: Port) -> list[Target]:
    network, last = load_network(dtype=getattr(torch, plan.precision)), max(plan.seed_iterations)
    settings = plan.settings(pair, recipe=ORIGINAL, start="noise", iterations=last)
    painter, targets = Easel(pair, settings, network), []
    for iteration in range(1, last + 1):
        painter.step()
        if iteration % 100 == 0:
            tell(f"{pair.name}: iteration {iteration} of the original program")
        if iteration in plan.seed_iterations:
            now = judged(painter, judge)
            targets += [Target(iteration, kind, value) for kind, value in now.items()]
    return targets


def reach(
    painter: Painter, targets: Sequence[Target], judge: Port, limit: float
) -> dict[Target, tuple[int, float]]:
    """Steps and seconds until the picture is first seen below each target, for `limit` s at most.

    Looking at it takes none of those seconds; between two looks pass 5 % of the time so far.
    """
    found: dict[Target, tuple[int, float]] = {}
    clock, steps, due = 0.0, 0, 0.0
    with suppress(StopIteration):
        while clock < limit and len(found) < len(targets):
            clock += timed(painter.step)
            steps += 1
            if clock >= due:
                due = clock * (1 + LOOKS)
                now = judged(painter, judge)
                below = [t for t in targets if t not in found and now[t.kind] < t.objective]
                found |= dict.fromkeys(below, (steps, clock))
    return found


def finish(painter: Painter, limit: float) -> tuple[int, float]:
    """Let it paint to its end; its steps and their seconds.

    It ends early where one more step, if it takes as long as the last, would pass the limit.
    """
    clock, last, steps = 0.0, 0.0, 0
    with suppress(StopIteration):
        while clock + last <= limit:
            last = timed(painter.step)
            clock += last
            steps += 1
    return steps, clock


def _read(file: Path | None) -> dict[str, list[dict[str, Any]]]:
    known = {} if file is None or not file.exists() else json.loads(file.read_text())
    return dict(known)


def main() -> None:
    """Run the race that the arguments name."""
    parser = comparison_parser(__doc__)
    add = parser.add_argument
    after = [100, 1000]
    theirs = "the original program's iterations"
    add("--seed-iterations", type=step_count, nargs="+", default=after, help=theirs)
    add("--precision", default="float32", choices=["float32", "float64"], help=f"of {theirs}")
    add("--start", default="content", choices=["content", "noise"], help="Easel's")
    add("--cache", type=Path, help="folder that keeps where those iterations lead")
    add("--recipes", action="store_true", help="recipes with settings of their own instead")
    plan = RacePlan(**vars(parser.parse_args()))
    heads, task = (RECIPES, recipes) if plan.recipes else (RACE, race)
    print_table(heads, task, range(plan.pairs), plan)


if __name__ == "__main__":
    main()
