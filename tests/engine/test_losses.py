"""The losses against their formulas written out, and their gradients against autograd."""

import pytest
import torch
from torch import Tensor

from engine.losses import (
    STYLE_LAYERS,
    ContentTarget,
    StyleTarget,
    content_blend,
    layer_weights,
    products,
    total_variation,
)

BLEND = [0.2, 0.5, 0.3]


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def gram(features: Tensor) -> Tensor:
    rows = features[0].flatten(1)
    return rows @ rows.T / features.numel()


def test_products_divided_by_the_size_are_the_gram_matrix() -> None:
    features = random(1, 5, 4, 7)
    torch.testing.assert_close(products(features) / features.numel(), gram(features))


def test_a_mask_weighs_the_places_of_the_gram_matrix() -> None:
    features, mask = random(1, 5, 4, 7), torch.zeros(1, 1, 4, 7, dtype=torch.float64)
    mask[..., :3] = 1
    torch.testing.assert_close(products(features, mask), products(features[..., :3]))


def test_the_content_term_and_its_gradient() -> None:
    aim, features = random(1, 5, 4, 7, seed=1), random(1, 5, 4, 7, seed=2).requires_grad_()
    target = ContentTarget.at("relu4_2", aim, 5.0)
    expected = 5.0 * ((features - aim) ** 2).sum() / aim.numel()
    torch.testing.assert_close(target.loss(features, aim), expected)
    (gradient,) = torch.autograd.grad(expected, features)
    torch.testing.assert_close(target.pull(features, aim), gradient)


def test_one_blended_target_is_the_sum_over_the_styles() -> None:
    styles = [gram(random(1, 5, 6, 6, seed=seed)) for seed in range(3)]
    features = random(1, 5, 4, 7, seed=9).requires_grad_()
    target = StyleTarget.blended("relu1_1", styles, BLEND, 100.0, places=28)
    expected = 100.0 * sum(
        share * ((gram(features) - style) ** 2).sum() / style.numel()
        for share, style in zip(BLEND, styles, strict=True)
    )
    sums = products(features)
    torch.testing.assert_close(target.loss(sums), expected)
    (gradient,) = torch.autograd.grad(torch.as_tensor(expected), features)
    torch.testing.assert_close(target.pull(features, target.matrix(sums), None), gradient)


def test_a_single_style_has_no_offset() -> None:
    assert StyleTarget.blended("relu1_1", [gram(random(1, 5, 6, 6))], [1.0], 1.0, 28).offset == 0


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
    weights = [layer_weights(exponent)[layer] for layer in STYLE_LAYERS]
    assert sum(weights) / len(weights) == pytest.approx(1)
    assert weights[3] / weights[2] == pytest.approx(exponent)


def test_a_content_layer_without_weight_is_not_asked_for() -> None:
    assert content_blend(1) == {"relu4_2": 1}
    assert content_blend(0) == {"relu5_2": 1}
    assert content_blend(0.25) == {"relu4_2": 0.25, "relu5_2": 0.75}
