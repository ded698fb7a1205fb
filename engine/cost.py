"""What a run will take, known before it starts: seconds and bytes.

Both grow with the pixels that the network looks at. What a pixel costs in time is measured once on
a device (`engine.speed`); what it costs in memory follows from the layers. Nothing here needs
torch, and nothing is measured.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from engine.networks.graph import IMAGE, WEIGHTED, Node
from engine.networks.registry import Architecture
from engine.recipes import Stage
from engine.settings import Settings
from engine.tiles import VGG19, cut

FORWARD = 0.5  # of a step's time; the rest is the way back
IMAGE_BYTES = 12  # a pixel: three float32
INDEX_BYTES = 8  # an element of what a maximum remembers
# Pictures as large as the painting that are alive at the worst moment, the optimizer's besides:
# content, painting before and after a step, the best one, gradient, and the optimizer's scratch.
IMAGES = 12
SLACK = 1.15  # what the allocator loses between blocks; with tiles it gives large ones back


@dataclass(frozen=True, slots=True)
class Work:
    """What a run computes: its stages at a full `size` (W, H) in px, in tiles of an edge or whole.

    `styles` are the sizes of the style pictures at full size, `layers` those that the losses ask
    for, `content` those of the content.
    """

    size: tuple[int, int]
    stages: tuple[Stage, ...]
    styles: tuple[tuple[int, int], ...]
    layers: tuple[str, ...]
    content: tuple[str, ...] = ()
    tile: int | None = None
    network: Architecture = VGG19

    def pixels(self) -> float:
        """All pixels that are looked at, forth and back, from the first step to the last."""
        total = 0.0
        for stage in self.stages:
            area = stage.share**2
            once = FORWARD * area * sum(map(math.prod, (self.size, *self.styles)))
            total += once + (stage.last - stage.first + 1) * self.step_pixels(stage.share)
        return total + FORWARD * math.prod(self.size)

    def step_pixels(self, share: float = 1.0) -> float:
        """Those of one step at a share of the sides; tiles are seen twice, and with their halos."""
        width, height = (max(1, round(side * share)) for side in self.size)
        seen = self.seen(width, height)
        return seen[0] if len(seen) == 1 else (1 + FORWARD) * sum(seen)

    def seen(self, width: int, height: int) -> list[int]:
        """The pixels that each tile of a picture is computed from."""
        tiles = cut(height, width, self.tile, self.layers, self.network)
        return [tile.seen.pixels for tile in tiles]

    @property
    def steps(self) -> int:
        """How many there are."""
        return self.stages[-1].last


def work_for(
    settings: Settings,
    size: tuple[int, int],
    styles: tuple[tuple[int, int], ...],
    stages: tuple[Stage, ...],
    *,
    has_content: bool = True,
    network: Architecture = VGG19,
) -> Work:
    """What the settings make of a painting of a size, whole, with styles of these sizes."""
    content: tuple[str, ...] = ()
    if has_content and settings.content_weight:
        content = tuple(network.content_blend(settings.content_weight_blend))
    layers = (*network.style, *content)
    return Work(size, stages, styles, layers, content, network=network)


def peak_bytes(work: Work, element: int, buffers: int) -> float:
    """Bytes that a run needs at most, over those of the program with its network.

    `element` is the bytes of a feature (2 in bfloat16), `buffers` the number of pictures that the
    optimizer keeps.
    """
    width, height = work.size
    area, network = width * height, work.network
    largest = max(work.seen(width, height)) * per_pixel(work.layers, element, network)
    pictures = (IMAGES + buffers) * IMAGE_BYTES * area
    pictures += IMAGE_BYTES * sum(map(math.prod, work.styles))
    nodes = [network.graph.nodes[network.graph.layers[layer]] for layer in work.content]
    targets = area * sum(map(network.geometry.elements, nodes)) * element
    total = largest + pictures + targets + kernel_bytes(work.layers, element, network)
    return total if work.tile else SLACK * total


def per_pixel(layers: Collection[str], element: int, network: Architecture = VGG19) -> float:
    """Bytes that a pass up to these layers keeps for the way back, for a pixel."""
    nodes = network.graph.up_to(layers)
    return sum(_kept(node, network) * element + _indices(node, network) for node in nodes)


def kernel_bytes(layers: Collection[str], element: int, network: Architecture = VGG19) -> float:
    """Bytes of the kernels up to these layers, prepared for both ways."""
    nodes = [node for node in network.graph.up_to(layers) if node.kind in WEIGHTED]
    return 2 * element * sum(math.prod(node.shapes["weight"]) for node in nodes)


def _kept(node: Node, network: Architecture) -> float:
    """Numbers of a node's output that are kept, for a pixel of the image.

    A ReLU takes its input's place, and a normalisation is part of its convolution. Passes by hand
    keep nothing of what was pooled.
    """
    if node.name == IMAGE or node.kind in ("relu", "norm"):
        return 0.0
    if network.by_hand and node.kind == "max":
        return 0.0
    return network.geometry.elements(node)


def _indices(node: Node, network: Architecture) -> float:
    """Bytes that tell where the maxima were, for a pixel of the image."""
    return network.geometry.elements(node) * INDEX_BYTES if node.kind == "max" else 0.0
