"""The losses against their formulas written out, and their gradients against autograd."""

import pytest
import torch
from torch import Tensor

from engine.losses import ContentTarget, total_variation
from engine.tiles import VGG19


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def test_the_content_term_and_its_gradient() -> None:
    aim, features = random(1, 5, 4, 7, seed=1), random(1, 5, 4, 7, seed=2).requires_grad_()
    target = ContentTarget.at("relu4_2", aim, 5.0)
    expected = 5.0 * ((features - aim) ** 2).sum() / aim.numel()
    torch.testing.assert_close(target.loss(features, aim, torch.float64), expected)
    (gradient,) = torch.autograd.grad(expected, features)
    torch.testing.assert_close(target.pull(features, aim), gradient)


@pytest.mark.parametrize("shape", [(5, 4), (2, 9), (1, 6), (6, 1), (1, 1)])
def test_total_variation_and_its_gradient(shape: tuple[int, int]) -> None:
    image = random(1, 3, *shape).requires_grad_()
    down, right = image[..., 1:, :] - image[..., :-1, :], image[..., 1:] - image[..., :-1]
    expected = sum(
        (100.0 * (d**2).sum() / d.numel() for d in (down, right) if d.numel()),
        start=0.0 * image.sum(),
    )
    loss, gradient = total_variation(image.detach(), 100.0)
    torch.testing.assert_close(loss, expected.detach())
    torch.testing.assert_close(gradient, torch.autograd.grad(expected, image)[0])


@pytest.mark.parametrize("exponent", [0.1, 0.5, 1.0, 2.0])
def test_layer_weights_grow_by_the_exponent_and_keep_mean_1(exponent: float) -> None:
    weights = [VGG19.layer_weights(exponent)[layer] for layer in VGG19.style]
    assert sum(weights) / len(weights) == pytest.approx(1)
    assert weights[3] / weights[2] == pytest.approx(exponent)


def test_a_content_layer_without_weight_is_not_asked_for() -> None:
    assert VGG19.content_blend(1) == {"relu4_2": 1}
    assert VGG19.content_blend(0) == {"relu5_2": 1}
    assert VGG19.content_blend(0.25) == {"relu4_2": 0.25, "relu5_2": 0.75}
