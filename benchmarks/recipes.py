"""What each choice of a recipe is worth: `python -m benchmarks.recipes FOLDER --seconds 20 NAME…`.

Every variant paints every pair for the same time; the seed's own objective, in float32, is the
yardstick, printed as a Markdown table; the pictures go to the folder, and side by side to
`sheet.jpg` in it.
"""

from __future__ import annotations

import argparse
import sys
import time
from dataclasses import replace
from pathlib import Path

import torch

from benchmarks.pairs import Pair, read_pairs
from benchmarks.port import Port
from benchmarks.sheet import write_sheet
from engine.inputs import to_image
from engine.networks import Vgg19, load_network
from engine.recipes import RECIPES, Recipe
from engine.settings import Settings
from engine.stylize import Inputs, StylePicture, stylize

FINE = RECIPES["fine"]
PLAIN = Recipe(optimizer="lbfgs", matched=True, jitter=2.0)
START = {"start": "content"}
DECAY = 0.95
VARIANTS: dict[str, tuple[Recipe, dict[str, float | str]]] = {
    "fine": (FINE, dict(FINE.preset)),
    "plain": (PLAIN, START),
    "adam": (replace(PLAIN, optimizer="adam"), START),
    "averaged": (replace(PLAIN, optimizer="adam"), START),  # and the mean of the last steps
    "unmatched": (replace(PLAIN, matched=False), START),
    "noise": (replace(PLAIN, matched=False), {"start": "noise"}),
    "pyramid": (replace(PLAIN, coarse=192), START),
    "replicate": (replace(PLAIN, padding="replicate"), START),
    "average": (PLAIN, {**START, "pooling": "avg"}),
    "layers": (PLAIN, {**START, "style_layer_weight_exp": 0.5, "style_weight": 300.0}),
    "flat": (replace(FINE, coarse=None), dict(FINE.preset)),  # differs from 768 px up
    "painterly": (
        replace(PLAIN, coarse=192, padding="replicate"),
        {**START, "style_layer_weight_exp": 0.5, "style_weight": 300.0},
    ),
    "deviation": (replace(PLAIN, style_loss="deviation"), START),
    **{
        f"wasserstein-{weight}": (
            replace(PLAIN, style_loss="wasserstein"),
            {**START, "style_layer_weight_exp": 0.25, "style_weight": float(weight)},
        )
        for weight in (5, 50, 500, 5000)
    },
}


def main() -> None:
    """Paint, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("names", nargs="*", default=list(VARIANTS), metavar="NAME")
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--size", type=int, default=384)
    parser.add_argument("--pairs", type=int, default=3)
    parser.add_argument("--rate", type=float, default=3.0, help="steps a second, for pyramids")
    given = parser.parse_args()
    given.folder.mkdir(parents=True, exist_ok=True)
    network, pairs = load_network(), read_pairs(given.size, given.pairs)
    sys.stdout.write("| variant | " + " | ".join(p.name for p in pairs) + " |\n")
    sys.stdout.write("|---" * (1 + len(pairs)) + "|\n")
    for name in given.names:
        cells = [_paint(name, pair, network, given) for pair in pairs]
        sys.stdout.write(f"| {name} | {' | '.join(cells)} |\n")
        sys.stdout.flush()
    rows = [(pair, [_path(given.folder, pair, name) for name in given.names]) for pair in pairs]
    write_sheet(given.folder / "sheet.jpg", given.names, rows)


def _paint(name: str, pair: Pair, network: Vgg19, given: argparse.Namespace) -> str:
    recipe, changes = VARIANTS[name]
    steps = round(given.seconds * given.rate)
    settings = Settings(image_size=given.size, seed=1, iterations=steps).replace(**changes)
    began, mean = time.monotonic(), torch.zeros(())
    for step in stylize(
        Inputs(pair.content, (StylePicture(pair.style),)), settings, network, recipe=recipe
    ):
        if name == "averaged":
            mean = DECAY * mean + (1 - DECAY) * step.state().image
        if time.monotonic() - began > given.seconds:
            break
    image, picture = step.state().image, step.best()
    if name == "averaged":
        image = mean / (1 - DECAY**step.step)
        picture = to_image(image)
    picture.save(_path(given.folder, pair, name))
    judge = Port(pair.content, [pair.style], Settings(start="content", seed=1))
    if image.shape != judge.image.shape:
        return f"- ({step.step})"
    return f"{judge.losses(image).total / 1000:.0f}k ({step.step})"


def _path(folder: Path, pair: Pair, name: str) -> Path:
    return folder / f"{pair.name.replace(', ', '-')}-{name}.png"


if __name__ == "__main__":
    main()
