"""`python -m engine networks`: what there is to look through, and what each of them costs here."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from engine.errors import EngineError, InvalidInput
from engine.networks.graph import WEIGHTED
from engine.networks.loading import load_network, weights_of
from engine.networks.registry import NETWORKS, Architecture, architecture
from engine.options import Options
from engine.order import device_named
from engine.settings import preset
from engine.stylize import Inputs, StylePicture, stylize

HEADS = (
    "network", "name", "layers", "parameters", "GMAC a megapixel", "reach, px", "smallest, px",
    "steps a second", "weights",
)  # fmt: skip
SEEDS = (1, 2)


def main(argv: Sequence[str]) -> int:
    """Print the table in Markdown; returns the exit code."""
    arguments = _parser().parse_args(argv)
    try:
        networks = [architecture(name) for name in arguments.names or NETWORKS]
        arguments.device = device_named(arguments.device)
        if arguments.steps < 0 or not 64 <= arguments.size <= 2048:
            raise InvalidInput("The size is 64 to 2048 px, and steps are 0 or more.")
        _write(f"| {' | '.join(HEADS)} |\n|{'---|' * len(HEADS)}")
        for network in networks:
            _write(f"| {' | '.join(_cells(network, arguments))} |")
        _write("\nReceptive fields in px, of the layers that a painting looks at in **bold**:\n")
        for network in networks:
            _write(f"- {network.title}: {fields(network)}")
    except EngineError as error:
        sys.stderr.write(f"{error}\n")
        return 2 if isinstance(error, InvalidInput) else 1
    return 0


def fields(network: Architecture) -> str:
    """The receptive field of each named layer, in words."""
    parts = []
    for layer in network.graph.layers:
        pixels = network.geometry.receptive_field(layer)
        name = f"**{layer}**" if layer in network.layers else layer
        parts.append(f"{name} {'everything' if pixels is None else pixels}")
    return ", ".join(parts)


def _cells(network: Architecture, arguments: argparse.Namespace) -> tuple[str, ...]:
    """One row; the costs are those up to the deepest layer that a painting looks at."""
    geometry, nodes = network.geometry, network.graph.nodes.values()
    rate, source = _rate(network, arguments)
    return (
        network.title,
        network.name,
        str(sum(node.kind in WEIGHTED for node in nodes)),
        f"{network.graph.parameters:,}",
        f"{geometry.multiplications(network.layers) / 1e3:.1f}",
        str(max(geometry.reach(layer) for layer in network.layers)),
        str(network.smallest),
        rate,
        source,
    )


def _rate(network: Architecture, arguments: argparse.Namespace) -> tuple[str, str]:
    """The steps of `fine` a second, after one that warms up, and whose weights they were with."""
    path = weights_of(network.name, arguments.models)
    if not arguments.steps:
        return "", network.origin if path is None else path.name
    loaded = load_network(path, network=network.name, device=arguments.device)
    size = (arguments.size, arguments.size)
    settings = preset("fine").replace(iterations=arguments.steps + 1, seed=0)
    content, style = (_noise(seed, size) for seed in SEEDS)
    given = Inputs(content, (StylePicture(style),))
    steps = stylize(given, settings, loaded, options=Options(size=size))
    next(steps)
    began = time.perf_counter()
    taken = sum(1 for _ in steps)
    return f"{taken / (time.perf_counter() - began):.2f}", loaded.source


def _noise(seed: int, size: tuple[int, int]) -> Image.Image:
    width, height = size
    values = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    return Image.fromarray(values)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m engine networks", description=__doc__)
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help=f"of {', '.join(NETWORKS)}; all without")
    add("--size", type=int, default=256, metavar="PX", help="of the paintings that are timed (256)")
    add("--steps", type=int, default=6, help="that are timed (6); 0 times nothing")
    add("--models", type=Path, default=Path("models"), metavar="FOLDER", help="with weights")
    add("--device", default="auto")
    return parser


def _write(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()
