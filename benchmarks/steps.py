"""Seconds a step and peak memory of runs: `python -m benchmarks.steps 256 512 [--tile 256]`."""

from __future__ import annotations

import argparse
import multiprocessing
import os
import resource
import statistics
import time
from itertools import islice, pairwise
from pathlib import Path

from engine.children import WAIT_POLICY

EXAMPLES = Path(__file__).parents[1] / "examples"


def measure(edge: int, tile: int | None, steps: int, device: str) -> str:
    """Paint a square of `edge` px for some steps; a line of the median time and the peak memory."""
    from engine.images import load
    from engine.networks import load_network
    from engine.settings import Settings
    from engine.stylize import Inputs, Options, StylePicture, stylize

    pictures = load(EXAMPLES / "2-content.jpg"), load(EXAMPLES / "2-style1.jpg")
    inputs = Inputs(pictures[0], (StylePicture(pictures[1]),))
    options = Options(size=(edge, edge), tile=tile)
    run = stylize(
        inputs, Settings(seed=1, iterations=steps + 1), load_network(device=device), options=options
    )
    next(run)  # the first step also measures the content and the style
    times = [time.perf_counter()]
    times.extend(time.perf_counter() for _ in islice(run, steps))
    seconds = statistics.median(after - before for before, after in pairwise(times))
    gigabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    return f"{edge} px, tile {tile}: {seconds:.2f} s a step, {gigabytes:.2f} GB at most"


def main() -> None:
    """Measure what the arguments name."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("edges", type=int, nargs="*", default=[256, 384, 512], help="px")
    parser.add_argument("--tile", type=int, help="px")
    parser.add_argument("--steps", type=int, default=8)
    parser.add_argument("--device", default="cpu")
    arguments = parser.parse_args()
    os.environ.setdefault(*WAIT_POLICY)
    orders = [(e, arguments.tile, arguments.steps, arguments.device) for e in arguments.edges]
    # Each in a process of its own, for its own peak.
    with multiprocessing.get_context("spawn").Pool(1, maxtasksperchild=1) as pool:
        for order in orders:
            print(pool.apply(measure, order), flush=True)


if __name__ == "__main__":
    main()
