"""Features and their moments of pictures of any size, tile by tile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.layers import deepest, stride
from engine.moments import Moments, MomentSums
from engine.networks.vgg import EYE, Sight, Tape, Vgg19, mask_at, never
from engine.tiles import Tile, cut


@dataclass(frozen=True, slots=True)
class Extractor:
    """How a run looks through the network, in which tiles, and when to give up.

    Every method raises Cancelled when `should_stop` turns true between two layers.
    """

    network: Vgg19
    sight: Sight = EYE
    tile: int | None = None
    should_stop: Callable[[], bool] = never

    def tiles(self, image: Tensor, last: str) -> tuple[Tile, ...]:
        """How an image (1, 3, H, W) is cut for features up to the layer `last`."""
        height, width = image.shape[-2:]
        return cut(height, width, self.tile, last)

    def tape(self, image: Tensor, tile: Tile, last: str) -> Tape:
        """The activations of one tile of an image (1, 3, H, W) up to the layer `last`."""
        return self._seen(tile.seen.of(image), last)

    def tapes(self, image: Tensor, layers: Collection[str]) -> Iterator[tuple[Tile, Tape]]:
        """Each tile of an image with its activations at those layers; valid until the next."""
        last = deepest(layers)
        for tile in self.tiles(image, last):
            tape = self._seen(tile.seen.of(image), last, layers)
            yield tile, tape
            tape.clear()

    def _seen(self, part: Tensor, last: str, keep: Collection[str] | None = None) -> Tape:
        return self.network.forward(
            part, last, keep=keep, sight=self.sight, should_stop=self.should_stop
        )

    def features(self, image: Tensor, layers: Collection[str]) -> dict[str, Tensor]:
        """The features (1, C, h, w) of the whole image at some layers."""
        whole: dict[str, Tensor] = {}
        for tile, tape in self.tapes(image, layers):
            for layer in layers:
                own = tile.within(tape.features[layer], layer)
                if layer not in whole:
                    whole[layer] = _blank(own, image, layer)
                tile.of_whole(whole[layer], layer).copy_(own)
        return whole

    def moments(
        self, image: Tensor, layers: Collection[str], mask: Tensor | None = None
    ) -> dict[str, Moments]:
        """The moments of the whole image's features, where the mask (1, 1, H, W) is not black."""
        sums: dict[str, MomentSums] = {}
        masks = {layer: None if mask is None else mask_at(mask, layer) for layer in layers}
        for tile, tape in self.tapes(image, layers):
            for layer in layers:
                own, weights = tile.within(tape.features[layer], layer), masks[layer]
                if layer not in sums:
                    sums[layer] = MomentSums.blank(own.shape[1], image.dtype, image.device)
                sums[layer].add(own, None if weights is None else tile.of_whole(weights, layer))
        return {layer: total.moments() for layer, total in sums.items()}

    def known_moments(self, image: Tensor, layers: Collection[str]) -> dict[str, Moments]:
        """The moments of a style, which the network remembers: styles come again and again."""
        digest = hashlib.sha256(image.cpu().contiguous().numpy().tobytes()).hexdigest()
        key = (digest, tuple(image.shape), self.sight, tuple(layers))
        known: dict[str, Moments] | None = self.network.remembered.get(key)
        if known is None:
            known = self.network.remembered.put(key, self.moments(image, layers))
        return known


def _blank(like: Tensor, image: Tensor, layer: str) -> Tensor:
    height, width = (-(-side // stride(layer)) for side in image.shape[-2:])
    blank = like.new_empty((1, like.shape[1], height, width))
    return blank.contiguous(memory_format=torch.channels_last)
