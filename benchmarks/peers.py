"""Easel beside others: `python -m benchmarks.peers [--seconds 60] [--pairs 5]`.

Two comparisons. One is the seconds a gradient of Easel, of the original program in plain PyTorch
(`benchmarks/port.py`) and of pastiche 1.6.0; the other what Easel and pastiche, set to the same
objective, reach in the same time, for both kinds of pictures in `benchmarks/programs.py`. Tables
in Markdown go to stdout, progress to stderr. It needs `pip install -e '.[bench,bot,engine]'` and a
machine with nothing else to do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from benchmarks.pairs import read_pairs
from benchmarks.plan import Plan, comparison_parser, longest_side
from benchmarks.port import Port
from benchmarks.programs import ORIGINAL, Easel, Pastiche, agree, judged, paint
from benchmarks.tables import print_table, tell
from benchmarks.timing import WARM_UP, medians
from engine.networks import load_network

GRADIENTS = "px | program | precision | seconds a gradient | times the first row's"
RIVALRY = "pair | s | steps, Easel : pastiche | held | lower | saved | lower"


@dataclass(frozen=True, slots=True)
class PeersPlan(Plan):
    """What the arguments ask for; `main` says what each is."""

    seconds: float
    sizes: list[int]


def gradients(size: int, plan: PeersPlan) -> list[str]:
    """Rows of the seconds a step of each program, the programs taking turns in one process.

    A step of each is one gradient.
    """
    [pair] = read_pairs(size, 1)
    settings, network = plan.settings(pair, iterations=10 * (WARM_UP + plan.rounds)), load_network()
    steps: dict[str, Callable[[], object]] = {}
    for recipe in dict.fromkeys((plan.recipe, ORIGINAL)):
        easel = Easel(pair, settings.replace(recipe=recipe), network)
        easel.refine()
        steps[f"Easel, recipe {recipe} | {easel.precision()}"] = easel.step
    port = Port(pair.content, [pair.style], settings)
    steps["original program in PyTorch | float32"] = port.step
    steps["pastiche | float32"] = Pastiche(pair, settings).step
    times = medians(steps, plan.rounds)
    first = next(iter(times.values()))
    width, height = pair.content.size
    return [
        f"| {width} x {height} | {name} | {seconds:.3f} | {seconds / first:.2f} |"
        for name, seconds in times.items()
    ]


def rivalry(number: int, plan: PeersPlan) -> list[str]:
    """Rows of what Easel and pastiche reach, one after the other, in half the time and in all.

    The clock runs during steps only. Loading the weights is on nobody's, measuring photo and style
    on Easel's alone; a step under way when the time is up is finished.
    """
    pair, network = read_pairs(plan.size)[number], load_network()
    settings = plan.settings(pair, tv_weight=0)
    judge = Port(pair.content, [pair.style], settings)
    agree(pair, settings, network, judge)
    marks = plan.seconds / 2, plan.seconds
    reached = []
    for painter in (Easel(pair, settings, network), Pastiche(pair, settings)):
        tell(f"{pair.name}: {type(painter).__name__} for {plan.seconds:g} s")
        reached.append([(steps, judged(painter, judge)) for steps in paint(painter, marks)])
    rows = []
    for mark, (our_steps, ours), (their_steps, theirs) in zip(marks, *reached, strict=True):
        cells = [_versus(ours[kind], theirs[kind]) for kind in ours]
        rows.append(
            f"| {pair.name} | {mark:g} | {our_steps} : {their_steps} | {' | '.join(cells)} |"
        )
    return rows


def _versus(ours: float, theirs: float) -> str:
    lower = "Easel" if ours < theirs else "pastiche"
    return f"{ours:.4g} : {theirs:.4g} | {lower}, {abs(1 - ours / theirs):.1%}"


def main() -> None:
    """Compare what the arguments name."""
    parser = comparison_parser(__doc__)
    add = parser.add_argument
    add("--seconds", type=float, default=60, help="for Easel and for pastiche, on each pair")
    sizes = [384, 512]
    add("--sizes", type=longest_side, nargs="*", default=sizes, help="px, for the gradients")
    plan = PeersPlan(**vars(parser.parse_args()))
    print_table(GRADIENTS, gradients, plan.sizes, plan)
    print_table(RIVALRY, rivalry, range(plan.pairs), plan)


if __name__ == "__main__":
    main()
