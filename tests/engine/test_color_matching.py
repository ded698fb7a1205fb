"""Colours matched as a whole: by the histogram, or by mean and covariance."""

import numpy as np
import pytest
from colors import Recolor, flat, oklab, rgb, soft
from PIL import Image
from scenes import scene

from engine.color import covariance_map, match_covariance, match_histogram

ANY_SIZES = [match_histogram, match_covariance]


def moments(image: Image.Image) -> tuple[np.ndarray, np.ndarray]:
    return rgb(image).mean(0), np.cov(rgb(image).T, bias=True)


@pytest.mark.parametrize("size", [(32, 24), (61, 47), (300, 301)])
def test_the_quantiles_become_those_of_the_content(size: tuple[int, int]) -> None:
    painted, content = scene((67, 43), 1), soft(2, size)
    ranks = np.linspace(0.02, 0.98, 49)
    given, target, matched = (
        np.quantile(oklab(image), ranks, axis=0)
        for image in (painted, content, match_histogram(painted, content))
    )
    assert np.abs(given - target).max() > 0.1
    assert matched == pytest.approx(target, abs=8e-3)


def test_equal_colours_stay_equal_and_none_overtakes_another() -> None:
    levels = np.random.default_rng(5).choice([20, 90, 91, 240], (23, 19), p=[0.4, 0.3, 0.2, 0.1])
    painted = Image.fromarray(levels.astype(np.uint8)).convert("RGB")
    ramp = Image.linear_gradient("L").convert("RGB")
    matched = rgb(match_histogram(painted, ramp))[:, 0]
    by_level = [set(matched[levels.ravel() == level]) for level in (20, 90, 91, 240)]
    assert [len(values) for values in by_level] == [1, 1, 1, 1]
    results = [value for (value,) in by_level]
    assert results == sorted(set(results))
    shares = [(levels == level).mean() for level in (20, 90, 91, 240)]
    assert results == pytest.approx(255 * (np.cumsum(shares) - np.array(shares) / 2), abs=1)


def test_the_histogram_of_a_grey_content_is_grey() -> None:
    grey = scene((32, 24), 2).convert("L").convert("RGB")
    matched = rgb(match_histogram(scene((61, 47), 1), grey))
    assert np.ptp(matched, axis=-1).max() == 0
    assert (matched.min(), matched.max()) == (rgb(grey).min(), rgb(grey).max())


@pytest.mark.parametrize("size", [(32, 24), (61, 47), (300, 301)])
def test_mean_and_covariance_become_those_of_the_reference(size: tuple[int, int]) -> None:
    picture, reference = scene((67, 43), 1), soft(2, size)
    mean, covariance = moments(match_covariance(picture, reference))
    target_mean, target = moments(reference)
    assert mean == pytest.approx(target_mean, abs=0.1)
    assert covariance == pytest.approx(target, abs=0.01 * target.max())
    assert np.abs(moments(picture)[1] - target).max() > target.max()


def test_the_map_is_what_the_picture_goes_through() -> None:
    picture, reference = soft(1), soft(2, (61, 47))
    matrix, mean_from, mean_to = covariance_map(picture, reference)
    moved = (rgb(picture) - mean_from) @ matrix.T + mean_to
    assert rgb(match_covariance(picture, reference)) == pytest.approx(moved, abs=0.501)


def test_the_map_is_symmetric_and_positive_and_moves_less_than_another() -> None:
    picture, reference = scene((61, 47), 1), scene((32, 24), 2)
    matrix, mean_from, mean_to = covariance_map(picture, reference)
    source, target = moments(picture)[1], moments(reference)[1]
    assert matrix == pytest.approx(matrix.T, abs=1e-9)
    assert np.linalg.eigvalsh(matrix).min() > 0
    assert matrix @ source @ matrix.T == pytest.approx(target, abs=1e-3 * target.max())
    by_cholesky = np.linalg.cholesky(target) @ np.linalg.inv(np.linalg.cholesky(source))
    centred = rgb(picture) - mean_from
    moves = [
        np.square(centred @ other.T + mean_to - rgb(picture)).mean()
        for other in (matrix, by_cholesky)
    ]
    assert moves[0] < 0.99 * moves[1]


def test_a_grey_picture_takes_what_one_line_of_colours_can_take() -> None:
    grey, reference = scene((61, 47), 1).convert("L").convert("RGB"), soft(2)
    mean, covariance = moments(match_covariance(grey, reference))
    target_mean, target = moments(reference)
    assert mean == pytest.approx(target_mean, abs=0.5)
    along = np.ones(3) / np.sqrt(3)
    assert along @ covariance @ along == pytest.approx(along @ target @ along, rel=0.02)
    assert np.linalg.eigvalsh(covariance)[:2] == pytest.approx(0, abs=1)


def test_the_rounding_of_a_nearly_grey_picture_does_not_become_speckles() -> None:
    exact, reference = scene((61, 47), 1).convert("L").convert("RGB"), soft(2)
    rounding = (np.random.default_rng(3).random((47, 61, 3)) < 0.02).astype(np.uint8)
    nearly = Image.fromarray(np.asarray(exact) + rounding)
    apart = rgb(match_covariance(nearly, reference)) - rgb(match_covariance(exact, reference))
    assert np.abs(apart).max() <= 32


@pytest.mark.parametrize("size", [(1, 1), (5, 3)])
@pytest.mark.parametrize("way", ANY_SIZES)
def test_a_flat_content_is_all_that_remains(way: Recolor, size: tuple[int, int]) -> None:
    result = rgb(way(scene((61, 47), 1), flat((90, 120, 100), size)))
    assert np.abs(result - (90, 120, 100)).max() <= 3


def test_a_flat_picture_becomes_the_middle_of_a_content_of_any_size() -> None:
    content = scene((61, 47), 2)
    median = np.median(oklab(content), axis=0)
    for size in ((1, 1), (5, 3)):
        (middle,) = np.unique(oklab(match_histogram(flat((9, 9, 9), size), content)), axis=0)
        assert middle == pytest.approx(median, abs=6e-3)
        (mean,) = np.unique(rgb(match_covariance(flat((9, 9, 9), size), content)), axis=0)
        assert mean == pytest.approx(rgb(content).mean(0), abs=0.501)
