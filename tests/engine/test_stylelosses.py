"""Moments and what is measured by them: formulas written out, and gradients against autograd."""

import pytest
import torch
from torch import Tensor

from engine.moments import Moments, MomentSums
from engine.stylelosses import RIDGE, STYLE_LOSSES, GramLoss, StyleTarget, pull

CHANNELS = 5
BLEND = [0.2, 0.5, 0.3]


def random(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


def moments_of(features: Tensor) -> Moments:
    """Written for autograd: (1, C, h, w) → E[f fᵀ], E[f]."""
    rows = features[0].flatten(1)
    return Moments(rows @ rows.T / rows.shape[1], rows.mean(1))


def summed(features: Tensor, mask: Tensor | None = None) -> MomentSums:
    sums = MomentSums.blank(features.shape[1], torch.float64, features.device)
    sums.add(features, mask)
    return sums


def test_sums_are_the_moments_of_the_features() -> None:
    features = random(1, CHANNELS, 4, 7)
    found, expected = summed(features).moments(), moments_of(features)
    torch.testing.assert_close(found.second, expected.second)
    torch.testing.assert_close(found.mean, expected.mean)


def test_many_places_are_summed_in_parts() -> None:
    features = random(1, 2, 300, 301)
    torch.testing.assert_close(summed(features).moments().second, moments_of(features).second)


def test_a_mask_weighs_the_places() -> None:
    features, mask = random(1, CHANNELS, 4, 7), torch.zeros(1, 1, 4, 7, dtype=torch.float64)
    mask[..., :3] = 1
    found, expected = summed(features, mask).moments(), summed(features[..., :3]).moments()
    torch.testing.assert_close(found.second, expected.second)
    torch.testing.assert_close(found.mean, expected.mean)


def test_tiles_add_up() -> None:
    features = random(1, CHANNELS, 4, 7)
    sums = summed(features[..., :2])
    sums.add(features[..., 2:])
    torch.testing.assert_close(sums.moments().second, summed(features).moments().second)
    assert sums.places == 28


def test_one_blended_gram_loss_is_the_sum_over_the_styles() -> None:
    styles = [moments_of(random(1, CHANNELS, 6, 6, seed=seed)) for seed in range(3)]
    picture = moments_of(random(1, CHANNELS, 4, 7, seed=9))
    expected = sum(
        share * ((picture.second - style.second) / CHANNELS).square().sum() / CHANNELS**2
        for share, style in zip(BLEND, styles, strict=True)
    )
    torch.testing.assert_close(GramLoss.toward(styles, BLEND).value(picture), expected)


@pytest.mark.parametrize("name", STYLE_LOSSES)
def test_the_gradient_of_every_loss_is_autograds(name: str) -> None:
    styles = [moments_of(random(1, CHANNELS, 6, 6, seed=seed)) for seed in range(3)]
    loss = STYLE_LOSSES[name].toward(styles, BLEND)
    features = random(1, CHANNELS, 4, 7, seed=9).requires_grad_()
    target = StyleTarget("relu1_1", loss, 100.0, CHANNELS)
    (expected,) = torch.autograd.grad(target.value(moments_of(features)), features)
    with torch.no_grad():
        sums = summed(features)
        found = pull(features, target.slopes(sums.moments(), sums.places), None)
    torch.testing.assert_close(found, expected)


@pytest.mark.parametrize("name", STYLE_LOSSES)
def test_a_picture_with_the_styles_moments_has_no_loss(name: str) -> None:
    style = moments_of(random(1, CHANNELS, 6, 6))
    loss = STYLE_LOSSES[name].toward([style], [1.0])
    other = moments_of(2 * random(1, CHANNELS, 6, 6, seed=1))
    assert abs(float(loss.value(style))) < 1e-6 < float(loss.value(other))


@pytest.mark.parametrize("name", STYLE_LOSSES)
def test_dead_channels_have_a_finite_gradient(name: str) -> None:
    dead = random(1, CHANNELS, 4, 7)
    dead[:, 2:4] = 0
    for picture, style in ((dead, random(1, CHANNELS, 6, 6)), (random(1, CHANNELS, 6, 6), dead)):
        loss = STYLE_LOSSES[name].toward([moments_of(style)], [1.0])
        second, mean = loss.slopes(moments_of(picture))
        assert second.isfinite().all()
        assert mean is None or mean.isfinite().all()


def test_the_wasserstein_distance_of_scaled_gaussians_is_known() -> None:
    # For commuting covariances it is the distance of means and of square roots.
    mean, deviations = random(CHANNELS), torch.arange(1.0, 6.0, dtype=torch.float64)
    style = Moments(deviations.square().diag() + mean.outer(mean), mean)
    moved = Moments((3 * deviations).square().diag() + (mean + 1).outer(mean + 1), mean + 1)
    found = STYLE_LOSSES["wasserstein"].toward([style], [1.0]).value(moved)
    expected = (CHANNELS + (2 * deviations).square().sum()) / CHANNELS
    torch.testing.assert_close(found, expected, rtol=10 * RIDGE, atol=0)
