"""Features and Gram matrices of pictures of any size, tile by tile."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.losses import products
from engine.networks.vgg import Tape, Vgg19, deepest, never, stride
from engine.tiles import Tile, cut


@dataclass(frozen=True, slots=True)
class Extractor:
    """How a run looks through the network: pooling, the tiles' edge, and when to give up.

    Every method raises Cancelled when `should_stop` turns true between two layers.
    """

    network: Vgg19
    pooling: str = "max"
    tile: int | None = None
    should_stop: Callable[[], bool] = never

    def tiles(self, image: Tensor, last: str) -> tuple[Tile, ...]:
        """How an image (1, 3, H, W) is cut for features up to the layer `last`."""
        height, width = image.shape[-2:]
        return cut(height, width, self.tile, last)

    def tape(self, image: Tensor, tile: Tile, last: str) -> Tape:
        """The activations of one tile of an image (1, 3, H, W) up to the layer `last`."""
        seen = tile.seen.of(image)
        return self.network.forward(seen, last, pooling=self.pooling, should_stop=self.should_stop)

    def tapes(self, image: Tensor, last: str) -> Iterator[tuple[Tile, Tape]]:
        """Each tile of an image with its activations."""
        for tile in self.tiles(image, last):
            yield tile, self.tape(image, tile, last)

    def features(self, image: Tensor, layers: Collection[str]) -> dict[str, Tensor]:
        """The features (1, C, h, w) of the whole image at some layers."""
        whole: dict[str, Tensor] = {}
        for tile, tape in self.tapes(image, deepest(layers)):
            for layer in layers:
                own = tile.within(tape.features[layer], layer)
                if layer not in whole:
                    whole[layer] = _blank(own, image, layer)
                tile.of_whole(whole[layer], layer).copy_(own)
        return whole

    def grams(self, image: Tensor, layers: Collection[str]) -> dict[str, Tensor]:
        """The Gram matrices (C, C) of the whole image at some layers: FᵀF / F.size."""
        sums: dict[str, Tensor] = {}
        sizes = dict.fromkeys(layers, 0)
        for tile, tape in self.tapes(image, deepest(layers)):
            for layer in layers:
                own = tile.within(tape.features[layer], layer)
                part = products(own)
                sums[layer] = sums[layer].add_(part) if layer in sums else part
                sizes[layer] += own.numel()
        return {layer: sums[layer] / sizes[layer] for layer in layers}


def _blank(like: Tensor, image: Tensor, layer: str) -> Tensor:
    height, width = (-(-side // stride(layer)) for side in image.shape[-2:])
    blank = like.new_empty((1, like.shape[1], height, width))
    return blank.contiguous(memory_format=torch.channels_last)
