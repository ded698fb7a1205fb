"""What a run will take, known before it starts: seconds and bytes.

Both grow with the pixels that the network looks at. What a pixel costs in time is measured once on
a device (`engine.speed`); what it costs in memory follows from the layers. Nothing here needs
torch, and nothing is measured.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engine.layers import (
    CONVOLUTIONS,
    STYLE_LAYERS,
    begins_block,
    content_blend,
    convolution_of,
    deepest,
    stride,
    up_to,
)
from engine.recipes import Stage
from engine.settings import Settings
from engine.tiles import cut

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
        tiles = cut(height, width, self.tile, deepest(self.layers))
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
) -> Work:
    """What the settings make of a painting of a size, whole, with styles of these sizes."""
    content: tuple[str, ...] = ()
    if has_content and settings.content_weight:
        content = tuple(content_blend(settings.content_weight_blend))
    return Work(size, stages, styles, (*STYLE_LAYERS, *content), content)


def peak_bytes(work: Work, element: int, buffers: int) -> float:
    """Bytes that a run needs at most, over those of the program with its network.

    `element` is the bytes of a feature (2 in bfloat16), `buffers` the number of pictures that the
    optimizer keeps.
    """
    width, height = work.size
    area = width * height
    largest = max(work.seen(width, height)) * per_pixel(up_to(deepest(work.layers)), element)
    pictures = (IMAGES + buffers) * IMAGE_BYTES * area
    pictures += IMAGE_BYTES * sum(map(math.prod, work.styles))
    targets = area * sum(_share(layer) for layer in work.content) * element
    total = largest + pictures + targets + kernel_bytes(work.layers, element)
    return total if work.tile else SLACK * total


def per_pixel(layers: Iterable[str], element: int) -> float:
    """Bytes of the features of all these layers, and of the maxima between, for a pixel."""
    features = sum(_share(layer) for layer in layers) * element
    return features + sum(_pooled(layer) for layer in layers) * INDEX_BYTES


def kernel_bytes(layers: Collection[str], element: int) -> float:
    """Bytes of the kernels up to the deepest layer, prepared for both ways."""
    names = map(convolution_of, up_to(deepest(layers)))
    return 2 * 9 * element * sum(math.prod(CONVOLUTIONS[name]) for name in names)


def _share(layer: str) -> float:
    """Elements of a layer's features for a pixel of the image."""
    return CONVOLUTIONS[convolution_of(layer)][0] / stride(layer) ** 2


def _pooled(layer: str) -> float:
    """Elements of the pooling before a layer for a pixel of the image."""
    if not begins_block(layer):
        return 0.0
    return CONVOLUTIONS[convolution_of(layer)][1] / stride(layer) ** 2
