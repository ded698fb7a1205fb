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
from engine.losses import ContentTarget, total_variation
from engine.moments import Moments, MomentSums
from engine.networks.sight import Injection, Tape
from engine.runner import Losses
from engine.settings import Settings
from engine.stylelosses import STYLE_LOSSES, Slopes, StyleTarget, pull
from engine.tiles import Tile


@dataclass(slots=True)
class Sums:
    """What pass 1 adds up over the tiles: the content term, and moments for each style target."""

    content: Tensor
    styles: list[MomentSums]


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
        for tile, tape in self.extractor.tapes(image, self._layers):
            self._add(sums, tile, tape)
        return self._terms(sums, total_variation(image, self.tv_weight)[0])

    def evaluate(self, image: Tensor) -> tuple[Losses, Tensor]:
        """The loss terms of an image and the gradient of their sum. Raises Cancelled."""
        extractor, layers = self.extractor, self._layers
        tiles = extractor.tiles(image, layers)
        sums = self._blank_sums(image)
        kept: Tape | None = None
        if len(tiles) == 1:
            kept = extractor.tape(image, tiles[0], layers)
            self._add(sums, tiles[0], kept)
        else:
            for tile, seen in extractor.tapes(image, self._layers):
                self._add(sums, tile, seen)
        slopes = [
            target.slopes(total.moments(), total.places)
            for target, total in zip(self.styles, sums.styles, strict=True)
        ]
        variation, gradient = total_variation(image, self.tv_weight)
        for tile in tiles:
            tape = kept or extractor.tape(image, tile, layers)
            pulled = extractor.network.backward(
                tape, self._injection(tile, slopes), should_stop=extractor.should_stop
            )
            tile.seen.of(gradient).add_(pulled)
        return self._terms(sums, variation), gradient

    @property
    def _layers(self) -> set[str]:
        return {c.layer for c in self.content} | {s.layer for s in self.styles}

    def _blank_sums(self, image: Tensor) -> Sums:
        blank = [
            MomentSums.blank(target.channels, image.dtype, image.device) for target in self.styles
        ]
        return Sums(image.new_zeros(()), blank)

    def _add(self, sums: Sums, tile: Tile, tape: Tape) -> None:
        for content in self.content:
            own = tile.within(tape.features[content.layer], content.layer)
            aim = tile.of_whole(content.features, content.layer)
            sums.content = sums.content + content.loss(own, aim, sums.content.dtype)
        for style, total in zip(self.styles, sums.styles, strict=True):
            total.add(tile.within(tape.features[style.layer], style.layer), _part(tile, style))

    def _terms(self, sums: Sums, variation: Tensor) -> Losses:
        style = sum(
            (t.value(s.moments()) for t, s in zip(self.styles, sums.styles, strict=True)),
            start=torch.zeros_like(variation),
        )
        # One transfer for the three of them: each would wait for an accelerator to finish.
        return Losses(*torch.stack([sums.content, style, variation]).tolist())

    def _injection(self, tile: Tile, slopes: list[Slopes]) -> Injection:
        def inject(layer: str, features: Tensor, gradient: Tensor) -> None:
            own, slope = tile.within(features, layer), tile.within(gradient, layer)
            for content in self.content:
                if content.layer == layer:
                    slope += content.pull(own, tile.of_whole(content.features, content.layer))
            for style, by_moments in zip(self.styles, slopes, strict=True):
                if style.layer == layer:
                    slope += pull(own, by_moments, _part(tile, style))

        return inject


def objective_for(
    canvas: Canvas, settings: Settings, extractor: Extractor, style_loss: str = "gram"
) -> Objective:
    """Measure the canvas's content and styles. Raises Cancelled when told to stop."""
    content: tuple[ContentTarget, ...] = ()
    if canvas.content is not None and settings.content_weight:
        network = extractor.network
        blend = network.architecture.content_blend(settings.content_weight_blend)
        features, emphasis = extractor.features(canvas.content, blend), network.emphasis.content
        weight = settings.content_weight
        content = tuple(
            ContentTarget.at(layer, features[layer], weight * share * emphasis.get(layer, 1.0))
            for layer, share in blend.items()
        )
    styles = _style_targets(canvas, settings, extractor, style_loss)
    return Objective(extractor, content, styles, settings.tv_weight * settings.strength / 100)


def _style_targets(
    canvas: Canvas, settings: Settings, extractor: Extractor, style_loss: str
) -> tuple[StyleTarget, ...]:
    """One target a layer for all styles; where they have masks, one a layer for each style."""
    network = extractor.network
    layers, emphasis = network.architecture.style, network.emphasis.style
    moments = [extractor.known_moments(style, layers) for style in canvas.styles]
    weights = network.architecture.layer_weights(settings.style_layer_weight_exp)
    targets = []
    for group in _groups(canvas):
        mask = canvas.masks[group[0]]
        total = sum(canvas.blend[number] for number in group)
        shares = [canvas.blend[number] / total for number in group]
        own = _own_moments(canvas, settings, extractor, mask)
        for layer, weight in weights.items():
            styles = [moments[number][layer] for number in group]
            if own is not None:
                # Less than full strength: some of the way from the photo's own style.
                strength = settings.strength / 100
                styles = [Moments.mixed((s, own[layer]), (strength, 1 - strength)) for s in styles]
            targets.append(
                StyleTarget(
                    layer,
                    STYLE_LOSSES[style_loss].toward(styles, shares),
                    settings.style_weight * weight * total * emphasis.get(layer, 1.0),
                    len(styles[0].mean),
                    None if mask is None else network.mask_at(mask, layer),
                )
            )
    return tuple(targets)


def _groups(canvas: Canvas) -> list[list[int]]:
    """The styles that share a target: all of them, unless some have masks of their own."""
    if all(mask is None for mask in canvas.masks):
        return [list(range(len(canvas.styles)))]
    return [[number] for number, share in enumerate(canvas.blend) if share]


def _own_moments(
    canvas: Canvas, settings: Settings, extractor: Extractor, mask: Tensor | None
) -> dict[str, Moments] | None:
    """The photo's own moments, where they are needed: for a strength below 100."""
    if canvas.content is None or settings.strength == 100:
        return None
    return extractor.moments(canvas.content, extractor.network.architecture.style, mask)


def _part(tile: Tile, style: StyleTarget) -> Tensor | None:
    return None if style.mask is None else tile.of_whole(style.mask, style.layer)
