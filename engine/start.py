"""The picture that a run begins with."""

from __future__ import annotations

import torch
from torch import Tensor

from engine.color import covariance_map
from engine.inputs import Canvas
from engine.networks.sight import Network
from engine.options import Options
from engine.recipes import Recipe
from engine.settings import Settings

NOISE_DEVIATION = 0.256  # grey levels; the original program's constant


def starting_picture(
    canvas: Canvas, settings: Settings, options: Options, recipe: Recipe, network: Network
) -> Tensor:
    """The picture · (1 - blend) + noise · blend, both seen from the mean pixel; (1, 3, H, W).

    The picture is the initial one, or the content, which some recipes bring to the style's colours
    and jitter. The noise is drawn on the CPU, so that a seed gives the same on every device.
    """
    assert settings.seed is not None  # drawn before
    wants_content = settings.start == "content" and canvas.content is not None
    from_picture = canvas.initial is not None or wants_content
    blend = options.noise_blend
    if blend is None:
        blend = 0.0 if from_picture else 1.0
    picture = _picture(canvas, settings, recipe, network)
    deviation = NOISE_DEVIATION * blend if blend else recipe.jitter
    if deviation == 0:
        return picture
    generator = torch.Generator().manual_seed(settings.seed)
    noise = deviation * torch.randn(picture.shape, generator=generator)
    centred = (picture - network.mean) * (1 - blend) + noise.to(picture)
    return _laid_out(network.mean + centred)


def _picture(canvas: Canvas, settings: Settings, recipe: Recipe, network: Network) -> Tensor:
    if canvas.initial is not None:
        return canvas.initial
    if canvas.content is None:
        return network.mean.expand(1, 3, canvas.size[1], canvas.size[0])
    return _matched(canvas, settings) if recipe.matched else canvas.content


def _matched(canvas: Canvas, settings: Settings) -> Tensor:
    """The content in the colours of the styles, each where it applies, as strong as is wished."""
    content, image = canvas.content, canvas.content_image
    assert content is not None
    assert image is not None
    weights = [
        share * (torch.ones_like(content[:, :1]) if mask is None else mask)
        for share, mask in zip(canvas.blend, canvas.masks, strict=True)
    ]
    total = torch.stack(weights).sum(0)
    moved = torch.zeros_like(content)
    for style, weight in zip(canvas.style_images, weights, strict=True):
        matrix, mean_from, mean_to = (
            torch.from_numpy(part).to(content) for part in covariance_map(image, style)
        )
        pixels = (content[0].permute(1, 2, 0) - mean_from) @ matrix.T + mean_to
        moved += weight / total.clamp_min(1e-6) * pixels.permute(2, 0, 1)[None]
    coverage = (
        settings.strength
        / 100
        * torch.stack(
            [torch.ones_like(total) if mask is None else mask for mask in canvas.masks]
        ).amax(0)
    )
    return _laid_out(content + coverage * (moved.clamp(0, 255) - content))


def _laid_out(picture: Tensor) -> Tensor:
    return picture.contiguous(memory_format=torch.channels_last)
