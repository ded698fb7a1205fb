"""Features and their moments of pictures of any size, tile by tile."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from engine.moments import Moments, MomentSums
from engine.networks.sight import EYE, Network, Sight, Tape, never
from engine.tiles import Tile, cut


@dataclass(frozen=True, slots=True)
class Extractor:
    """How a run looks through the network, in which tiles, and when to give up.

    Every method raises Cancelled when `should_stop` turns true between two layers.
    """

    network: Network
    sight: Sight = EYE
    tile: int | None = None
    should_stop: Callable[[], bool] = never

    def tiles(self, image: Tensor, layers: Collection[str]) -> tuple[Tile, ...]:
        """How an image (1, 3, H, W) is cut for the features of some layers."""
        height, width = image.shape[-2:]
        return cut(height, width, self.tile, layers, self.network.architecture)

    def tape(self, image: Tensor, tile: Tile, layers: Collection[str]) -> Tape:
        """Those of one tile of an image (1, 3, H, W), and the way back from there."""
        return self._seen(tile.seen.of(image), layers, back=True)

    def tapes(self, image: Tensor, layers: Collection[str]) -> Iterator[tuple[Tile, Tape]]:
        """Each tile of an image with its activations at those layers; valid until the next."""
        for tile in self.tiles(image, layers):
            tape = self._seen(tile.seen.of(image), layers)
            yield tile, tape
            tape.clear()

    def _seen(self, part: Tensor, layers: Collection[str], *, back: bool = False) -> Tape:
        last = self.network.architecture.geometry.deepest(layers)
        return self.network.forward(
            part, last, keep=layers, back=back, sight=self.sight, should_stop=self.should_stop
        )

    def features(self, image: Tensor, layers: Collection[str]) -> dict[str, Tensor]:
        """The features (1, C, h, w) of the whole image at some layers."""
        whole: dict[str, Tensor] = {}
        for tile, tape in self.tapes(image, layers):
            for layer in layers:
                own = tile.within(tape.features[layer], layer)
                if layer not in whole:
                    whole[layer] = self._blank(own, image, layer)
                tile.of_whole(whole[layer], layer).copy_(own)
        return whole

    def moments(
        self, image: Tensor, layers: Collection[str], mask: Tensor | None = None
    ) -> dict[str, Moments]:
        """The moments of the whole image's features, where the mask (1, 1, H, W) is not black."""
        sums: dict[str, MomentSums] = {}
        masks = {
            layer: None if mask is None else self.network.mask_at(mask, layer) for layer in layers
        }
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

    def _blank(self, like: Tensor, image: Tensor, layer: str) -> Tensor:
        geometry = self.network.architecture.geometry
        sides = enumerate(image.shape[-2:])
        height, width = (geometry.cells(layer, side, axis) for axis, side in sides)
        blank = like.new_empty((1, like.shape[1], height, width))
        return blank.contiguous(memory_format=torch.channels_last)
