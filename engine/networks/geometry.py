"""How far each layer looks, how large it is, and what it costs: from the network's own structure.

Along either axis the feature with index i of a layer sees the pixels from i · stride - before to
i · stride + after, both included (Araujo, Norris and Sim, "Computing Receptive Fields of
Convolutional Neural Networks", 2019, with both ends kept apart). Nothing here needs torch.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass
from fractions import Fraction

from engine.networks.graph import GLOBAL, WEIGHTED, Graph, Node

# Of tiles, at least: that of VGG-19, so that one edge of tiles suits nearly every network.
LEAST_ALIGNMENT = 16
MOST_SMALLEST = 512  # px, of any network's smallest input


@dataclass(frozen=True, slots=True)
class Field:
    """What one axis of a layer sees; `everywhere` when that is the whole picture."""

    stride: Fraction = Fraction(1)
    before: Fraction = Fraction(0)
    after: Fraction = Fraction(0)
    everywhere: bool = False

    @property
    def reach(self) -> int:
        """How far, in pixels, it looks beyond its own cell of the image, on the worse side."""
        return math.ceil(max(self.before, self.after - self.stride + 1))

    @property
    def pixels(self) -> int:
        """The receptive field."""
        return math.ceil(self.before + self.after + 1)


class Geometry:
    """The measures of a graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._fields: dict[str, tuple[Field, Field]] = {}
        for name, node in graph.nodes.items():
            given = [self._fields[x] for x in node.inputs]
            vertical = _field(node, [pair[0] for pair in given], 0)
            self._fields[name] = vertical, _field(node, [pair[1] for pair in given], 1)
        self._sizes: dict[tuple[int, int], dict[str, int]] = {}
        self._smallest: dict[frozenset[str], int] = {}

    def stride(self, layer: str) -> int:
        """Pixels of the image for one step of a layer's features, along either side."""
        return int(self._of(layer)[0].stride)

    def reach(self, layer: str) -> int:
        """How far, in pixels, a feature looks beyond its own cell of the image."""
        return max(field.reach for field in self._of(layer))

    def receptive_field(self, layer: str) -> int | None:
        """The edge of the square that a feature sees, in pixels; None for the whole picture."""
        fields = self._of(layer)
        return None if fields[0].everywhere else max(field.pixels for field in fields)

    def shift(self, layer: str) -> int:
        """Pixels from the start of a feature's cell at index · stride to where it really looks."""
        field = self._of(layer)[0]
        return math.floor((field.after - field.before - field.stride + 1) / 2)

    def alignment(self, layers: Collection[str]) -> int:
        """What a tile's edges are a multiple of, in pixels, so that no stride straddles tiles."""
        strides = [self._fields[node.name][0].stride for node in self.graph.up_to(layers)]
        return max(LEAST_ALIGNMENT, *map(int, strides))

    def halo(self, layers: Collection[str]) -> int:
        """What a tile sees around itself, in pixels: its features are those of the whole picture.

        It is also no smaller than the smallest picture that the layers exist for.
        """
        step = self.alignment(layers)
        widest = max(self.smallest(layers) - 1, *(self.reach(layer) for layer in layers), 0)
        return -(-widest // step) * step

    def sees_everything(self, layers: Collection[str]) -> list[str]:
        """Those of the layers that need the whole picture, so that it cannot be tiled."""
        return [layer for layer in layers if self._of(layer)[0].everywhere]

    def deepest(self, layers: Collection[str]) -> str:
        """The last of the layers, where the network may be cut."""
        return max(layers, key=self.graph.depth)

    def cells(self, layer: str, pixels: int, axis: int) -> int:
        """How many features a layer has along an axis (0 for the height) of so many pixels."""
        return self._along(pixels, axis)[self.graph.layers[layer]]

    def smallest(self, layers: Collection[str]) -> int:
        """The smallest side, in pixels, for which every layer up to these has a feature."""
        key = frozenset(layers)
        if key in self._smallest:
            return self._smallest[key]
        names = [node.name for node in self.graph.up_to(layers)]
        low, high = 0, MOST_SMALLEST  # sizes only grow with the picture
        while high - low > 1:
            middle = (low + high) // 2
            along = [self._along(middle, axis) for axis in (0, 1)]
            exists = all(sizes[name] > 0 for sizes in along for name in names)
            low, high = (low, middle) if exists else (middle, high)
        self._smallest[key] = high
        return high

    def multiplications(self, layers: Collection[str]) -> float:
        """Multiply-accumulates for a pixel of the image, up to these layers."""
        total = 0.0
        for node in self.graph.up_to(layers):
            if node.kind in WEIGHTED and not self._fields[node.name][0].everywhere:
                at = node.inputs[0] if node.kind == "deconv" else node.name
                total += math.prod(node.shapes["weight"]) * self._density(at)
        return total

    def elements(self, node: Node) -> float:
        """Numbers in the output of a node for a pixel of the image."""
        if self._fields[node.name][0].everywhere:
            return 0.0
        return node.channels * self._density(node.name)

    def _of(self, layer: str) -> tuple[Field, Field]:
        return self._fields[self.graph.layers[layer]]

    def _density(self, name: str) -> float:
        return float(1 / self._fields[name][0].stride ** 2)

    def _along(self, pixels: int, axis: int) -> dict[str, int]:
        """The number of features of every node along an axis, 0 or less where there is none."""
        if (pixels, axis) not in self._sizes:
            sizes: dict[str, int] = {}
            for name, node in self.graph.nodes.items():
                sizes[name] = _size(node, [sizes[x] for x in node.inputs], axis, pixels)
            self._sizes[pixels, axis] = sizes
        return self._sizes[pixels, axis]


def _field(node: Node, given: list[Field], axis: int) -> Field:
    """What a node sees along an axis, from what its inputs see."""
    if not given:
        return Field()
    first = given[0]
    before, after = (max(getattr(f, end) for f in given) for end in ("before", "after"))
    if node.kind in GLOBAL or any(field.everywhere for field in given):
        return Field(first.stride, before, after, everywhere=True)
    kernel, padding = node.kernel[axis], node.padding[axis]
    if node.kind == "deconv":
        stride = first.stride / node.stride
        return Field(
            stride, first.before + (kernel - 1 - padding) * stride, first.after + padding * stride
        )
    if node.kind == "unpool":
        stride = first.stride / node.stride
        pair = given[:2]  # what is only as large as the result is not looked at
        before, after = (max(getattr(f, end) for f in pair) for end in ("before", "after"))
        return Field(stride, before + (node.stride - 1) * stride, after)
    span = node.dilation * (kernel - 1) - padding
    return Field(
        first.stride * node.stride, before + padding * first.stride, after + span * first.stride
    )


def _size(node: Node, given: list[int], axis: int, pixels: int) -> int:
    """How many features a node has along an axis."""
    if not given:
        return pixels
    if min(given) < 1:
        return 0
    size, kernel, padding = min(given), node.kernel[axis], node.padding[axis]
    if node.kind == "linear":
        return 1
    if node.kind == "global":
        return kernel
    if node.kind == "deconv":
        return min((given[0] - 1) * node.stride - 2 * padding + kernel + 1, given[1])
    if node.kind == "unpool":
        return given[2]
    room = size + 2 * padding - node.dilation * (kernel - 1) - 1
    if room < 0 and not node.ceil:
        return 0
    if not node.ceil:
        return room // node.stride + 1
    if node.kind == "conv":
        return (room + (-size % node.stride)) // node.stride + 1
    cells = -(-room // node.stride) + 1
    # A window has to begin within the features or their near padding.
    return cells - 1 if (cells - 1) * node.stride >= size + padding else cells
