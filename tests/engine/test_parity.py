"""The engine paints what the original program would: every loss term, iteration by iteration."""

from dataclasses import astuple
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFilter
from reference import (
    Recipe,
    Reference,
    Weights,
    convolve,
    pool,
    read_weights,
    to_array,
)
from scipy.signal import correlate

import engine

ITERATIONS = 10
TERMS = ("content", "style", "tv")


def draw(size: tuple[int, int], seed: int) -> Image.Image:
    """A landscape of colour gradients, discs and brush strokes, with a little grain.

    The grain keeps flat areas from having equal maxima, which any rounding may decide.
    """
    random = np.random.default_rng(seed)
    width, height = size
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    corners = random.uniform(0, 255, (3, 3))
    planes = corners[0] + np.multiply.outer(x, corners[1] / 2) - np.multiply.outer(y, corners[2])
    picture = Image.fromarray(planes.clip(0, 255).astype(np.uint8))
    pen = ImageDraw.Draw(picture)
    for _ in range(6):
        left, top = random.uniform(0, width), random.uniform(0, height)
        radius = random.uniform(2, height / 3)
        colour = tuple(random.integers(0, 256, 3).tolist())
        pen.circle((left, top), radius, fill=colour, outline=colour[::-1])
        pen.line((left, top, width - left, height - top / 2), fill=colour[::-1], width=2)
    soft = np.asarray(picture.filter(ImageFilter.GaussianBlur(0.6)), np.float64)
    grain = random.normal(0, 6, soft.shape)
    return Image.fromarray((soft + grain).clip(0, 255).astype(np.uint8))


@pytest.fixture(scope="module")
def weights() -> Weights:
    return read_weights(Path(engine.__file__).parent / "data" / "vgg19.safetensors")


def test_the_reference_reads_every_parameter(weights: Weights) -> None:
    convolutions, mean = weights
    assert sum(kernel.size + bias.size for kernel, bias in convolutions.values()) == 20_024_384
    assert mean.tolist() == [103.939, 116.779, 123.68]


def test_the_reference_convolves_like_scipy(weights: Weights) -> None:
    kernel, bias = weights[0]["1_1"]
    image = to_array(draw((9, 7), seed=1)) - 120
    output, _ = convolve(image, kernel, bias)
    padded = np.pad(image, ((0, 0), (1, 1), (1, 1)))
    expected = [correlate(padded, k, "valid")[0] + b for k, b in zip(kernel, bias, strict=True)]
    np.testing.assert_allclose(output, np.maximum(expected, 0), atol=1e-9)


@pytest.mark.parametrize(
    ("mode", "expected"),
    [("max", [[5, 6], [8, 9]]), ("avg", [[3, 4.5], [7.5, 9]])],
)
def test_the_reference_pools_odd_sides_as_tensorflow_does(
    mode: str, expected: list[list[float]]
) -> None:
    output, _ = pool(np.arange(1.0, 10).reshape(1, 3, 3), mode)
    assert output[0].tolist() == expected


@pytest.mark.parametrize("pooling", ["max", "avg"])
@pytest.mark.parametrize("term", TERMS)
def test_the_gradient_of_the_reference_is_the_slope_of_its_loss(
    weights: Weights, term: str, pooling: str
) -> None:
    shares = {f"{name}_weight": 1.0 * (name == term) for name in TERMS}
    recipe = Recipe(**shares, pooling=pooling, content_weight_blend=0.4, style_layer_weight_exp=2)
    styles = [(draw((30, 22), seed=2), 3.0, 1.0), (draw((19, 26), seed=3), 1.0, 0.9)]
    reference = Reference(weights, recipe, draw((21, 17), seed=1), styles)
    image = to_array(draw((21, 17), seed=4))
    _, gradient = reference.measure(image)
    random, step = np.random.default_rng(5), 1e-4
    for place in zip(*(random.integers(0, side, 4) for side in image.shape), strict=True):
        nudge = np.zeros_like(image)
        nudge[place] = step
        rise = [getattr(reference.measure(image + s * nudge)[0], term) for s in (1, -1)]
        assert (rise[0] - rise[1]) / (2 * step) == pytest.approx(gradient[place], rel=1e-5)


@pytest.mark.parametrize("pooling", ["max", "avg"])
def test_both_forms_of_adam_agree_far_below_the_tolerance(weights: Weights, pooling: str) -> None:
    reference = Reference(
        weights, Recipe(pooling=pooling), draw((48, 37), seed=1), [(draw((60, 45), 2), 1.0, 1.0)]
    )
    initial = draw((48, 37), seed=3)
    runs = [reference.descend(initial, form) for form in ("tensorflow", "paper")]
    for (ours, image), (theirs, other), _ in zip(*runs, range(ITERATIONS), strict=False):
        assert astuple(ours) == pytest.approx(astuple(theirs), rel=1e-6)
        np.testing.assert_allclose(image, other, atol=1e-3)
