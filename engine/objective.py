"""The loss of a picture and its gradient, exact for any cut into tiles.

Pass 1 runs the network over each tile and sums what the losses need to know of the whole picture;
pass 2 runs it again and takes each tile's share of the gradient back to the image. A picture of one
tile is run once: its activations are kept from pass 1 for pass 2.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from engine.features import Extractor
from engine.inputs import Canvas
from engine.losses import (
    STYLE_LAYERS,
    ContentTarget,
    StyleTarget,
    content_blend,
    layer_weights,
    products,
    total_variation,
)
from engine.networks.vgg import Injection, Tape, deepest, mask_at, stride
from engine.runner import Losses
from engine.settings import Settings
from engine.tiles import Tile


@dataclass(slots=True)
class Sums:
    """What pass 1 adds up over the tiles: the content term, and Σ f fᵀ for each style target."""

    content: Tensor
    products: list[Tensor]


@dataclass(frozen=True, slots=True)
class Objective:
    """content + style + total variation of a picture (1, 3, H, W) as large as the canvas."""

    extractor: Extractor
    content: tuple[ContentTarget, ...]
    styles: tuple[StyleTarget, ...]
    tv_weight: float

    def losses(self, image: Tensor) -> Losses:
        """The loss terms of an image. Raises Cancelled when told to stop."""
        sums = self._blank_sums(image)
        for tile, tape in self.extractor.tapes(image, self._last):
            self._add(sums, tile, tape)
        return self._terms(sums, total_variation(image, self.tv_weight)[0])

    def evaluate(self, image: Tensor) -> tuple[Losses, Tensor]:
        """The loss terms of an image and the gradient of their sum. Raises Cancelled."""
        extractor = self.extractor
        tiles = extractor.tiles(image, self._last)
        sums = self._blank_sums(image)
        kept: Tape | None = None
        for tile in tiles:
            tape = extractor.tape(image, tile, self._last)
            self._add(sums, tile, tape)
            kept = tape if len(tiles) == 1 else None
        matrices = [t.matrix(s) for t, s in zip(self.styles, sums.products, strict=True)]
        variation, gradient = total_variation(image, self.tv_weight)
        for tile in tiles:
            tape = kept or extractor.tape(image, tile, self._last)
            pulled = extractor.network.backward(
                tape, self._injection(tile, matrices), should_stop=extractor.should_stop
            )
            tile.seen.of(gradient).add_(pulled)
        return self._terms(sums, variation), gradient

    @property
    def _last(self) -> str:
        return deepest([*(t.layer for t in self.content), *(t.layer for t in self.styles)])

    def _blank_sums(self, image: Tensor) -> Sums:
        return Sums(image.new_zeros(()), [torch.zeros_like(t.gram) for t in self.styles])

    def _add(self, sums: Sums, tile: Tile, tape: Tape) -> None:
        for content in self.content:
            own = tile.within(tape.features[content.layer], content.layer)
            sums.content = sums.content + content.loss(
                own, tile.of_whole(content.features, content.layer)
            )
        for style, total in zip(self.styles, sums.products, strict=True):
            own = tile.within(tape.features[style.layer], style.layer)
            total += products(own, _mask_part(tile, style))

    def _terms(self, sums: Sums, variation: Tensor) -> Losses:
        style = sum(
            (t.loss(s) for t, s in zip(self.styles, sums.products, strict=True)),
            start=torch.zeros_like(variation),
        )
        # One transfer for the three of them: each would wait for an accelerator to finish.
        return Losses(*torch.stack([sums.content, style, variation]).tolist())

    def _injection(self, tile: Tile, matrices: list[Tensor]) -> Injection:
        def inject(layer: str, features: Tensor, gradient: Tensor) -> None:
            own, pull = tile.within(features, layer), tile.within(gradient, layer)
            for content in self.content:
                if content.layer == layer:
                    pull += content.pull(own, tile.of_whole(content.features, content.layer))
            for style, matrix in zip(self.styles, matrices, strict=True):
                if style.layer == layer:
                    pull += style.pull(own, matrix, _mask_part(tile, style))

        return inject


def objective_for(canvas: Canvas, settings: Settings, extractor: Extractor) -> Objective:
    """Measure the canvas's content and styles. Raises Cancelled when told to stop."""
    blend = content_blend(settings.content_weight_blend)
    features = extractor.features(canvas.content, blend)
    content = tuple(
        ContentTarget.at(layer, features[layer], settings.content_weight * share)
        for layer, share in blend.items()
    )
    styles = _style_targets(canvas, settings, extractor)
    return Objective(extractor, content, styles, settings.tv_weight)


def _style_targets(
    canvas: Canvas, settings: Settings, extractor: Extractor
) -> tuple[StyleTarget, ...]:
    """One target a layer for all styles; where they have masks, one a layer for each style."""
    grams = [extractor.grams(style, STYLE_LAYERS) for style in canvas.styles]
    groups = [list(range(len(grams)))]
    if any(mask is not None for mask in canvas.masks):
        groups = [[number] for number, share in enumerate(canvas.blend) if share]
    return tuple(
        _style_target(
            canvas, group, layer, [grams[n][layer] for n in group], settings.style_weight * weight
        )
        for layer, weight in layer_weights(settings.style_layer_weight_exp).items()
        for group in groups
    )


def _style_target(
    canvas: Canvas, group: list[int], layer: str, grams: list[Tensor], weight: float
) -> StyleTarget:
    mask = canvas.masks[group[0]]
    height, width = (-(-side // stride(layer)) for side in canvas.content.shape[-2:])
    places = float(height * width)
    if mask is not None:
        mask = mask_at(mask, layer)
        places = float(mask.sum())
    blend = [canvas.blend[number] for number in group]
    return StyleTarget.blended(layer, grams, blend, weight, places, mask)


def _mask_part(tile: Tile, style: StyleTarget) -> Tensor | None:
    return None if style.mask is None else tile.of_whole(style.mask, style.layer)
