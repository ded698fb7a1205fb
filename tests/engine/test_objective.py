"""The whole loss and its gradient: against autograd, and the same whole or in tiles."""

from dataclasses import replace

import pytest
import torch
from PIL import Image
from scenes import scene
from test_network import plain_forward
from torch import Tensor

from engine.features import Extractor
from engine.inputs import Canvas, Inputs, StylePicture, prepare
from engine.networks import Vgg19
from engine.networks.vgg import Sight
from engine.objective import objective_for
from engine.options import Options
from engine.runner import Losses
from engine.settings import Settings
from engine.tiles import VGG19

SETTINGS = Settings(
    image_size=2048, content_weight_blend=0.6, style_layer_weight_exp=0.5, tv_weight=20.0
)


def halves(size: tuple[int, int]) -> tuple[Image.Image, Image.Image]:
    """A mask that is white on the left, fading out, and its opposite."""
    left = Image.linear_gradient("L").rotate(90).resize(size)
    return left, left.point(lambda value: 255 - value)


def canvas_for(size: tuple[int, int], network: Vgg19, *, masked: bool = False) -> Canvas:
    styles = (StylePicture(scene((61, 45), 2), 3.0), StylePicture(scene((30, 80), 3), 1.0, 0.7))
    masks = halves(size) if masked else ()
    given = Inputs(scene(size, 1), styles, initial=scene(size, 4), masks=masks)
    return prepare(given, SETTINGS, Options(), network.device, network.dtype)


def evaluate(
    canvas: Canvas, network: Vgg19, tile: int | None, settings: Settings = SETTINGS
) -> tuple[Losses, Tensor]:
    assert canvas.initial is not None
    extractor = Extractor(network, Sight(settings.pooling), tile)
    return objective_for(canvas, settings, extractor).evaluate(canvas.initial)


def written_out(canvas: Canvas, image: Tensor) -> Tensor:
    """The loss of the original program, style after style."""

    def gram(features: Tensor) -> Tensor:
        rows = features[0].flatten(1)
        return rows @ rows.T / features.numel()

    now, content = plain_forward(image, "max"), plain_forward(canvas.content, "max")
    total = sum(
        5.0 * share * (now[layer] - content[layer]).square().mean()
        for layer, share in (("relu4_2", 0.6), ("relu5_2", 0.4))
    )
    for style, share in zip(canvas.styles, canvas.blend, strict=True):
        features = plain_forward(style, "max")
        for layer in VGG19.style:
            apart = (gram(now[layer]) - gram(features[layer])).square().mean()
            total = total + 100.0 * share * VGG19.layer_weights(0.5)[layer] * apart
    return total + 20.0 * sum(image.diff(dim=axis).square().mean() for axis in (2, 3))


def test_loss_and_gradient_are_those_of_the_formula_written_out(exact_network: Vgg19) -> None:
    canvas = canvas_for((37, 26), exact_network)
    assert canvas.initial is not None
    image = canvas.initial.clone().requires_grad_()
    expected = written_out(canvas, image)
    (gradient,) = torch.autograd.grad(expected, image)
    losses, found = evaluate(canvas, exact_network, None)
    assert losses.total == pytest.approx(expected.item(), rel=1e-10)
    assert float((found - gradient).norm() / gradient.norm()) < 1e-9


@pytest.mark.parametrize(
    ("size", "pooling", "masked", "blend"),
    [
        ((163, 18), "max", False, 1.0),
        ((18, 165), "avg", False, 1.0),
        ((18, 165), "max", True, 1.0),
        ((195, 17), "max", False, 0.6),
    ],
    ids=["wide", "tall, averages", "tall, masked", "wide, to relu5_2"],
)
def test_tiles_give_the_gradient_of_the_whole_picture(
    exact_network: Vgg19, size: tuple[int, int], pooling: str, masked: bool, blend: float
) -> None:
    canvas = canvas_for(size, exact_network, masked=masked)
    settings = SETTINGS.replace(pooling=pooling, content_weight_blend=blend)
    whole, expected = evaluate(canvas, exact_network, None, settings)
    tiled, found = evaluate(canvas, exact_network, 64, settings)
    assert tiled.total == pytest.approx(whole.total, rel=1e-10)
    assert float((found - expected).norm() / expected.norm()) < 1e-9


def test_tiles_in_both_directions_agree_in_float32_too(network: Vgg19) -> None:
    canvas = canvas_for((150, 147), network)
    settings = SETTINGS.replace(content_weight_blend=1)
    _, expected = evaluate(canvas, network, None, settings)
    _, found = evaluate(canvas, network, 64, settings)
    assert float((found - expected).norm() / expected.norm()) < 2e-3


def test_measuring_without_the_gradient_gives_the_same_losses(network: Vgg19) -> None:
    canvas = canvas_for((37, 26), network)
    assert canvas.initial is not None
    objective = objective_for(canvas, SETTINGS, Extractor(network))
    assert objective.losses(canvas.initial) == objective.evaluate(canvas.initial)[0]


def test_white_masks_change_nothing(exact_network: Vgg19) -> None:
    canvas = canvas_for((37, 26), exact_network)
    white = torch.ones_like(canvas.content[:, :1])
    losses, gradient = evaluate(canvas, exact_network, None)
    masked, found = evaluate(replace(canvas, masks=(white, white)), exact_network, None)
    assert masked.style == pytest.approx(losses.style, rel=1e-10)
    torch.testing.assert_close(found, gradient)
